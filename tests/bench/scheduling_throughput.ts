/**
 * Pods per second on Karpenter's "diverse" mix, and on plain pods that differ only in size.
 *
 * Karpenter, measured on two cores: 350 to 380 pods/s and 200 nodes at 1,000 pods, 316 pods/s and 1,000
 * nodes at 5,000; one pass per process. Ours is printed for the first pass of a process, compiled code
 * still cold, and for the median of five further ones.
 *
 * Run: `deno run --allow-read tests/bench/scheduling_throughput.ts [pods…]`
 *
 * @module
 */

import { solve, type SolveInput } from "../../scheduling/solver.ts";
import { buildDiverseMix } from "./scheduling_diverse_mix.ts";

/** Karpenter's pods per second, where it was measured. */
const karpenter: Readonly<Record<number, number>> = { 1000: 365, 5000: 316 };
const warmRuns = 5;

/** The same pods without their demands on neighbours. */
function withoutNeighbours(input: SolveInput): SolveInput {
  const pods = input.pods.map((pod) => ({ ...pod, spec: { containers: pod.spec.containers } }));
  return { ...input, pods };
}

function time(input: SolveInput): { readonly ms: number; readonly nodes: number } {
  const startMs = performance.now();
  const plan = solve(input);
  const ms = performance.now() - startMs;
  if (plan.unplaced.length > 0) throw new Error(`${plan.unplaced.length} pods were not placed`);
  return { ms, nodes: plan.newNodes.length };
}

function measure(podCount: number, plain: boolean): Record<string, string | number> {
  const build = (seed: number) => {
    const input = buildDiverseMix(podCount, seed);
    return plain ? withoutNeighbours(input) : input;
  };
  const cold = time(build(42));
  const warm = Array.from({ length: warmRuns }, (_, run) => time(build(run + 1)));
  const median = warm.map(({ ms }) => ms).sort((left, right) => left - right)[warmRuns >> 1] ?? 0;
  const perSecond = podCount / median * 1000;
  const peer = plain ? undefined : karpenter[podCount];
  return {
    mix: plain ? "plain" : "diverse",
    pods: podCount,
    nodes: cold.nodes,
    "first ms": Math.round(cold.ms),
    "median ms": Math.round(median),
    "pods/s": Math.round(perSecond),
    "times Karpenter": peer ? Math.round(perSecond / peer) : "",
  };
}

if (import.meta.main) {
  const counts = Deno.args.length > 0 ? Deno.args.map(Number) : [1000, 5000, 20_000, 50_000];
  const rows = counts.flatMap((count) => [measure(count, false), measure(count, true)]);
  // deno-lint-ignore no-console -- a benchmark's output
  console.table(rows);
}
