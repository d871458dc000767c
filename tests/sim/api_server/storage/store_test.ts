import assert from "node:assert/strict";
import fc from "fast-check";
import type { ApiObject } from "../../../../sim/api_server/api_object.ts";
import { Store } from "../../../../sim/api_server/storage/store.ts";

function object(name: string, value = 0): ApiObject {
  return { kind: "Thing", apiVersion: "v1", metadata: { name }, value };
}

const names = ["a", "b", "c"];

/** A random life of a few objects: puts, removals. */
const writes = fc.array(
  fc.record({ name: fc.constantFrom(...names), value: fc.nat(), remove: fc.boolean() }),
  { maxLength: 40 },
);

function play(
  store: Store,
  key: string,
  life: readonly { name: string; value: number; remove: boolean }[],
) {
  for (const { name, value, remove } of life) {
    const current = store.get(key, "", name);
    if (remove && current) store.remove(key, current);
    else store.put(key, object(name, value));
  }
}

Deno.test("Store.listAt() shows every moment as it was", () => {
  fc.assert(fc.property(writes, (life) => {
    const store = new Store();
    const moments = [{ revision: store.revision, objects: store.list("things") }];
    for (const step of life) {
      play(store, "things", [step]);
      store.put("others", object("noise"));
      moments.push({ revision: store.revision, objects: store.list("things") });
    }
    for (const { revision, objects } of moments) {
      assert.deepEqual(store.listAt("things", revision), objects);
    }
  }));
});

Deno.test("Store.changesSince() takes any moment to the present", () => {
  fc.assert(fc.property(writes, fc.nat({ max: 40 }), (life, at) => {
    const store = new Store();
    play(store, "things", life.slice(0, at));
    const replayed = new Map(store.list("things").map((one) => [one.metadata.name, one]));
    const from = store.revision;
    play(store, "things", life.slice(at));
    for (const { type, object } of store.changesSince("things", from)) {
      if (type === "DELETED") replayed.delete(object.metadata.name);
      else replayed.set(object.metadata.name, object);
    }
    const sorted = [...replayed.values()].sort((left, right) =>
      left.metadata.name < right.metadata.name ? -1 : 1
    );
    assert.deepEqual(sorted, store.list("things"));
  }));
});

Deno.test("Store gives every write its own, growing version", () => {
  fc.assert(fc.property(writes, (life) => {
    const store = new Store();
    const versions: number[] = [];
    store.subscribe(({ object }) => versions.push(Number(object.metadata.resourceVersion)));
    play(store, "things", life);
    assert.deepEqual(versions, life.map((_step, index) => index + 2));
  }));
});

Deno.test("Store forgets what is older than its limit, and says so", () => {
  const store = new Store(10);
  const first = store.revision;
  for (let count = 0; count < 25; count++) store.put("things", object("a", count));
  assert.ok(store.compactedRevision > first);
  assert.equal(store.listAt("things", first), undefined);
  assert.deepEqual(store.listAt("things", store.revision), store.list("things"));
  const oldest = store.compactedRevision;
  assert.equal(store.changesSince("things", oldest)[0]?.revision, oldest + 1);
});

Deno.test("Store tells listeners until they stop listening", () => {
  const store = new Store();
  const seen: string[] = [];
  const stop = store.subscribe(({ type, object }) => seen.push(`${type} ${object.metadata.name}`));
  const stored = store.put("things", object("a"));
  store.put("things", object("a", 1));
  stop();
  store.remove("things", stored);
  assert.deepEqual(seen, ["ADDED a", "MODIFIED a"]);
});
