import assert from "node:assert/strict";
import fc from "fast-check";
import { PodsByNode } from "../../controller/pods_by_node.ts";
import type { Pod } from "../../schemas/kubernetes.ts";
import { buildPod } from "../support/controller_builders.ts";

function pod(name: string, nodeName?: string): Pod {
  return buildPod({ metadata: { name }, spec: nodeName === undefined ? {} : { nodeName } });
}

function namesOn(index: PodsByNode, node: string): readonly string[] {
  return index.on(node).map(({ metadata }) => metadata.name).sort();
}

Deno.test("apply() names the nodes that a change concerns", () => {
  const index = new PodsByNode();
  const waiting = pod("a");
  const bound = pod("a", "one");
  assert.deepEqual(index.apply({ type: "ADDED", key: "a", object: waiting }), []);
  assert.deepEqual(index.apply({ type: "MODIFIED", key: "a", object: bound, old: waiting }), [
    "one",
  ]);
  const moved = pod("a", "two");
  assert.deepEqual(index.apply({ type: "MODIFIED", key: "a", object: moved, old: bound }), [
    "one",
    "two",
  ]);
  assert.deepEqual(namesOn(index, "one"), []);
  assert.deepEqual(namesOn(index, "two"), ["a"]);
  assert.deepEqual(index.apply({ type: "DELETED", key: "a", old: moved }), ["two"]);
  assert.deepEqual(namesOn(index, "two"), []);
});

Deno.test("on() always shows exactly the pods bound to the node", () => {
  const step = fc.tuple(
    fc.constantFrom("a", "b", "c"),
    fc.constantFrom(undefined, "one", "two", "gone"),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const index = new PodsByNode();
      const world = new Map<string, Pod>();
      for (const [name, node] of steps) {
        const old = world.get(name);
        if (node === "gone") {
          if (old) index.apply({ type: "DELETED", key: name, old });
          world.delete(name);
          continue;
        }
        const object = pod(name, node);
        index.apply(
          old ? { type: "MODIFIED", key: name, object, old } : { type: "ADDED", key: name, object },
        );
        world.set(name, object);
      }
      for (const node of ["one", "two"]) {
        const expected = [...world.values()].filter(({ spec }) => spec.nodeName === node)
          .map(({ metadata }) => metadata.name).sort();
        assert.deepEqual(namesOn(index, node), expected);
      }
    }),
  );
});
