import assert from "node:assert/strict";
import { findUnreachable } from "../../../kube/preflight/unreachable_host.ts";

const hosts: readonly (readonly [host: string, why: RegExp | undefined, always?: boolean])[] = [
  ["203.0.113.7", undefined],
  ["k8s.example.com", undefined],
  ["[2001:db8::1]", undefined],
  ["127.0.0.1", /the machine itself/, true],
  ["[::1]", /the machine itself/, true],
  ["LOCALHOST", /the machine itself/, true],
  ["169.254.169.254", /link-local/, true],
  ["10.96.0.1", /inside a cluster/, true],
  ["10.43.0.1", /inside a cluster/, true],
  ["kubernetes.default.svc", /inside the cluster only/, true],
  ["kubernetes.default.svc.cluster.local.", /inside the cluster only/, true],
  ["10.96.0.2", /private address/, false],
  ["192.168.1.10", /private address/, false],
  ["100.100.1.1", /private address/, false],
  ["[fd00::5]", /private address/, false],
  ["master-1", /inside one network only/, false],
  ["api.corp", /inside one network only/, false],
];

for (const [host, why, always] of hosts) {
  Deno.test(`findUnreachable("${host}")`, () => {
    const found = findUnreachable(host);
    if (why === undefined) return assert.equal(found, undefined);
    assert.match(found?.why ?? "", why);
    assert.equal(found?.always, always);
  });
}
