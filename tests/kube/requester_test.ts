import assert from "node:assert/strict";
import { createKubeClient } from "../../kube/client.ts";
import { configMaps } from "../../kube/resource.ts";
import type { Credential, KubeRequest, KubeTransport } from "../../kube/transport.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { createScriptedKube, json, list, status } from "../support/kube_scripted.ts";

const ref = { namespace: "ns", name: "a" };
const object = { apiVersion: "v1", kind: "ConfigMap", metadata: ref };
const busy = (seconds: number) => {
  const { body, status: code } = status(429, "TooManyRequests");
  return new Response(body, { status: code, headers: { "retry-after": String(seconds) } });
};

Deno.test("createRequester() waits as long as Retry-After says, then asks again", async () => {
  const answers = [busy(2), busy(1), json(object)];
  const { kube, clock, requests } = createScriptedKube(() => answers.shift() ?? json(object));
  const got = kube.replace(configMaps, object);
  await clock.advance(1_999);
  assert.equal(requests.length, 1);
  // At most half as much again for spreading.
  await clock.advance(1_001 + 1_500);
  assert.equal((await got).metadata.name, "a");
  assert.equal(requests.length, 3);
  assert.equal(await requests[2]?.text(), JSON.stringify(object));
});

Deno.test("createRequester() gives up after five attempts, and at once on a long wait", async () => {
  const { kube, clock, requests } = createScriptedKube(() => busy(1));
  const failed = assert.rejects(kube.get(configMaps, ref), { code: 429 });
  await clock.advance(20_000);
  await failed;
  assert.equal(requests.length, 5);

  const long = createScriptedKube(() => busy(3_600));
  await assert.rejects(long.kube.get(configMaps, ref), { code: 429 });
  assert.equal(long.requests.length, 1);
});

Deno.test("createRequester() passes a 429 without Retry-After on", async () => {
  const { kube, requests } = createScriptedKube(() => status(429, "TooManyRequests"));
  await assert.rejects(kube.get(configMaps, ref), { code: 429 });
  assert.equal(requests.length, 1);
});

Deno.test("createRequester() never repeats an eviction: its 429 is an answer", async () => {
  const { kube, requests } = createScriptedKube(() => busy(1));
  await assert.rejects(kube.evict(ref, { uid: "u" }), { code: 429 });
  assert.equal(requests.length, 1);
});

Deno.test("createRequester() repeats a read after 503, but not a write that may have happened", async () => {
  const down = () =>
    new Response(status(503, "ServiceUnavailable").body, {
      status: 503,
      headers: { "retry-after": "1" },
    });
  const answers = [down(), json(object)];
  const reading = createScriptedKube(() => answers.shift() ?? json(object));
  const got = reading.kube.get(configMaps, ref);
  await reading.clock.advance(1_500);
  await got;

  const writing = createScriptedKube(down);
  await assert.rejects(writing.kube.create(configMaps, object), { code: 503 });
  assert.equal(writing.requests.length, 1);
});

Deno.test("createRequester() ends a wait for Retry-After when told", async () => {
  const { kube, clock } = createScriptedKube(() => busy(5));
  const stop = new AbortController();
  const failed = assert.rejects(kube.get(configMaps, ref, { signal: stop.signal }), /stopped/);
  await clock.settle();
  stop.abort(new Error("stopped"));
  await failed;
  assert.equal(clock.sleeping, 0);
});

Deno.test("createRequester() limits an attempt, also while the body trickles", async () => {
  const silent = () => new Promise<Response>(() => {});
  const endless = () => Promise.resolve(new Response(new ReadableStream()));
  for (const answer of [silent, endless]) {
    const { kube, clock } = createScriptedKube(answer);
    const failed = assert.rejects(kube.get(configMaps, ref), {
      name: "KubeTimeoutError",
      message: "GET /api/v1/namespaces/ns/configmaps/a was not answered within 30 s",
    });
    await clock.advance(30_000);
    await failed;
    assert.equal(clock.sleeping, 0);
  }
});

