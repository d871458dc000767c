import assert from "node:assert/strict";
import { matchesSelector, selectorKeys } from "../../scheduling/selectors.ts";
import type { LabelSelector } from "../../schemas/kubernetes.ts";

const labels = { app: "web", tier: "front" };
const cases: readonly [string, LabelSelector | undefined, boolean][] = [
  ["an absent selector: nothing", undefined, false],
  ["an empty selector: everything", {}, true],
  ["equal labels", { matchLabels: { app: "web" } }, true],
  ["one of two different", { matchLabels: { app: "web", tier: "back" } }, false],
  ["In", { matchExpressions: [{ key: "app", operator: "In", values: ["web", "api"] }] }, true],
  [
    "In without the label",
    { matchExpressions: [{ key: "x", operator: "In", values: ["web"] }] },
    false,
  ],
  ["NotIn", { matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] }, false],
  ["NotIn without the label", {
    matchExpressions: [{ key: "x", operator: "NotIn", values: ["web"] }],
  }, true],
  ["Exists", { matchExpressions: [{ key: "app", operator: "Exists" }] }, true],
  ["Exists without the label", { matchExpressions: [{ key: "x", operator: "Exists" }] }, false],
  ["DoesNotExist", { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] }, false],
  [
    "DoesNotExist without the label",
    { matchExpressions: [{ key: "x", operator: "DoesNotExist" }] },
    true,
  ],
  ["all together", {
    matchLabels: { app: "web" },
    matchExpressions: [{ key: "tier", operator: "In", values: ["back"] }],
  }, false],
];
for (const [name, selector, expected] of cases) {
  Deno.test(`matchesSelector() reads ${name}`, () => {
    assert.equal(matchesSelector(selector, labels), expected);
  });
}

Deno.test("selectorKeys() lists every key a selector looks at", () => {
  assert.deepEqual(
    selectorKeys({ matchLabels: { a: "1" }, matchExpressions: [{ key: "b", operator: "Exists" }] }),
    ["a", "b"],
  );
  assert.deepEqual(selectorKeys(undefined), []);
});

Deno.test("matchesSelector() takes nothing that objects inherit for a label", () => {
  for (const key of ["constructor", "toString"]) {
    const is = (operator: "Exists" | "DoesNotExist") => ({ matchExpressions: [{ key, operator }] });
    assert.equal(matchesSelector(is("Exists"), { app: "x" }), false);
    assert.equal(matchesSelector(is("DoesNotExist"), { app: "x" }), true);
    assert.equal(matchesSelector(is("Exists"), { [key]: "x" }), true);
  }
});
