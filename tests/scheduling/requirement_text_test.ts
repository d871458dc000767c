import assert from "node:assert/strict";
import { describeCondition, formatRequirements } from "../../scheduling/requirement_text.ts";
import { parseRequirements } from "../../scheduling/requirements.ts";
import type { Requirement } from "../../schemas/meta.ts";

const cases: readonly {
  readonly name: string;
  readonly given: readonly Requirement[];
  readonly written: readonly Requirement[];
  readonly words: string;
}[] = [
  {
    name: "In, sorted",
    given: [{ key: "k", operator: "In", values: ["b", "a"] }],
    written: [{ key: "k", operator: "In", values: ["a", "b"] }],
    words: "in (a, b)",
  },
  {
    name: "In within NotIn",
    given: [
      { key: "k", operator: "In", values: ["a", "b"] },
      { key: "k", operator: "NotIn", values: ["b", "c"] },
    ],
    written: [{ key: "k", operator: "In", values: ["a"] }],
    words: "in (a)",
  },
  {
    name: "In within bounds",
    given: [
      { key: "k", operator: "In", values: ["1", "4", "8", "x"] },
      { key: "k", operator: "Gt", values: ["2"] },
    ],
    written: [{ key: "k", operator: "In", values: ["4", "8"] }],
    words: "in (4, 8)",
  },
  {
    name: "Exists besides NotIn",
    given: [
      { key: "k", operator: "NotIn", values: ["a"] },
      { key: "k", operator: "Exists" },
    ],
    written: [
      { key: "k", operator: "Exists" },
      { key: "k", operator: "NotIn", values: ["a"] },
    ],
    words: "present and not in (a)",
  },
  {
    name: "bounds imply presence; forbidden values outside them are dropped",
    given: [
      { key: "k", operator: "Gt", values: ["1"] },
      { key: "k", operator: "Lt", values: ["9"] },
      { key: "k", operator: "NotIn", values: ["4", "40", "x"] },
    ],
    written: [
      { key: "k", operator: "Gt", values: ["1"] },
      { key: "k", operator: "Lt", values: ["9"] },
      { key: "k", operator: "NotIn", values: ["4"] },
    ],
    words: "> 1 and < 9 and not in (4)",
  },
  {
    name: "the tighter of two bounds",
    given: [
      { key: "k", operator: "Gt", values: ["1"] },
      { key: "k", operator: "Gt", values: ["3"] },
    ],
    written: [{ key: "k", operator: "Gt", values: ["3"] }],
    words: "> 3",
  },
  {
    name: "absence wins over NotIn",
    given: [
      { key: "k", operator: "DoesNotExist" },
      { key: "k", operator: "NotIn", values: ["a"] },
    ],
    written: [{ key: "k", operator: "DoesNotExist" }],
    words: "absent",
  },
];

for (const { name, given, written, words } of cases) {
  Deno.test(`formatRequirements() writes ${name}`, () => {
    const parsed = parseRequirements(given);
    assert.deepEqual(formatRequirements(parsed), written);
    const [condition] = parsed.values();
    assert.equal(condition && describeCondition(condition), words);
  });
}

Deno.test("formatRequirements() sorts by key", () => {
  const parsed = parseRequirements([
    { key: "z", operator: "Exists" },
    { key: "a", operator: "Exists" },
  ]);
  assert.deepEqual(formatRequirements(parsed).map(({ key }) => key), ["a", "z"]);
});

Deno.test("formatRequirements() splits long lists, which the schema bounds at 64 values", () => {
  const values = Array.from({ length: 100 }, (_, index) => `v${String(index).padStart(3, "0")}`);
  const parsed = parseRequirements([
    { key: "k", operator: "NotIn", values: values.slice(0, 60) },
    { key: "k", operator: "NotIn", values: values.slice(60) },
  ]);
  const written = formatRequirements(parsed);
  assert.deepEqual(written.map(({ values = [] }) => values.length), [64, 36]);
  assert.deepEqual(written.flatMap(({ values = [] }) => values), values);
});

Deno.test("formatRequirements() refuses what nothing satisfies", () => {
  const parsed = parseRequirements([
    { key: "k", operator: "Exists" },
    { key: "k", operator: "DoesNotExist" },
  ]);
  assert.throws(() => formatRequirements(parsed), /nothing satisfies it/);
  const [condition] = parsed.values();
  assert.equal(condition && describeCondition(condition), "nothing");
});