Deno.test("createRequester() takes another limit, and none for 0", async () => {
  const { kube, clock } = createScriptedKube(() => new Promise<Response>(() => {}), {
    requestTimeoutMs: 1_000,
  });
  const failed = assert.rejects(kube.get(configMaps, ref), { name: "KubeTimeoutError" });
  await clock.advance(1_000);
  await failed;

  const late = Promise.withResolvers<Response>();
  const patient = createScriptedKube(() => late.promise, { requestTimeoutMs: 0 });
  const got = patient.kube.get(configMaps, ref);
  await patient.clock.advance(3_600_000);
  late.resolve(json(object));
  await got;
});

Deno.test("createRequester() gives each page of a list its own limit", async () => {
  let page = 0;
  const { kube, clock } = createScriptedKube(async () => {
    await clock.sleep(20_000);
    return list([], "1", ++page < 3 ? "more" : undefined);
  });
  const listed = kube.list(configMaps);
  await clock.advance(60_000);
  await listed;
});

/** A transport that hands out credentials by number and answers 401 to those below `good`. */
function createGuardedTransport(good: number, renewable = true) {
  const credentials = [0, 1, 2].map((n): Credential => ({ headers: [["x-n", String(n)]] }));
  let current = 0;
  let drops = 0;
  const seen: (string | undefined)[] = [];
  const transport: KubeTransport = {
    authenticate(_signal, refused) {
      if (renewable && refused && refused === credentials[current]) current++;
      return Promise.resolve(credentials[current] ?? { headers: [] });
    },
    send(_request: KubeRequest, credential) {
      const n = credential.headers[0]?.[1];
      seen.push(n);
      return Promise.resolve(Number(n) >= good ? json(object) : status(401, "Unauthorized"));
    },
    dropConnections: () => drops++,
    close() {},
  };
  const clock = new FakeClock();
  const kube = createKubeClient({ transport, clock, random: createSeededRandom(1) });
  return { kube, clock, seen, transport, drops: () => drops };
}

Deno.test("createRequester() asks once more with another credential after 401", async () => {
  const { kube, seen } = createGuardedTransport(1);
  await kube.get(configMaps, ref);
  assert.deepEqual(seen, ["0", "1"]);
});

Deno.test("createRequester() does not ask a third time, nor with the same credential", async () => {
  const stubborn = createGuardedTransport(9);
  await assert.rejects(stubborn.kube.get(configMaps, ref), { code: 401 });
  assert.deepEqual(stubborn.seen, ["0", "1"]);
  const fixed = createGuardedTransport(9, false);
  await assert.rejects(fixed.kube.get(configMaps, ref), { code: 401 });
  assert.deepEqual(fixed.seen, ["0"]);
});

Deno.test("createRequester() renews the credential of a watch, too", async () => {
  const { kube, seen } = createGuardedTransport(1);
  const events = kube.watch(configMaps, { resourceVersion: "1" })[Symbol.asyncIterator]();
  await assert.rejects(events.next(), { message: /broke off: it ended within a line$/ });
  assert.deepEqual(seen, ["0", "1"]);
});

Deno.test("createRequester() does not count the wait for a credential", async () => {
  const { kube, clock, transport } = createGuardedTransport(0);
  const login = Promise.withResolvers<Credential>();
  transport.authenticate = () => login.promise;
  const got = kube.get(configMaps, ref);
  await clock.advance(600_000);
  login.resolve({ headers: [["x-n", "0"]] });
  await got;
});

Deno.test("createRequester() drops the connections after a timeout, and only then", async () => {
  const { kube, clock, transport, drops } = createGuardedTransport(0);
  transport.send = () => new Promise(() => {});
  const failed = assert.rejects(kube.get(configMaps, ref), { name: "KubeTimeoutError" });
  await clock.advance(30_000);
  await failed;
  assert.equal(drops(), 1);
  const stop = new AbortController();
  const stopped = assert.rejects(kube.get(configMaps, ref, { signal: stop.signal }), /stop/);
  await clock.settle();
  stop.abort(new Error("stop"));
  await stopped;
  assert.equal(drops(), 1);
});
