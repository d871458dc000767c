import assert from "node:assert/strict";
import { mergeDecisions, toNews } from "../../../controller/decisions/merge_decisions.ts";
import { summarizePass } from "../../../controller/decisions/summarize_pass.ts";
import type { PoolDecisions } from "../../../schemas/pool_decisions.ts";
import { testStart } from "../../support/controller_builders.ts";
import { buildInput, buildOffer, buildPod } from "../../support/scheduling.ts";
import { passOf } from "./builders.ts";

const minute = 60_000;

function decisionsAt(minutes: number, change: Partial<PoolDecisions> = {}): PoolDecisions {
  const input = buildInput([buildPod("big", { requests: { "nvidia.com/gpu": "64" } })], [
    buildOffer("of-1"),
  ]);
  const [decisions] = summarizePass(passOf(input, { now: testStart + minutes * minute }));
  assert.ok(decisions);
  return { ...decisions, ...change };
}

function purchase(claim: string, minutes: number): PoolDecisions["purchases"][number] {
  const [decisions] = summarizePass(
    passOf(buildInput([buildPod("work")], [buildOffer("of-1")]), {
      now: testStart + minutes * minute,
    }),
  );
  const [made] = decisions?.purchases ?? [];
  assert.ok(made);
  return { ...made, claim };
}

Deno.test("mergeDecisions() keeps the time of decisions that stay the same", () => {
  const merged = mergeDecisions(decisionsAt(0), decisionsAt(5));
  assert.equal(merged.since, "2026-01-01T00:00:00Z");
  const other = mergeDecisions(decisionsAt(0), decisionsAt(5, { considered: 2 }));
  assert.equal(other.since, "2026-01-01T00:05:00Z");
});

Deno.test("mergeDecisions() keeps the latest orders, newest first, each once", () => {
  const old = Array.from({ length: 8 }, (_, index) => purchase(`old-${index}`, index)).reverse();
  const fresh = [purchase("new-1", 20), purchase("new-2", 20), purchase("old-7", 7)];
  const { purchases } = mergeDecisions(
    decisionsAt(0, { purchases: old }),
    decisionsAt(20, { purchases: fresh }),
  );
  assert.deepEqual(purchases.map(({ claim }) => claim), [
    "new-1",
    "new-2",
    "old-7",
    "old-6",
    "old-5",
    "old-4",
    "old-3",
    "old-2",
    "old-1",
    "old-0",
  ]);
  const { purchases: kept } = mergeDecisions(
    decisionsAt(0, { purchases: old }),
    decisionsAt(20, { purchases: [...fresh, purchase("new-3", 21)] }),
  );
  assert.deepEqual([kept.length, kept.at(-1)?.claim], [10, "old-1"]);
});

Deno.test("toNews() does not count how much of a limit is used", () => {
  const limited = (used: string) =>
    decisionsAt(0, {
      refusals: [{
        kind: "limits",
        message: `Limit spendPerDay of pool "gpu" is $200.00: ${used} was spent`,
        pods: { count: 1, first: [] },
      }],
    });
  assert.deepEqual(toNews(limited("$1.00")), toNews(limited("$2.00")));
  const [refusal] = limited("$1.00").refusals;
  assert.ok(refusal);
  const raised = { ...refusal, message: 'Limit spendPerDay of pool "gpu" is $300.00: $1.00' };
  assert.notDeepEqual(toNews(limited("$1.00")), toNews(decisionsAt(0, { refusals: [raised] })));
});
