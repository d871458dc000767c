import assert from "node:assert/strict";
import { createEventRecorder } from "../../kube/event_recorder.ts";
import type { EventNote } from "../../kube/events.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import type { Event } from "../../schemas/kubernetes.ts";
import { createRecordingLog } from "../support/kube_recording_log.ts";
import { createScriptedKube, json, status } from "../support/kube_scripted.ts";

const claim = { apiVersion: "tgp.io/v1", kind: "GPUNodeClaim", name: "c", uid: "u" };
const launched: EventNote = {
  object: claim,
  type: "Normal",
  reason: "Launched",
  message: "bought it",
};

/** A recorder and the Events that its server holds. */
async function start() {
  const stored = new Map<string, Event>();
  const failures: Response[] = [];
  const { kube, clock, requests } = createScriptedKube(async (request) => {
    const failure = failures.shift();
    if (failure) return failure;
    const path = new URL(request.url).pathname;
    const body = await request.json();
    if (request.method === "POST") {
      assert.equal(path, `/api/v1/namespaces/${body.metadata.namespace}/events`);
      stored.set(body.metadata.name, body);
      return json(body);
    }
    const name = path.split("/").at(-1) ?? "";
    const event = stored.get(name);
    if (!event) return status(404, "NotFound");
    stored.set(name, { ...event, ...body });
    return json(event);
  });
  const log = createRecordingLog();
  const recorder = createEventRecorder(
    { kube, clock, random: createSeededRandom(1), log, metrics: silentMetrics },
    { component: "tgp-controller", instance: "pod-1" },
  );
  const stop = new AbortController();
  const running = recorder.run(stop.signal);
  await clock.settle();
  return {
    recorder,
    clock,
    requests,
    stored,
    failures,
    log,
    get events() {
      return [...stored.values()];
    },
    stop,
    running,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      assert.equal(clock.sleeping, 0);
    },
  };
}

Deno.test("createEventRecorder() writes what kubectl describe shows", async () => {
  await using run = await start();
  run.recorder.record(launched);
  await run.clock.settle();
  const [event] = run.events;
  assert.ok(event);
  const { metadata: { name, namespace }, ...rest } = event;
  assert.match(name, /^c\.[0-9a-f]+[a-z0-9]{4}$/);
  assert.equal(namespace, "default");
  assert.deepEqual(rest, {
    apiVersion: "v1",
    kind: "Event",
    involvedObject: claim,
    type: "Normal",
    reason: "Launched",
    message: "bought it",
    count: 1,
    firstTimestamp: "2026-01-01T00:00:00Z",
    lastTimestamp: "2026-01-01T00:00:00Z",
    source: { component: "tgp-controller" },
    reportingComponent: "tgp-controller",
    reportingInstance: "pod-1",
  });
});

Deno.test("createEventRecorder() puts the Event beside a namespaced object", async () => {
  await using run = await start();
  run.recorder.record({ ...launched, object: { ...claim, namespace: "team" } });
  await run.clock.settle();
  assert.equal(run.events[0]?.metadata.namespace, "team");
});

Deno.test("createEventRecorder() counts repetitions within ten minutes", async () => {
  await using run = await start();
  for (let minute = 0; minute < 5; minute++) {
    run.recorder.record(launched);
    await run.clock.advance(60_000);
  }
  assert.deepEqual(run.events.map(({ count, lastTimestamp }) => [count, lastTimestamp]), [
    [5, "2026-01-01T00:04:00Z"],
  ]);
  await run.clock.advance(600_000);
  run.recorder.record(launched);
  await run.clock.settle();
  assert.deepEqual(run.events.map(({ count }) => count), [5, 1]);
});

Deno.test("createEventRecorder() keeps apart what differs in object, type, reason or message", async () => {
  await using run = await start();
  run.recorder.record(launched);
  run.recorder.record({ ...launched, object: { ...claim, uid: "u2" } });
  run.recorder.record({ ...launched, type: "Warning" });
  run.recorder.record({ ...launched, reason: "Registered" });
  run.recorder.record({ ...launched, message: "for less" });
  await run.clock.settle();
  assert.equal(run.events.length, 5);
});

