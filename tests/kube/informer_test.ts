import assert from "node:assert/strict";
import * as fc from "fast-check";
import { configMaps, type ResourceType } from "../../kube/resource.ts";
import type { ConfigMap } from "../../schemas/kubernetes.ts";
import { configMap, status } from "../support/kube_scripted.ts";
import { expired, ScriptedServer, toWords } from "../support/kube_scripted_server.ts";

Deno.test("createInformer() lists, then follows the watch", async () => {
  await using server = new ScriptedServer();
  const heard = server.listen();
  server.put("a");
  assert.equal(server.informer.hasSynced(), false);
  await server.start();
  assert.equal(server.informer.hasSynced(), true);
  assert.deepEqual(server.watchedFrom, ["11"]);

  server.put("b");
  server.put("a");
  server.remove("b");
  await server.clock.settle();
  assert.deepEqual(heard, [
    "ADDED ns/a 11",
    "ADDED ns/b 12",
    "MODIFIED ns/a 11→13",
    "DELETED ns/b 12",
  ]);
  assert.equal(server.informer.get("ns/a")?.metadata.resourceVersion, "13");
  assert.equal(server.informer.get("ns/b"), undefined);
  assert.deepEqual(server.informer.list().map((object) => object.metadata.name), ["a"]);
  assert.equal(server.lists, 1);
});

Deno.test("createInformer() tells whoever waits for the first complete copy", async () => {
  await using server = new ScriptedServer();
  server.failures.push(() => status(500, "InternalError"));
  let synced = false;
  server.informer.whenSynced().then(() => synced = true);
  const impatient = new AbortController();
  const gaveUp = assert.rejects(server.informer.whenSynced(impatient.signal), /impatient/);
  await server.start();
  assert.equal(synced, false);
  impatient.abort(new Error("impatient"));
  await gaveUp;
  await server.clock.advance(1_000);
  assert.equal(synced, true);
  await server.informer.whenSynced();
});

Deno.test("createInformer() watches on from where it was when the server ends a watch", async () => {
  await using server = new ScriptedServer();
  const heard = server.listen();
  await server.start();
  server.put("a");
  server.watch.bookmark("20");
  await server.clock.advance(70_000);
  server.watch.end();
  await server.clock.advance(0);
  assert.deepEqual(server.watchedFrom, ["10", "20"]);
  server.resourceVersion = 20;
  server.put("b");
  await server.clock.settle();
  assert.deepEqual(heard, ["ADDED ns/a 11", "ADDED ns/b 21"]);
  assert.equal(server.lists, 1);
});

type Break = (server: ScriptedServer) => void | Promise<void>;
const breaks: readonly (readonly [string, Break, level?: "debug"])[] = [
  ["resets", (server) => server.watch.reset()],
  ["ends of a stream within an event", (server) => {
    server.watch.raw('{"type":');
    server.watch.end();
  }],
  ["garbage", (server) => server.watch.raw("<html>\n")],
  ["silence", (server) => server.clock.advance(90_000), "debug"],
  ["an ERROR event", (server) => server.watch.send("ERROR", { code: 500, kind: "Status" })],
];
for (const [name, breakIt, level = "warn"] of breaks) {
  Deno.test(`createInformer() survives ${name}, without listing again`, async () => {
    await using server = new ScriptedServer();
    const heard = server.listen();
    await server.start();
    server.put("a");
    await server.clock.settle();
    await breakIt(server);
    await server.clock.advance(1_000);
    assert.deepEqual(server.watchedFrom, ["10", "11"]);
    server.put("b");
    await server.clock.settle();
    assert.deepEqual(heard, ["ADDED ns/a 11", "ADDED ns/b 12"]);
    assert.equal(server.lists, 1);
    assert.deepEqual(server.log.lines.map((line) => line.level), [level]);
  });
}

Deno.test("createInformer() survives 500 from list and watch, backing off", async () => {
  await using server = new ScriptedServer();
  const down = () => status(500, "InternalError");
  server.failures.push(down, down, down, down);
  await server.start();
  await server.clock.advance(60_000);
  assert.ok(server.informer.hasSynced());
  const gaps = server.askedAtMs.map((ms, index) => ms - (server.askedAtMs[index - 1] ?? ms));
  assert.ok(gaps.slice(1, 5).every((gap) => gap >= 1_000), gaps.join());
  assert.ok((gaps[4] ?? 0) >= 3_200, gaps.join());
});

for (
  const [name, answer] of [
    ["as status", (server: ScriptedServer) => {
      server.failures.push(expired);
      server.watch.end();
    }],
    ["as event", (server: ScriptedServer) => {
      server.watch.send("ERROR", { kind: "Status", code: 410, reason: "Expired" });
    }],
  ] as const
) {
  Deno.test(`createInformer() lists once after 410 ${name} and tells what it missed`, async () => {
    await using server = new ScriptedServer();
    const heard = server.listen();
    server.put("kept");
    server.put("gone");
    server.put("changed");
    await server.start();
    heard.length = 0;
    server.objects.delete("gone");
    server.objects.set("changed", configMap("changed", "30"));
    server.objects.set("new", configMap("new", "31"));
    server.resourceVersion = 40;
    await server.clock.advance(5_000);
    answer(server);
    await server.clock.advance(2_000);

    assert.deepEqual(heard.toSorted(), [
      "ADDED ns/new 31",
      "DELETED ns/gone 12",
      "MODIFIED ns/changed 13→30",
    ]);
    assert.equal(server.lists, 2);
    assert.equal(server.watchedFrom.at(-1), "40");
  });
}

