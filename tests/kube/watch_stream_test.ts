import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Kube, WatchEvent } from "../../kube/kube.ts";
import { configMaps } from "../../kube/resource.ts";
import type { ConfigMap } from "../../schemas/kubernetes.ts";
import {
  collect,
  configMap,
  createScriptedKube,
  ScriptedWatch,
  status,
  toPathAndQuery,
} from "../support/kube_scripted.ts";

function start(watch: ScriptedWatch, signal?: AbortSignal) {
  const scripted = createScriptedKube(() => watch.response);
  const events = scripted.kube.watch(configMaps, { resourceVersion: "1", signal });
  return { ...scripted, events };
}

const names = (events: readonly WatchEvent<ConfigMap>[]) =>
  events.map((event) =>
    event.type === "BOOKMARK"
      ? event.resourceVersion
      : `${event.type} ${event.object.metadata.name}`
  );

Deno.test("watchStream() asks for bookmarks, a version and an end", async () => {
  const watch = new ScriptedWatch();
  const { kube, requests } = createScriptedKube(() => watch.response);
  watch.end();
  await collect(kube.watch(configMaps, {
    namespace: "ns",
    labelSelector: "a=b",
    resourceVersion: "12",
  }));
  const asked = toPathAndQuery(requests[0] ?? new Request("http://none"));
  const pattern = /timeoutSeconds=(\d+)/;
  assert.equal(
    asked.replace(pattern, "timeoutSeconds=N"),
    "/api/v1/namespaces/ns/configmaps?watch=true&allowWatchBookmarks=true&resourceVersion=12" +
      "&timeoutSeconds=N&labelSelector=a=b",
  );
  const seconds = Number(pattern.exec(asked)?.[1]);
  assert.ok(seconds >= 300 && seconds <= 600);
});

Deno.test("watchStream() yields events and bookmarks until the server ends it", async () => {
  const watch = new ScriptedWatch();
  const { events, clock } = start(watch);
  watch.send("ADDED", configMap("a", "2"));
  watch.bookmark("5");
  watch.send("DELETED", configMap("a", "6"));
  watch.end();
  const seen = await collect(events);
  assert.deepEqual(names(seen), ["ADDED a", "5", "DELETED a"]);
  const first = seen[0];
  assert.ok(first?.type === "ADDED");
  assert.deepEqual([first.object.apiVersion, first.object.kind], ["v1", "ConfigMap"]);
  assert.equal(clock.sleeping, 0);
});

Deno.test("watchStream() puts together what the network has cut, anywhere", async () => {
  const text =
    ["å", "日本", "😀", ""].map((data, index) =>
      JSON.stringify({ type: "ADDED", object: configMap(`n${index}`, "1", { data: { k: data } }) })
    ).join("\n") + "\n\n";
  const bytes = new TextEncoder().encode(text);
  const cuts = fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(cuts, async (cuts) => {
      const watch = new ScriptedWatch();
      const { events } = start(watch);
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      places.forEach((place, index) => watch.bytes(bytes.slice(places[index - 1] ?? 0, place)));
      watch.end();
      const data = (await collect(events)).map((event) =>
        event.type === "ADDED" ? event.object.data?.k : undefined
      );
      assert.deepEqual(data, ["å", "日本", "😀", ""]);
    }),
    { numRuns: 50 },
  );
});

const broken: readonly (readonly [string, (watch: ScriptedWatch) => void, object])[] = [
  ["a reset", (watch) => watch.reset(), {
    name: "KubeConnectionError",
    message: "The watch of /api/v1/configmaps broke off: connection reset",
  }],
  ["an end within an event", (watch) => {
    watch.raw('{"type":"ADD');
    watch.end();
  }, {
    name: "KubeConnectionError",
    message: "The watch of /api/v1/configmaps broke off: it ended within a line",
  }],
  ["an ERROR event", (watch) => {
    watch.send("ERROR", {
      kind: "Status",
      code: 410,
      reason: "Expired",
      message: "too old resource version: 1 (5)",
    });
  }, { name: "KubeError", code: 410, reason: "Expired", message: /too old/ }],
  ["an ERROR event without a code", (watch) => watch.send("ERROR", { oh: "no" }), {
    name: "KubeError",
    code: 500,
  }],
  ["garbage", (watch) => watch.raw("<html>\n"), {
    name: "KubeAnswerError",
    message: "Cannot read the answer to watch of /api/v1/configmaps: it is an HTML page",
  }],
  ["an unknown event", (watch) => watch.send("MOVED", {}), {
    name: "KubeAnswerError",
    message: 'Cannot read the watch of /api/v1/configmaps: event of type "MOVED"',
  }],
];
for (const [name, breakIt, error] of broken) {
  Deno.test(`watchStream() fails on ${name}, after the events before it`, async () => {
    const watch = new ScriptedWatch();
    const { events, clock } = start(watch);
    watch.send("ADDED", configMap("a", "2"));
    const seen: WatchEvent<ConfigMap>[] = [];
    const reading = (async () => {
      for await (const event of events) seen.push(event);
    })();
    const failed = assert.rejects(reading, error);
    await clock.settle();
    breakIt(watch);
    await failed;
    assert.deepEqual(names(seen), ["ADDED a"]);
    assert.equal(clock.sleeping, 0);
  });
}

