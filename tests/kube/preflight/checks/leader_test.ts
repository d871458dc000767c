import assert from "node:assert/strict";
import { judgeController, type LeaderFacts } from "../../../../kube/preflight/checks/leader.ts";

const now = Date.UTC(2026, 0, 1, 12);

function facts(renewedAgoMs: number | undefined, change: Partial<LeaderFacts> = {}): LeaderFacts {
  return {
    lease: renewedAgoMs === undefined ? undefined : {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "tgp-controller" },
      spec: {
        holderIdentity: "tgp-1",
        leaseDurationSeconds: 15,
        renewTime: new Date(now - renewedAgoMs).toISOString(),
      },
    },
    deployment: { wanted: 2, available: 2, image: "tgp-controller:0.1.0" },
    now,
    namespace: "tgp-system",
    version: "0.1.0",
    ...change,
  };
}

const cases: readonly (readonly [what: string, LeaderFacts, state: string, message: RegExp])[] = [
  ["a leader with a spare", facts(1_000), "ok", /"tgp-1" leads, 2 of 2 replicas run/],
  ["a leader outside the cluster", facts(1_000, { deployment: undefined }), "ok", /leads$/],
  ["nobody ever", facts(undefined), "fail", /none has ever worked here/],
  ["a leader that is gone", facts(600_000), "fail", /last heard of 600s ago/],
  [
    "a replica that does not run",
    facts(1_000, { deployment: { wanted: 2, available: 1, image: "x" } }),
    "warn",
    /only 1 of 2 replicas/,
  ],
  ["a clock that is ahead", facts(-60_000), "fail", /60s ahead of the API server's/],
  [
    "another version",
    facts(1_000, {
      deployment: { wanted: 1, available: 1, image: "r.example/tgp:v0.2.0@sha256:1" },
    }),
    "warn",
    /of version 0\.2\.0, this program is 0\.1\.0/,
  ],
  [
    "an image without a version",
    facts(1_000, { deployment: { wanted: 1, available: 1, image: "tgp:latest" } }),
    "ok",
    /leads/,
  ],
];

for (const [what, given, state, message] of cases) {
  Deno.test(`judgeController() of ${what}: ${state}`, () => {
    const finding = judgeController(given);
    assert.equal(finding.state, state);
    assert.match(finding.message, message);
    assert.equal(finding.remedy.length > 0, state !== "ok");
  });
}
