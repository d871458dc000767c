import assert from "node:assert/strict";
import type { Instance } from "../../../providers/contract.ts";
import { decideOwner, describeOwner } from "../../../plugin/instances/machine_owner.ts";

const ours: Instance["ownership"] = { kind: "ours", claimName: "tgp-abc123-a-bbbbbb" };

const cases: readonly (readonly [
  Instance["ownership"],
  Instance["state"],
  claims: readonly string[],
  shown: string,
])[] = [
  [ours, "running", ["tgp-abc123-a-bbbbbb"], "claim"],
  [ours, "terminating", ["tgp-abc123-a-bbbbbb"], "claim"],
  [ours, "running", ["tgp-abc123-a-cccccc"], "orphan"],
  [ours, "stopped", [], "orphan"],
  [ours, "unknown", [], "orphan"],
  [ours, "terminating", [], "ending"],
  [ours, "terminated", [], "ending"],
  [{ kind: "otherCluster", cluster: "zzz999" }, "running", [], "cluster zzz999"],
  [{ kind: "foreign" }, "running", [], "<none>"],
];

for (const [ownership, state, claims, shown] of cases) {
  Deno.test(`decideOwner() of ${ownership.kind}, ${state}, ${claims.length} claims: ${shown}`, () => {
    assert.equal(describeOwner(decideOwner({ ownership, state }, new Set(claims))), shown);
  });
}
