import assert from "node:assert/strict";
import { createStockStore } from "../../controller/stock_store.ts";
import { configMaps } from "../../kube/resource.ts";
import { ControllerWorld, isWrite, testNamespace } from "../support/controller_world.ts";

const day = 86_400_000;

function setUp(world: ControllerWorld) {
  const now = world.clock.now();
  const store = createStockStore(world.kube, world.clock, testNamespace);
  const entry = { failures: 2, until: now + 60_000, message: "sold out" };
  return { store, entry };
}

Deno.test("what is saved is loaded by the next process, one ConfigMap per account", async () => {
  using world = await ControllerWorld.create();
  const { store, entry } = setUp(world);
  await store.save("default", "lambda", new Map([["of-1", entry]]));
  await store.save("default", "second", new Map());
  const memory = await setUp(world).store.load("default", "lambda");
  assert.deepEqual([...memory], [["of-1", entry]]);
  assert.deepEqual([...await store.load("default", "second")], []);
});

Deno.test("save() replaces what was there: a machine that was rented is not held against its offer", async () => {
  using world = await ControllerWorld.create();
  const { store, entry } = setUp(world);
  await store.save("default", "lambda", new Map([["of-1", entry], ["of-2", entry]]));
  await store.save("default", "lambda", new Map([["of-2", entry]]));
  assert.deepEqual([...(await store.load("default", "lambda")).keys()], ["of-2"]);
});

Deno.test("load() of an account that is new is empty", async () => {
  using world = await ControllerWorld.create();
  assert.equal((await setUp(world).store.load("default", "lambda")).size, 0);
});

Deno.test("load() and save() forget what ended more than a day ago", async () => {
  using world = await ControllerWorld.create();
  const { store, entry } = setUp(world);
  await store.save("default", "lambda", new Map([["of-1", entry]]));
  await world.clock.advance(2 * day);
  assert.equal((await store.load("default", "lambda")).size, 0);
  await store.save("default", "lambda", new Map([["of-1", entry]]));
  const name = "tgp-stock-default.lambda";
  const { data } = await world.kube.get(configMaps, { name, namespace: testNamespace });
  assert.deepEqual(data ?? {}, {});
});

Deno.test("load() fails when it could not be told what is remembered", async () => {
  using world = await ControllerWorld.create();
  world.onceBefore(
    isWrite("get", "configmaps"),
    () => Response.json({ kind: "Status", message: "no" }, { status: 403 }),
  );
  await assert.rejects(setUp(world).store.load("default", "lambda"), { code: 403 });
});

Deno.test("accounts of two classes never share a memory", async () => {
  using world = await ControllerWorld.create();
  const { store, entry } = setUp(world);
  await store.save("a-b", "c", new Map([["of-1", entry]]));
  await store.save("a", "b-c", new Map([["of-2", entry]]));
  assert.deepEqual([...(await store.load("a-b", "c")).keys()], ["of-1"]);
  assert.deepEqual([...(await store.load("a", "b-c")).keys()], ["of-2"]);
});
