import assert from "node:assert/strict";
import { createSeededRandom } from "../../../runtime/random.ts";
import { getIn } from "../../../sim/api_server/json.ts";
import { cut } from "../../../sim/handler.ts";
import { assertRefused, makeConfigMap, namesOf, send, textAt } from "../../contract/steps.ts";
import { startInProcess } from "./in_process.ts";

const configMaps = "/api/v1/namespaces/default/configmaps";

Deno.test("a hook sees who asks for what, with the body", async () => {
  const box = startInProcess();
  const seen: string[] = [];
  const remove = box.server.addHook({
    before: ({ method, url, user, body, info }) => {
      seen.push(`${method} ${url.pathname} by ${user?.name}: ${body} (${info.verb})`);
    },
    after: (_request, response) => {
      seen.push(String(response.status));
    },
  });
  await makeConfigMap(box, "default", "a");
  remove();
  await send(box, "GET", `${configMaps}/a`);
  assert.deepEqual(seen, [
    `POST ${configMaps} by kubernetes-admin: {"metadata":{"name":"a"}} (create)`,
    "201",
  ]);
  box.server.close();
});

Deno.test("a hook cuts a request before it is applied, or after", async () => {
  const box = startInProcess();
  const removeFirst = box.server.addHook({ before: () => cut });
  assert.equal(await box.raw("POST", configMaps, { metadata: { name: "a" } }), cut);
  removeFirst();
  assert.equal((await box.request("GET", `${configMaps}/a`)).status, 404);
  const removeSecond = box.server.addHook({ after: () => cut });
  assert.equal(await box.raw("POST", configMaps, { metadata: { name: "a" } }), cut);
  removeSecond();
  assert.equal((await box.request("GET", `${configMaps}/a`)).status, 200);
  box.server.close();
});

Deno.test("a hook answers in the server's place", async () => {
  const box = startInProcess();
  box.server.addHook({
    before: ({ method }) => method === "GET" ? new Response("later", { status: 503 }) : undefined,
  });
  const answer = await box.request("GET", configMaps);
  assert.deepEqual([answer.status, answer.body], [503, "later"]);
  await makeConfigMap(box, "default", "a");
  box.server.close();
});

Deno.test("a hook holds one request while others pass", async () => {
  const box = startInProcess();
  const gate = Promise.withResolvers<void>();
  box.server.addHook({
    before: ({ body }) => body.includes("held") ? gate.promise : undefined,
  });
  const held = makeConfigMap(box, "default", "held");
  await makeConfigMap(box, "default", "other");
  const select = { query: { fieldSelector: "metadata.name=held" } };
  assert.deepEqual(namesOf(await send(box, "GET", configMaps, select)), []);
  gate.resolve();
  await held;
  assert.deepEqual(namesOf(await send(box, "GET", configMaps, select)), ["held"]);
  box.server.close();
});

Deno.test("a request with an unknown token reaches hooks without a user", async () => {
  const box = startInProcess();
  const users: unknown[] = [];
  box.server.addHook({ before: ({ user }) => void users.push(user) });
  const headers = { authorization: "Bearer nobody" };
  const request = new Request(`https://box.test/version`, { headers });
  const response = await box.server.handler(request, { peer: {} });
  assert.ok(response !== cut);
  assert.equal(response.status, 401);
  await response.body?.cancel();
  assert.deepEqual(users, [undefined]);
  box.server.close();
});

Deno.test("an idle watch gets a bookmark every minute of the clock, and ends after an hour at most", async () => {
  const box = startInProcess();
  const watch = await box.watch(configMaps, { allowWatchBookmarks: "true" });
  await box.clock.advance(59_000);
  assert.equal(watch.poll(), undefined);
  await makeConfigMap(box, "kube-system", "elsewhere");
  await box.clock.advance(2_000);
  const bookmark = watch.poll();
  assert.ok(bookmark !== undefined && bookmark !== "ended");
  assert.equal(bookmark.type, "BOOKMARK");
  assert.equal(
    textAt(bookmark.object, "metadata", "resourceVersion"),
    String(box.server.store.revision),
  );
  await box.clock.advance(3_600_000);
  const rest = [];
  for (let event = watch.poll(); event !== undefined && event !== "ended"; event = watch.poll()) {
    rest.push(event.type);
  }
  assert.ok(rest.length >= 28 && rest.every((type) => type === "BOOKMARK"));
  assert.equal(watch.poll(), "ended");
  assert.equal(box.clock.sleeping, 0);
  await watch[Symbol.asyncDispose]();
  box.server.close();
});

Deno.test("a client that goes away leaves nothing running, nor does a closed server", async () => {
  const box = startInProcess();
  const watch = await box.watch(configMaps);
  await box.clock.settle();
  assert.equal(box.clock.sleeping, 1);
  await watch[Symbol.asyncDispose]();
  await box.clock.settle();
  assert.equal(box.clock.sleeping, 0);
  const other = await box.watch(configMaps);
  box.server.close();
  await box.clock.settle();
  assert.equal(box.clock.sleeping, 0);
  assert.equal(other.poll(), "ended");
  await other[Symbol.asyncDispose]();
});

Deno.test("a continued list whose moment is forgotten is gone", async () => {
  const box = startInProcess();
  for (const name of ["a", "b", "c"]) await makeConfigMap(box, "default", name);
  const first = await send(box, "GET", configMaps, { query: { limit: "1" } });
  const next = { query: { limit: "1", continue: textAt(first, "metadata", "continue") } };
  await makeConfigMap(box, "default", "d");
  box.server.compact();
  assertRefused(
    await box.request("GET", configMaps, next),
    410,
    "Expired",
    /continue parameter is too old/,
  );
  box.server.close();
});

Deno.test("a watch from before the history limit is gone", async () => {
  const box = startInProcess({ historyLimit: 10 });
  const from = String(box.server.store.revision);
  for (let count = 0; count < 20; count++) await makeConfigMap(box, "default", `c${count}`);
  const watch = await box.watch(configMaps, { resourceVersion: from });
  await box.clock.settle();
  const event = watch.poll();
  assert.ok(event !== undefined && event !== "ended");
  assert.equal(getIn(event.object, "code"), 410);
  await watch[Symbol.asyncDispose]();
  box.server.close();
});

Deno.test("the same seed gives the same names and uids", async () => {
  const made = [];
  for (let count = 0; count < 2; count++) {
    const box = startInProcess({ random: createSeededRandom(42) });
    const body = { metadata: { generateName: "x-" } };
    made.push(await send(box, "POST", configMaps, { body }));
    box.server.close();
  }
  assert.deepEqual(made[0], made[1]);
});
