import assert from "node:assert/strict";
import { judgeLeader } from "../../../kube/preflight/judge_leader.ts";
import type { Lease } from "../../../schemas/kubernetes.ts";

const now = Date.UTC(2026, 0, 1, 12);

function lease(spec: Lease["spec"]): Lease {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "tgp-controller" },
    spec,
  };
}

function renewed(secondsAgo: number, seconds = 15): Lease {
  return lease({
    holderIdentity: "a",
    leaseDurationSeconds: seconds,
    renewTime: new Date(now - secondsAgo * 1_000).toISOString(),
  });
}

const cases: readonly (readonly [what: string, lease: Lease | undefined, kind: string])[] = [
  ["no lease", undefined, "none"],
  ["a lease without anything", lease(undefined), "released"],
  ["a released lease", lease({ holderIdentity: "", leaseDurationSeconds: 1 }), "released"],
  ["a fresh lease", renewed(2), "leads"],
  ["a lease that is late by one duration", renewed(29), "leads"],
  ["a lease that is late by two durations", renewed(31), "silent"],
  ["a long lease", renewed(100, 60), "leads"],
  ["a lease from the future", renewed(-20), "leads"],
  ["a lease without a time", lease({ holderIdentity: "a" }), "silent"],
];

for (const [what, given, kind] of cases) {
  Deno.test(`judgeLeader() of ${what}: ${kind}`, () => {
    assert.equal(judgeLeader(given, now).kind, kind);
  });
}
