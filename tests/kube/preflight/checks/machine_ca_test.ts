import assert from "node:assert/strict";
import { judgeMachineCa } from "../../../../kube/preflight/checks/machine_ca.ts";
import { findingsOf } from "../../../../kube/preflight/finding.ts";
import { createAuthority } from "../../../support/kube_tls.ts";

const [own, other] = [(await createAuthority()).caPem, (await createAuthority()).caPem];
const now = Date.now();
const about = findingsOf("ca", "default");

const cases: readonly (readonly [
  what: string,
  caBundle: string | undefined,
  clusterPem: string | undefined,
  at: number,
  state: string,
  message: RegExp,
])[] = [
  ["none, with a known cluster's", undefined, own, now, "ok", /told what the controller trusts/],
  ["none, with nothing known", undefined, undefined, now, "unknown", /could not be read/],
  ["the cluster's own", btoa(own), own, now, "ok", /holds the cluster's CA/],
  ["the cluster's own among others", btoa(other + own), own, now, "ok", /holds the cluster's CA/],
  ["another one", btoa(other), own, now, "warn", /does not hold the cluster's CA/],
  ["any, with nothing known", btoa(other), undefined, now, "ok", /can be read/],
  ["no base64", "-----", own, now, "fail", /is not base64/],
  ["no certificate", btoa("hello"), own, now, "fail", /no PEM certificate/],
  ["an expired one", btoa(own), own, now + 400 * 86_400_000, "fail", /has expired/],
];

for (const [what, caBundle, clusterPem, at, state, message] of cases) {
  Deno.test(`judgeMachineCa() of ${what}: ${state}`, () => {
    const finding = judgeMachineCa(about, { caBundle, clusterPem, now: at });
    assert.equal(finding.state, state);
    assert.match(finding.message, message);
  });
}
