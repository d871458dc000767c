import assert from "node:assert/strict";
import type { Needed } from "../../../controller/need.ts";
import { createUnneededBoots } from "../../../controller/node_claim/unneeded_boot.ts";
import { minutes } from "../../../schemas/duration.ts";
import type { GPUNodeClaim } from "../../../schemas/node_claim.ts";
import { buildClaim, buildSteps } from "../../support/controller_builders.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const minute = 60_000;

function setUp(spec: Partial<GPUNodeClaim["spec"]> = {}) {
  const clock = new FakeClock();
  const state: { needed: Needed } = { needed: "no" };
  const need = { of: () => state.needed, assign() {}, add() {}, podsOf: () => [] };
  const boots = createUnneededBoots(clock, need);
  const claim = buildClaim({}, { spec });
  return { clock, state, judge: (one = claim) => boots.judge(one)?.reason };
}

Deno.test("a boot that nobody needs is cancelled after five minutes", async () => {
  const { clock, judge } = setUp();
  assert.equal(judge(), undefined);
  await clock.advance(5 * minute - 1);
  assert.equal(judge(), undefined);
  await clock.advance(1);
  assert.equal(judge(), "NotNeeded");
});

Deno.test("a boot that is needed again in between starts its five minutes anew", async () => {
  const { clock, state, judge } = setUp();
  judge();
  await clock.advance(4 * minute);
  state.needed = "yes";
  assert.equal(judge(), undefined);
  state.needed = "no";
  await clock.advance(minute);
  assert.equal(judge(), undefined);
  await clock.advance(5 * minute);
  assert.equal(judge(), "NotNeeded");
});

Deno.test("a boot is not cancelled while need is unknown", async () => {
  const { clock, state, judge } = setUp();
  state.needed = "unknown";
  judge();
  await clock.advance(60 * minute);
  assert.equal(judge(), undefined);
});

Deno.test("a claim's own consolidateAfter is the tolerance", async () => {
  const { clock, judge } = setUp({ consolidateAfter: minutes(1) });
  judge();
  await clock.advance(minute);
  assert.equal(judge(), "NotNeeded");
});

Deno.test("policy Never, claims made by hand and initialized nodes are not cancelled", async () => {
  const never = setUp({ consolidationPolicy: "Never" });
  const { nodePoolRef: _pool, ...spec } = buildClaim().spec;
  const byHand = { ...buildClaim(), spec };
  const initialized = buildClaim({ steps: buildSteps({ Initialized: 1 }) });
  for (
    const [bench, claim] of [[never, undefined], [setUp(), byHand], [setUp(), initialized]] as const
  ) {
    bench.judge(claim);
    await bench.clock.advance(60 * minute);
    assert.equal(bench.judge(claim), undefined);
  }
});
