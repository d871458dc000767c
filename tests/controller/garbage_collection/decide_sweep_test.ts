import assert from "node:assert/strict";
import fc from "fast-check";
import { decideSweep } from "../../../controller/garbage_collection/decide_sweep.ts";
import { buildInstance } from "../../support/controller_builders.ts";

const claimsOf = (...names: readonly string[]) =>
  new Map(names.map((name) => [name, undefined] as const));

const machines = (count: number) =>
  Array.from(
    { length: count },
    (_, index) =>
      buildInstance({ id: `i-${index}`, ownership: { kind: "ours", claimName: `claim-${index}` } }),
  );

Deno.test("decideSweep() ends a single machine that no claim answers for", () => {
  const sweep = decideSweep(machines(2), claimsOf("claim-0"));
  assert.equal(sweep.kind, "end");
  assert.deepEqual(sweep.orphans.map(({ id }) => id), ["i-1"]);
});

Deno.test("decideSweep() asks a person when more than a fifth would go", () => {
  const claims = claimsOf(...Array.from({ length: 7 }, (_, index) => `claim-${index}`));
  assert.equal(decideSweep(machines(10), claims).kind, "askPerson");
  claims.set("claim-7", undefined);
  assert.equal(decideSweep(machines(10), claims).kind, "end");
});

Deno.test("decideSweep() leaves machines of others and machines on their way out alone", () => {
  const sweep = decideSweep([
    buildInstance({ ownership: { kind: "foreign" } }),
    buildInstance({ ownership: { kind: "otherCluster", cluster: "zzzzzz" } }),
    buildInstance({ state: "terminating" }),
  ], claimsOf());
  assert.deepEqual(sweep, { kind: "end", orphans: [], owned: 0 });
});

Deno.test("decideSweep() never names a machine whose claim exists", () => {
  fc.assert(fc.property(fc.nat(30), fc.array(fc.nat(30)), (count, kept) => {
    const claims = claimsOf(...kept.map((index) => `claim-${index}`));
    for (const { ownership } of decideSweep(machines(count), claims).orphans) {
      assert.ok(ownership.kind === "ours" && !claims.has(ownership.claimName));
    }
  }));
});

Deno.test("decideSweep() names the second machine of a claim that has another one in the list", () => {
  const twin = buildInstance({ id: "i-twin", ownership: { kind: "ours", claimName: "claim-0" } });
  const orphansOf = (own: string | undefined) =>
    decideSweep([...machines(1), twin], new Map([["claim-0", own]])).orphans.map(({ id }) => id);
  assert.deepEqual(orphansOf("i-0"), ["i-twin"]);
  // Until the claim says which is its own, and while that one is not to be seen, both stay.
  assert.deepEqual(orphansOf(undefined), []);
  assert.deepEqual(orphansOf("i-9"), []);
});
