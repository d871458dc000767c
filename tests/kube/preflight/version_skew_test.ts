import assert from "node:assert/strict";
import { findVersionSkew } from "../../../kube/preflight/version_skew.ts";

Deno.test.each([
  ["v1.36.1", "v1.36.0", true],
  ["v1.36.1", "v1.36.0+k3s1", true],
  ["v1.33.0", "v1.36.0", true],
  ["v1.32.9", "v1.36.0", false],
  ["v1.37.0", "v1.36.9", false],
  ["v1.37.0-alpha.1", "v1.36.9", false],
  ["v2.0.0", "v1.36.0", false],
  ["", "v1.36.0", false],
  ["nonsense", "v1.36.0", false],
  ["v1.36.1", "nonsense", true],
])(
  "findVersionSkew() of kubelet %s and API server %s: supported %s",
  (kubelet, server, supported) => {
    assert.equal(findVersionSkew(kubelet, server) === undefined, supported);
  },
);