Deno.test("createEventRecorder() sends together what waits together", async () => {
  await using run = await start();
  for (let n = 0; n < 100; n++) run.recorder.record(launched);
  await run.clock.settle();
  assert.deepEqual(run.events.map(({ count }) => count), [100]);
  assert.ok(run.requests.length <= 2);
});

Deno.test("createEventRecorder() limits one object, not the others", async () => {
  await using run = await start();
  for (let n = 0; n < 100; n++) run.recorder.record({ ...launched, message: `again ${n}` });
  run.recorder.record({ ...launched, object: { ...claim, name: "other" } });
  await run.clock.settle();
  assert.equal(run.events.filter(({ involvedObject }) => involvedObject.name === "c").length, 25);
  assert.equal(run.events.length, 26);
  // One more every five minutes.
  await run.clock.advance(600_000);
  for (let n = 0; n < 100; n++) run.recorder.record({ ...launched, message: `later ${n}` });
  await run.clock.settle();
  assert.equal(run.events.length, 28);
});

Deno.test("createEventRecorder() creates anew when the Event has expired", async () => {
  await using run = await start();
  run.recorder.record(launched);
  await run.clock.settle();
  run.stored.clear();
  run.recorder.record(launched);
  await run.clock.settle();
  assert.deepEqual(run.events.map(({ count }) => count), [1]);
});

Deno.test("createEventRecorder() tries again when the server fails, drops what it refuses", async () => {
  await using run = await start();
  run.failures.push(status(500, "InternalError"), status(500, "InternalError"));
  run.recorder.record(launched);
  await run.clock.advance(10_000);
  assert.equal(run.events.length, 1);
  assert.equal(run.log.lines.length, 0);

  run.failures.push(status(403, "Forbidden"));
  run.recorder.record({ ...launched, reason: "Denied" });
  run.recorder.record({ ...launched, reason: "Next" });
  await run.clock.advance(10_000);
  assert.deepEqual(run.events.map(({ reason }) => reason), ["Launched", "Next"]);
  assert.deepEqual(run.log.lines.map(({ message, fields }) => [message, fields.reason]), [
    ["Cannot write an event", "Denied"],
  ]);
});

Deno.test("createEventRecorder() cuts long messages and names", async () => {
  await using run = await start();
  run.recorder.record({
    ...launched,
    object: { ...claim, name: "n".repeat(253) },
    message: "m".repeat(5_000),
  });
  await run.clock.settle();
  assert.equal(run.events[0]?.message.length, 1_024);
  assert.equal(run.events[0]?.metadata.name.length, 253);
});

Deno.test("createEventRecorder() sends what is left on shutdown, and gives up in time", async () => {
  const run = await start();
  run.stop.abort();
  run.recorder.record(launched);
  run.recorder.record({ ...launched, reason: "Stopped" });
  await run.clock.settle();
  await run.running;
  assert.deepEqual(run.events.map(({ reason }) => reason), ["Launched", "Stopped"]);

  const hanging = await start();
  hanging.failures.push(...Array.from({ length: 9 }, () => status(500, "InternalError")));
  for (let n = 0; n < 3; n++) hanging.recorder.record({ ...launched, message: `${n}` });
  hanging.stop.abort();
  await hanging.clock.advance(2_000);
  await hanging.running;
  assert.equal(hanging.clock.sleeping, 0);
});

Deno.test("createEventRecorder() bounds what waits while it does not run", async () => {
  const { kube, clock, requests } = createScriptedKube(async (request) =>
    json(await request.json())
  );
  const recorder = createEventRecorder(
    {
      kube,
      clock,
      random: createSeededRandom(1),
      log: createRecordingLog(),
      metrics: silentMetrics,
    },
    { component: "c", instance: "i" },
  );
  for (let n = 0; n < 5_000; n++) {
    recorder.record({ ...launched, object: { ...claim, name: `c${n}` } });
  }
  const stop = new AbortController();
  stop.abort();
  await recorder.run(stop.signal);
  assert.equal(requests.length, 1_000);
});