Deno.test("createInformer() notices that a name belongs to another object after a relist", async () => {
  await using server = new ScriptedServer();
  server.put("a");
  await server.start();
  const uids: unknown[] = [];
  server.informer.onChange(({ type, old, object }) => {
    uids.push([type, old?.metadata.uid, object?.metadata.uid]);
  });
  await server.clock.settle();
  const again = configMap("a", "11");
  server.objects.set("a", { metadata: { ...again.metadata, uid: "uid-2" } });
  server.watch.send("ERROR", { kind: "Status", code: 410 });
  await server.clock.advance(1_000);
  assert.deepEqual(uids, [["ADDED", undefined, "uid-a"], ["MODIFIED", "uid-a", "uid-2"]]);
});

Deno.test("createInformer() starts rounds at least a second apart, whatever the server does", async () => {
  await using server = new ScriptedServer();
  await server.start();
  for (let second = 0; second < 20; second++) {
    server.put("a", { data: { n: String(second) } });
    server.watch.end();
    await server.clock.advance(1_000);
  }
  assert.ok(server.watches.length <= 21, `${server.watches.length} watches in 20 s`);
  assert.ok(server.watches.length >= 19, `${server.watches.length} watches in 20 s`);

  await using rejecting = new ScriptedServer();
  rejecting.failures.push(...Array.from({ length: 1_000 }, () => expired));
  await rejecting.start();
  await rejecting.clock.advance(60_000);
  assert.ok(rejecting.askedAtMs.length <= 12, `${rejecting.askedAtMs.length} lists in 60 s`);
});

Deno.test("createInformer() honours how long the server asks it to stay away", async () => {
  await using server = new ScriptedServer();
  server.failures.push(() =>
    status(429, "TooManyRequests", { details: { retryAfterSeconds: 20 } })
  );
  await server.start();
  await server.clock.advance(19_000);
  assert.equal(server.lists, 0);
  await server.clock.advance(1_000);
  assert.equal(server.lists, 1);
});

/** Reads only ConfigMaps that have data. */
const strict: ResourceType<ConfigMap> = {
  ...configMaps,
  parse(raw) {
    const object = configMaps.parse(raw);
    if (!object.data) throw new Error("data is missing");
    return object;
  },
};

Deno.test("createInformer() reports and skips an object that does not parse", async () => {
  await using server = new ScriptedServer({}, strict);
  const heard = server.listen();
  server.put("good", { data: {} });
  server.put("bad");
  await server.start();
  assert.ok(server.informer.hasSynced());
  assert.deepEqual(heard, ["ADDED ns/good 11"]);
  assert.deepEqual(
    server.log.lines.map(({ message, fields }) => [message, fields.key, fields.error]),
    [["Skipping an object that cannot be read", "ns/bad", "data is missing"]],
  );

  server.put("bad", { data: {} });
  server.put("good");
  server.put("late", { data: {} });
  await server.clock.settle();
  // The last readable state of `good` stays.
  assert.deepEqual(heard.slice(1), ["ADDED ns/bad 13", "ADDED ns/late 15"]);
  assert.equal(server.informer.get("ns/good")?.metadata.resourceVersion, "11");
  server.remove("good");
  await server.clock.settle();
  assert.equal(heard.at(-1), "DELETED ns/good 11");
  assert.equal(server.watches.length, 1);
});

Deno.test("createInformer() keeps the last readable state over a relist", async () => {
  await using server = new ScriptedServer({}, strict);
  const heard = server.listen();
  server.put("a", { data: {} });
  await server.start();
  server.objects.set("a", configMap("a", "12"));
  server.watch.send("ERROR", { kind: "Status", code: 410 });
  await server.clock.advance(1_000);
  assert.equal(server.lists, 2);
  assert.deepEqual(heard, ["ADDED ns/a 11"]);
  assert.equal(server.informer.get("ns/a")?.metadata.resourceVersion, "11");
});

Deno.test("createInformer() tells a late listener what is there", async () => {
  await using server = new ScriptedServer();
  server.put("a");
  await server.start();
  const heard = server.listen();
  await server.clock.settle();
  assert.deepEqual(heard, ["ADDED ns/a 11"]);
});

