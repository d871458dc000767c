import assert from "node:assert/strict";
import {
  judgeKinds,
  judgeServed,
  type KindFacts,
} from "../../../../kube/preflight/checks/resource_kinds.ts";

const all = ["gpunodeclasses", "gpunodepools", "gpunodeclaims"]
  .flatMap((plural) => [plural, `${plural}/status`]);

Deno.test("judgeServed() wants our kinds in our version", () => {
  assert.equal(judgeServed({ versions: ["v1"], resources: all }), undefined);
  assert.equal(judgeServed({ versions: ["v2", "v1"], resources: all }), undefined);
  assert.match(judgeServed(undefined)?.message ?? "", /does not know TGP's kinds/);
  assert.match(
    judgeServed({ versions: ["v2"], resources: [] })?.message ?? "",
    /serves tgp\.io\/v2, this program knows v1/,
  );
  assert.match(
    judgeServed({ versions: ["v1"], resources: all.slice(0, 4) })?.message ?? "",
    /does not serve gpunodeclaims, gpunodeclaims\/status/,
  );
});

function kind(change: Partial<KindFacts> = {}): KindFacts {
  return {
    plural: "gpunodepools",
    established: true,
    storedVersions: ["v1"],
    installedBy: undefined,
    ...change,
  };
}

const cases: readonly (readonly [readonly KindFacts[], state: string, message: RegExp])[] = [
  [[], "ok", /3 kinds, tgp\.io\/v1/],
  [[kind(), kind({ installedBy: "0.1.0" })], "ok", /3 kinds/],
  [[kind({ established: false })], "fail", /not established: gpunodepools/],
  [[kind({ storedVersions: ["v1alpha1", "v1"] })], "warn", /gpunodepools \(v1alpha1, v1\)/],
  [[kind({ installedBy: "0.2.0" })], "warn", /by version 0\.2\.0, this program is 0\.1\.0/],
];

for (const [kinds, state, message] of cases) {
  Deno.test(`judgeKinds() of ${JSON.stringify(kinds.at(-1) ?? {})}: ${state}`, () => {
    const finding = judgeKinds(kinds, "0.1.0");
    assert.equal(finding.state, state);
    assert.match(finding.message, message);
  });
}
