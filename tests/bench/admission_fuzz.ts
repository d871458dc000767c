/**
 * Sends 100,000 random and mutated reviews to the admission webhook: each must get a proper answer, soon,
 * and memory must stay as it is.
 *
 * Answers are timed by the processor's time, since a busy machine takes its own. Memory is what is left
 * after garbage collection, least of several looks, early and late.
 *
 * Run: `deno run --v8-flags=--expose-gc tests/bench/admission_fuzz.ts [--count=N] [--seed=N]`
 *
 * @module
 */

import process from "node:process";
import { createAdmissionApp } from "../../controller/admission/admission_app.ts";
import { silentLog } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import {
  createTestContext,
  lambdaOffers,
  readClass,
  readPool,
  soundClassSpec,
  soundPoolSpec,
} from "../support/admission.ts";
import { createClaimAt } from "../support/admission_claims.ts";
import { checkAnswer, type FuzzedRequest, fuzzRequest } from "../support/admission_fuzz.ts";
import { report } from "./report.ts";

/** Longest answer, in milliseconds of the processor: a tenth of what the API server waits. */
const longestMs = 500;
/** What memory may grow by, in MiB: less than a hundred bytes for each request. */
const growthMiB = 6;
/** Looks at memory; the first few are of a program that still warms up. */
const looks = 20;
const warmLooks = 4;
const comparedLooks = 6;

const context = createTestContext({
  classes: [readClass(soundClassSpec)],
  pools: [readPool(soundPoolSpec, { name: "other" })],
  claims: [createClaimAt("0.75")],
  offers: lambdaOffers,
  secrets: {},
});

/** What became of the requests. */
class Tally {
  readonly #app = createAdmissionApp({
    context,
    isReady: () => true,
    // deno-lint-ignore no-console -- a benchmark's output
    log: { ...silentLog, error: (message, fields) => console.error(message, fields) },
    metrics: silentMetrics,
    monotonicMs: () => performance.now(),
  });
  readonly #statuses = new Map<number, number>();
  improper = 0;
  slowest = { ms: 0, what: "" };

  async send(fuzzed: FuzzedRequest): Promise<void> {
    const before = process.cpuUsage();
    try {
      const status = await checkAnswer(this.#app, fuzzed);
      this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    } catch (error) {
      this.improper++;
      // deno-lint-ignore no-console -- a benchmark's output
      console.error(`${fuzzed.what}:`, error);
    }
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1000;
    if (ms > this.slowest.ms) this.slowest = { ms, what: fuzzed.what };
  }

  describe(): string {
    return [...this.#statuses].sort().map(([status, times]) => `${times} HTTP ${status}`).join(
      ", ",
    );
  }
}

/** MiB of the heap and of buffers that are in use. */
async function lookAtMemory(): Promise<number> {
  // Streams that were given up are cleaned up in turns of their own.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect !== "function") throw new Error("run with --v8-flags=--expose-gc");
  collect();
  const { heapUsed, external } = Deno.memoryUsage();
  return (heapUsed + external) / 1024 ** 2;
}

async function fuzz(count: number, seed: number): Promise<void> {
  const random = createSeededRandom(seed);
  const tally = new Tally();
  const memory: number[] = [];
  for (let sent = 1; sent <= count; sent++) {
    await tally.send(fuzzRequest(random));
    if (sent % Math.ceil(count / looks) === 0) memory.push(await lookAtMemory());
  }
  const early = Math.min(...memory.slice(warmLooks, warmLooks + comparedLooks));
  const late = Math.min(...memory.slice(-comparedLooks));
  report("admission_fuzz", [
    {
      what: "requests without a proper answer",
      measured: tally.improper,
      limit: 0,
      unit: "requests",
      note: `of ${count}, seed ${seed}: ${tally.describe()}`,
    },
    {
      what: "slowest answer",
      measured: tally.slowest.ms,
      limit: longestMs,
      unit: "ms of CPU",
      note: tally.slowest.what,
    },
    {
      what: "growth of memory",
      measured: late - early,
      limit: growthMiB,
      unit: "MiB",
      note: `from ${early.toFixed(1)} to ${late.toFixed(1)} MiB`,
    },
  ]);
}

function readNumber(flag: string, otherwise: number): number {
  const given = Deno.args.find((arg) => arg.startsWith(`--${flag}=`));
  return given === undefined ? otherwise : Number(given.slice(flag.length + 3));
}

if (import.meta.main) await fuzz(readNumber("count", 100_000), readNumber("seed", 20_261_124));
