import assert from "node:assert/strict";
import { isKubeletLabel } from "../../../controller/bootstrap/node_labels.ts";

Deno.test.each([
  ["tgp.io/node-pool", true],
  ["plain", true],
  ["nvidia.com/gpu.product", true],
  ["topology.kubernetes.io/zone", true],
  ["node.kubernetes.io/instance-type", true],
  ["node.kubernetes.io/anything", true],
  ["kubelet.kubernetes.io/anything", true],
  ["sub.node.kubernetes.io/anything", true],
  ["kubernetes.io/hostname", false],
  ["kubernetes.io/anything", false],
  ["node-role.kubernetes.io/gpu", false],
  ["node-restriction.kubernetes.io/tenant", false],
  ["k8s.io/x", false],
  ["sub.k8s.io/x", false],
  ["notkubernetes.io/x", true],
])("isKubeletLabel(%s) is %s", (key, settable) => {
  assert.equal(isKubeletLabel(key), settable);
});
