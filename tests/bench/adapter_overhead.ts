/**
 * What each adapter adds to `fetch` and `JSON.parse`: pacing, breaker, time limit, parsing of every field,
 * mapping; and how many calls a refresh takes.
 *
 * Every adapter of the registry, against answers as large as its simulator gives them, from memory. Times
 * are those that a tenth of the runs stay below, since what is measured is smaller than what a busy
 * machine adds.
 *
 * Run: `deno run --allow-read --allow-env tests/bench/adapter_overhead.ts`
 *
 * @module
 */

import { type ProviderName, providerNames } from "../../providers/registry.ts";
import { CannedCloud } from "./canned_cloud.ts";
import { lowDecileOf, type Measurement, report } from "./report.ts";

/** Most that a call may take longer, in milliseconds. */
const limitMs = 1;
const warmRuns = 50;
const runs = 200;

const never = new AbortController().signal;

/**
 * Fewest calls that tell offers with prices and stock, and all machines (fact sheets, read 2026-11-24).
 *
 * Lambda: types with prices and regions in one list, machines in another. Paperspace: stock is in the list
 * of templates, prices are our table. RunPod, REST v2: stock is told for one count of GPUs at a time, and
 * pods of 1, 2, 4 and 8 are offered.
 */
const leastCalls: Readonly<Record<ProviderName, number>> = {
  lambda: 2,
  paperspace: 2,
  runpod: 5,
};

async function time(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

async function measure(name: ProviderName): Promise<readonly Measurement[]> {
  const cloud = await CannedCloud.create(name);
  const { provider, instanceId } = cloud;
  const operations: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["verifyCredentials", () => provider.verifyCredentials(never)],
    ["listOffers", () => provider.listOffers({}, never)],
    ["listInstances", () => provider.listInstances(never)],
    ["getInstance", () => provider.getInstance(instanceId, never)],
    ["terminate", () => provider.terminate(instanceId, never)],
  ];
  const measurements: Measurement[] = [];
  const calls = new Map<string, number>();
  for (const [operation, run] of operations) {
    const exchanges = await cloud.record(run);
    calls.set(operation, exchanges.length);
    const bare: number[] = [];
    const ours: number[] = [];
    // In turns, so that both meet the same garbage collector and the same neighbours.
    for (let round = 0; round < warmRuns + runs; round++) {
      const both = [await time(() => cloud.askBare(exchanges)), await time(run)] as const;
      if (round < warmRuns) continue;
      bare.push(both[0]);
      ours.push(both[1]);
    }
    const bytes = exchanges.reduce((sum, { text }) => sum + text.length, 0);
    measurements.push({
      what: `${name} ${operation}: added per call`,
      measured: (lowDecileOf(ours) - lowDecileOf(bare)) / exchanges.length,
      limit: limitMs,
      unit: "ms",
      note: `${exchanges.length} calls, ${bytes} bytes, bare ${
        lowDecileOf(bare).toFixed(3)
      } ms in all`,
    });
  }
  const refresh = (calls.get("listOffers") ?? NaN) + (calls.get("listInstances") ?? NaN);
  measurements.push({
    what: `${name}: calls per refresh`,
    measured: refresh,
    limit: leastCalls[name],
    unit: "calls",
  });
  return measurements;
}

if (import.meta.main) {
  const measurements: Measurement[] = [];
  for (const name of providerNames) measurements.push(...await measure(name));
  report("adapter_overhead", measurements);
}
