import assert from "node:assert/strict";
import { WatchSilenceError } from "../../kube/errors.ts";
import { keepWatching } from "../../kube/keep_watching.ts";
import { KubeError } from "../../kube/kube.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** Rounds that end as told, one after the other; the last one over and over. */
function start(...ends: readonly (Error | "ends")[]) {
  const clock = new FakeClock();
  const stop = new AbortController();
  const startedAt: number[] = [];
  const failures: string[] = [];
  const began = clock.now();
  const running = keepWatching({ clock, random: createSeededRandom(1) }, {
    follow() {
      const end = ends[Math.min(startedAt.length, ends.length - 1)];
      startedAt.push((clock.now() - began) / 1_000);
      return end === undefined || end === "ends" ? Promise.resolve() : Promise.reject(end);
    },
    onFailure: (failure, _error, inARow) => void failures.push(`${failure} ${inARow}`),
  }, stop.signal);
  return { clock, startedAt, failures, stop, running };
}

Deno.test("keepWatching() goes on a second after a watch has ended, was quiet, or lost its place", async () => {
  const { clock, failures, running, startedAt, stop } = start(
    "ends",
    new WatchSilenceError("nothing came"),
    new KubeError(410, "too old"),
    "ends",
  );
  await clock.advance(3_500);
  assert.deepEqual(startedAt, [0, 1, 2, 3]);
  assert.deepEqual(failures, ["expired 0"]);
  stop.abort();
  await running;
  assert.equal(clock.sleeping, 0);
});

Deno.test("keepWatching() waits for ten minutes where it is forbidden", async () => {
  const { clock, failures, running, startedAt, stop } = start(new KubeError(403, "no"));
  await clock.advance(1_200_000);
  assert.deepEqual(startedAt, [0, 600, 1_200]);
  assert.deepEqual(failures, ["forbidden 1", "forbidden 2", "forbidden 3"]);
  stop.abort();
  await running;
});

Deno.test("keepWatching() tries ever more seldom what fails, and begins anew after a good round", async () => {
  const failure = new Error("connection refused");
  const { clock, failures, running, startedAt, stop } = start(
    ...Array.from({ length: 12 }, () => failure),
    "ends",
    failure,
    "ends",
  );
  await clock.advance(600_000);
  const gaps = startedAt.slice(1).map((at, index) => at - (startedAt[index] ?? 0));
  assert.ok((gaps[0] ?? 0) <= 1);
  assert.ok((gaps[11] ?? 0) > 15 && (gaps[11] ?? 0) <= 30, `${gaps[11]}`);
  assert.equal(failures.at(11), "interrupted 12");
  assert.equal(failures.at(12), "interrupted 1");
  stop.abort();
  await running;
});

Deno.test("keepWatching() takes what comes of its own end for no failure", async () => {
  const stop = new AbortController();
  const failures: unknown[] = [];
  const running = keepWatching({ clock: new FakeClock(), random: createSeededRandom(1) }, {
    follow: () =>
      new Promise((_, reject) =>
        stop.signal.addEventListener("abort", () => reject(stop.signal.reason))
      ),
    onFailure: (failure) => void failures.push(failure),
  }, stop.signal);
  stop.abort();
  await running;
  assert.deepEqual(failures, []);
});