Deno.test("watchStream() fails when the server refuses it", async () => {
  const { kube } = createScriptedKube(() => status(410, "Expired"));
  await assert.rejects(collect(kube.watch(configMaps, { resourceVersion: "1" })), { code: 410 });
});

Deno.test("watchStream() fails after 90 s of silence, bookmarks keep it alive", async () => {
  const watch = new ScriptedWatch();
  const { events, clock } = start(watch);
  const errors: Error[] = [];
  const reading = collect(events).catch((error) => errors.push(error));
  for (let minute = 1; minute <= 3; minute++) {
    await clock.advance(60_000);
    watch.bookmark(String(minute));
  }
  await clock.advance(89_999);
  assert.deepEqual(errors, []);
  await clock.advance(1);
  await reading;
  assert.deepEqual(errors.map(({ name, message }) => [name, message]), [
    ["WatchSilenceError", "The watch of /api/v1/configmaps was silent for 90 s"],
  ]);
  assert.ok(watch.cancelled);
  assert.equal(clock.sleeping, 0);
});

Deno.test("watchStream() fails when even the answer's start does not come", async () => {
  const { kube, clock } = createScriptedKube(() => new Promise<Response>(() => {}));
  const failed = assert.rejects(collect(kube.watch(configMaps, { resourceVersion: "1" })), {
    name: "KubeTimeoutError",
  });
  await clock.advance(30_000);
  await failed;
});

Deno.test("watchStream() does not take its consumer's slowness for silence", async () => {
  const watch = new ScriptedWatch();
  const { events, clock } = start(watch);
  watch.send("ADDED", configMap("a", "2"));
  watch.send("ADDED", configMap("b", "3"));
  watch.end();
  const seen: WatchEvent<ConfigMap>[] = [];
  const reading = (async () => {
    for await (const event of events) {
      seen.push(event);
      await clock.sleep(600_000);
    }
  })();
  await clock.advance(1_300_000);
  await reading;
  assert.equal(seen.length, 2);
});

Deno.test("watchStream() lets go of the connection when its consumer does", async () => {
  const watch = new ScriptedWatch();
  const { events, clock, requests } = start(watch);
  watch.send("ADDED", configMap("a", "2"));
  for await (const event of events) {
    assert.equal(event.type, "ADDED");
    break;
  }
  await clock.settle();
  assert.ok(watch.cancelled);
  assert.ok(requests[0]?.signal.aborted);
  assert.equal(clock.sleeping, 0);
});

Deno.test("watchStream() stops at once when told, before, while and between reading", async () => {
  const stopped = new Error("stopped");
  const early = start(new ScriptedWatch(), AbortSignal.abort(stopped));
  await assert.rejects(collect(early.events), stopped);

  const stop = new AbortController();
  const watch = new ScriptedWatch();
  const { events, clock } = start(watch, stop.signal);
  const reading = assert.rejects(collect(events), stopped);
  await clock.settle();
  stop.abort(stopped);
  await reading;
  assert.ok(watch.cancelled);
  assert.equal(clock.sleeping, 0);
});

Deno.test("watchStream() sends nothing before it is read", () => {
  const { requests, kube }: { requests: Request[]; kube: Kube } = createScriptedKube(() =>
    status(500, "InternalError")
  );
  kube.watch(configMaps, { resourceVersion: "1" });
  assert.equal(requests.length, 0);
});