Deno.test("createInformer() goes on when a listener throws or rejects", async () => {
  await using server = new ScriptedServer();
  server.informer.onChange(() => {
    throw new Error("thrown");
  });
  server.informer.onChange(() => Promise.reject(new Error("rejected")));
  const heard = server.listen();
  await server.start();
  server.put("a");
  server.put("b");
  await server.clock.settle();
  assert.deepEqual(heard, ["ADDED ns/a 11", "ADDED ns/b 12"]);
  assert.deepEqual(
    server.log.lines.map(({ level, message, fields }) => [level, message, fields.error]).toSorted(),
    [
      ["error", "A change listener failed", "rejected"],
      ["error", "A change listener failed", "rejected"],
      ["error", "A change listener failed", "thrown"],
      ["error", "A change listener failed", "thrown"],
    ],
  );
});

Deno.test("createInformer() never waits for a slow listener, which hears where things ended up", async () => {
  await using server = new ScriptedServer();
  const heard: string[] = [];
  server.informer.onChange(async (change) => {
    heard.push(toWords(change));
    await server.clock.sleep(60_000);
  });
  const fast = server.listen();
  await server.start();
  server.put("first");
  await server.clock.settle();
  for (let round = 0; round < 1_000; round++) server.put("busy", { data: { n: `${round}` } });
  server.put("brief");
  server.remove("brief");
  server.remove("first");
  await server.clock.settle();
  assert.equal(server.informer.get("ns/busy")?.metadata.resourceVersion, "1011");
  assert.ok(fast.length >= 1_003, String(fast.length));
  await server.clock.advance(600_000);
  assert.deepEqual(heard, ["ADDED ns/first 11", "ADDED ns/busy 1011", "DELETED ns/first 11"]);
});

Deno.test("createInformer() tells a listener nothing after it has left", async () => {
  await using server = new ScriptedServer();
  const heard: string[] = [];
  const leave = server.informer.onChange((change) => void heard.push(toWords(change)));
  await server.start();
  server.put("a");
  await server.clock.settle();
  server.put("b");
  leave();
  await server.clock.settle();
  assert.deepEqual(heard, ["ADDED ns/a 11"]);
});

Deno.test("createInformer() leaves no watch behind when it is stopped, during a list too", async () => {
  const server = new ScriptedServer();
  await server.start();
  await server[Symbol.asyncDispose]();
  assert.ok(server.watch.cancelled);
  assert.equal(server.clock.sleeping, 0);

  const listing = new ScriptedServer();
  const late = Promise.withResolvers<Response>();
  listing.failures.push(() => late.promise);
  await listing.start();
  await listing[Symbol.asyncDispose]();
  late.resolve(status(500, "InternalError"));
  await listing.clock.advance(10_000);
  assert.equal(listing.watches.length, 0);
  assert.equal(listing.clock.sleeping, 0);
});

/** What may happen to a server and the way to it. */
const happenings: Readonly<Record<string, (server: ScriptedServer, n: number) => unknown>> = {
  put: (server, n) => server.put(`o${n % 5}`, { data: { n: `${n}` } }),
  remove: (server, n) => server.remove(`o${n % 5}`),
  recreate: (server, n) => {
    server.remove(`o${n % 5}`);
    server.put(`o${n % 5}`);
  },
  bookmark: (server) => server.watches.at(-1)?.bookmark(String(server.resourceVersion)),
  end: (server) => server.watches.at(-1)?.end(),
  reset: (server) => server.watches.at(-1)?.reset(),
  garbage: (server) => server.watches.at(-1)?.raw("<html>\n"),
  halfAnEvent: (server) => {
    server.watches.at(-1)?.raw('{"type":"ADDED","obj');
    server.watches.at(-1)?.end();
  },
  compact: (server) => server.compact(),
  down: (server, n) => {
    for (let times = 0; times <= n % 3; times++) {
      server.failures.push(() => status(500, "InternalError"));
    }
  },
  silence: (server) => server.clock.advance(100_000),
  wait: (server, n) => server.clock.advance(n * 10),
};

Deno.test("createInformer() ends up with what the server has, whatever happens on the way", async () => {
  const events = fc.array(fc.tuple(fc.constantFrom(...Object.keys(happenings)), fc.nat(200)));
  await fc.assert(
    fc.asyncProperty(events, fc.boolean(), async (events, slow) => {
      await using server = new ScriptedServer();
      const believed = new Map<string, string | undefined>();
      server.informer.onChange(async ({ type, key, object, old }) => {
        // Every change builds on the one before.
        assert.equal(old?.metadata.resourceVersion, believed.get(key), `${type} ${key}`);
        if (object) believed.set(key, object.metadata.resourceVersion);
        else believed.delete(key);
        if (slow) await server.clock.sleep(700);
      });
      await server.start();
      for (const [name, n] of events) await happenings[name]?.(server, n);
      await server.clock.advance(300_000);
      const versions = [...server.objects].map(
        ([name, { metadata }]) => [`ns/${name}`, metadata.resourceVersion] as const,
      );
      const held = server.informer.list().map(({ metadata }) =>
        [`ns/${metadata.name}`, metadata.resourceVersion] as const
      );
      assert.deepEqual(new Map(held), new Map(versions));
      assert.deepEqual(believed, new Map(versions));
      const failed = server.log.lines.filter(({ level }) => level === "error");
      assert.deepEqual(failed, []);
    }),
    { numRuns: 150 },
  );
});
