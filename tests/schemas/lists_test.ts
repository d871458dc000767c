import assert from "node:assert/strict";
import { z } from "zod";
import { listOf, mapOf, recordOf, setOf } from "../../schemas/lists.ts";

const item = z.object({ key: z.string(), effect: z.string(), value: z.string().optional() });

Deno.test("mapOf() tells items apart by all keys together, and by nothing else", () => {
  const schema = mapOf(item, ["key", "effect"], 3);
  const accepts = (...list: readonly z.input<typeof item>[]) => schema.safeParse(list).success;
  assert.ok(accepts({ key: "a", effect: "x" }, { key: "a", effect: "y" }));
  assert.ok(!accepts({ key: "a", effect: "x", value: "1" }, { key: "a", effect: "x" }));
  // No separator in a value makes two pairs of keys the same.
  assert.ok(accepts({ key: "a", effect: "b,c" }, { key: "a,b", effect: "c" }));
});

Deno.test("setOf(), listOf() and recordOf() hold so many and no more", () => {
  const texts = ["a", "b", "c"];
  assert.ok(setOf(z.string(), 3).safeParse(texts).success);
  assert.ok(!setOf(z.string(), 3).safeParse(["a", "a"]).success);
  assert.ok(!setOf(z.string(), 2).safeParse(texts).success);
  assert.ok(listOf(z.string(), 3).safeParse(["a", "a"]).success);
  assert.ok(!listOf(z.string(), 2).safeParse(texts).success);
  assert.ok(recordOf(z.string(), 1).safeParse({ a: "b" }).success);
  assert.ok(!recordOf(z.string(), 1).safeParse({ a: "b", c: "d" }).success);
});
