import assert from "node:assert/strict";
import { mergeConfig } from "../../../../sim/api_server/apply/merge.ts";
import type { Schema } from "../../../../sim/api_server/schema/schema.ts";

const set: Schema = {
  type: "array",
  "x-kubernetes-list-type": "set",
  items: { type: "string" },
};

// The orders of sets in `typed/merge_test.go` of sigs.k8s.io/structured-merge-diff v6.3.2; not those of
// lists with duplicates, which no server stores.
Deno.test.each([
  ["abc", "ab", "abc"],
  ["ab", "abc", "abc"],
  ["abc", "", "abc"],
  ["", "abc", "abc"],
  ["ab", "ba", "ba"],
  ["abc", "def", "abcdef"],
  ["abc", "cdef", "abcdef"],
  ["abcgf", "cdef", "abcgdef"],
  ["cdef", "ace", "acdef"],
  ["abcxyz", "def", "abcxyzdef"],
  ["abcxyz", "defxyz", "abcdefxyz"],
  ["cagf", "cfag", "cfag"],
  ["abcd", "defa", "bcdefa"],
  ["cdefghij", "2h3e4kl", "cdfg2hij3e4kl"],
  ["abcdefghij", "1b2h3e4kl", "a1bcdfg2hij3e4kl"],
])("mergeConfig(%s, %s) of sets is %s", (live, config, expected) => {
  const merged = mergeConfig([...live], [...config], set);
  assert.equal((merged as string[] | undefined ?? []).join(""), expected);
});

Deno.test("mergeConfig() merges maps, and replaces what is atomic", () => {
  const schema: Schema = {
    type: "object",
    properties: {
      open: { type: "object", additionalProperties: { type: "string" } },
      whole: {
        type: "object",
        "x-kubernetes-map-type": "atomic",
        additionalProperties: { type: "string" },
      },
      list: { type: "array", items: { type: "string" } },
    },
  };
  const live = { open: { a: "1" }, whole: { a: "1" }, list: ["a"] };
  const config = { open: { b: "2" }, whole: { b: "2" }, list: ["b"] };
  assert.deepEqual(mergeConfig(live, config, schema), {
    open: { a: "1", b: "2" },
    whole: { b: "2" },
    list: ["b"],
  });
});
