/**
 * How far plans are from the cheapest possible ones.
 *
 * For each mix the optimum is proven by a complete search; where that takes too long, the fractional
 * optimum stands in, which is lower, so that the ratio printed is never too good.
 *
 * Run: `deno run --allow-read tests/bench/scheduling_cost.ts [mixes]`
 *
 * @module
 */

import { closeGap } from "../../scheduling/packing/close_gap.ts";
import { dive } from "../../scheduling/packing/dive.ts";
import { type Problem, totalCost } from "../../scheduling/packing/model.ts";
import { reduceKinds } from "../../scheduling/packing/reduce.ts";
import { nodeAlternatives } from "../../scheduling/node_constraints.ts";
import { podRequests } from "../../scheduling/pod_requests.ts";
import { satisfies } from "../../scheduling/requirements.ts";
import { solve, type SolveInput } from "../../scheduling/solver.ts";
import { priceOf } from "../support/scheduling_checks.ts";
import { buildGpuMix, type MixKind } from "./scheduling_gpu_mix.ts";

const dimensions = ["nvidia.com/gpu", "cpu", "memory", "pods"];
/** Enough to prove nearly every mix, in a second at most. */
const proofVisits = 2_000_000;

/** The least a plan for these pods can cost, and whether that is proven to be reachable. */
function leastCost(
  { pods, classes }: SolveInput,
): { readonly cost: number; readonly proven: boolean } {
  const offers = classes.flatMap((nodeClass) => nodeClass.offers);
  const served = pods.filter((pod) => offers.some((offer) => canRun(pod, offer)));
  const problem: Problem = {
    kinds: offers.map(({ price, allocatable }) => ({
      cost: price.perHour / 1e6,
      room: Float64Array.from(dimensions, (name) => allocatable[name] ?? 0),
    })),
    items: served.map((pod) => {
      const requests = podRequests(pod);
      return {
        count: 1,
        size: Float64Array.from(dimensions, (name) => requests[name] ?? 0),
        allowed: Uint8Array.from(offers, (offer) => canRun(pod, offer) ? 1 : 0),
      };
    }),
  };
  const { problem: reduced } = reduceKinds(merge(problem));
  const known = dive(reduced);
  const cost = totalCost(reduced, known.machines);
  const { machines, isOptimal } = closeGap(reduced, { ...known, cost, maxVisits: proofVisits });
  return isOptimal
    ? { cost: totalCost(reduced, machines), proven: true }
    : { cost: known.bound, proven: false };
}

/** Puts equal items together. */
function merge({ items, kinds }: Problem): Problem {
  const merged = new Map<string, Problem["items"][number]>();
  for (const item of items) {
    const key = `${item.size.join()}|${item.allowed.join("")}`;
    merged.set(key, { ...item, count: (merged.get(key)?.count ?? 0) + 1 });
  }
  return { kinds, items: [...merged.values()] };
}

function canRun(
  pod: SolveInput["pods"][number],
  offer: SolveInput["classes"][number]["offers"][number],
): boolean {
  const requests = podRequests(pod);
  return Object.entries(requests).every(([name, amount]) =>
    amount <= (offer.allocatable[name] ?? 0)
  ) &&
    nodeAlternatives(pod).some((requirements) => satisfies(offer.labels, requirements));
}

function measure(kind: MixKind, mixes: number): Record<string, string | number> {
  const ratios: number[] = [];
  let [proven, solveMs, worstMs] = [0, 0, 0];
  for (let seed = 1; seed <= mixes; seed++) {
    const input = buildGpuMix(seed, kind);
    const least = leastCost(input);
    const startMs = performance.now();
    const plan = solve(input);
    const elapsedMs = performance.now() - startMs;
    solveMs += elapsedMs;
    worstMs = Math.max(worstMs, elapsedMs);
    if (least.proven) proven += 1;
    if (least.cost > 0) ratios.push(priceOf(plan) / 1e6 / least.cost);
  }
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  return {
    mix: kind,
    mixes,
    "optimum proven": proven,
    "mean ratio": mean.toFixed(5),
    "worst ratio": Math.max(...ratios).toFixed(5),
    "mean ms": (solveMs / mixes).toFixed(1),
    "worst ms": worstMs.toFixed(1),
  };
}

if (import.meta.main) {
  const mixes = Number(Deno.args[0] ?? 100);
  const rows = (["fewShapes", "allDistinct"] as const).map((kind) => measure(kind, mixes));
  // deno-lint-ignore no-console -- a benchmark's output
  console.table(rows);
}
