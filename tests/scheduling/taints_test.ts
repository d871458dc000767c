import assert from "node:assert/strict";
import { findUntolerated, formatTaint, tolerates } from "../../scheduling/taints.ts";
import type { Taint, Toleration } from "../../schemas/kubernetes.ts";

const taint: Taint = { key: "gpu", value: "yes", effect: "NoSchedule" };

const cases: readonly [string, Toleration, Taint, boolean][] = [
  [
    "the same key, value and effect",
    { key: "gpu", value: "yes", effect: "NoSchedule" },
    taint,
    true,
  ],
  ["no operator as Equal", { key: "gpu", value: "yes" }, taint, true],
  ["another value", { key: "gpu", operator: "Equal", value: "no" }, taint, false],
  ["no value against a value", { key: "gpu", operator: "Equal" }, taint, false],
  ["no value against no value", { key: "gpu" }, { key: "gpu", effect: "NoSchedule" }, true],
  ["Exists whatever the value", { key: "gpu", operator: "Exists" }, taint, true],
  ["another key", { key: "cpu", operator: "Exists" }, taint, false],
  ["another effect", { key: "gpu", operator: "Exists", effect: "NoExecute" }, taint, false],
  ["an empty effect as every effect", { key: "gpu", operator: "Exists" }, {
    ...taint,
    effect: "NoExecute",
  }, true],
  ["an empty key with Exists as everything", { operator: "Exists" }, taint, true],
  [
    "an empty key with Exists, of one effect only",
    { operator: "Exists", effect: "NoExecute" },
    taint,
    false,
  ],
  [
    "a limited time of NoExecute",
    { key: "gpu", operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 },
    { ...taint, effect: "NoExecute" },
    true,
  ],
];
for (const [name, toleration, given, expected] of cases) {
  Deno.test(`tolerates() reads ${name}`, () => {
    assert.equal(tolerates(toleration, given), expected);
  });
}

Deno.test("findUntolerated() finds the first taint that no toleration covers", () => {
  const second: Taint = { key: "spot", effect: "NoExecute" };
  const tolerations: Toleration[] = [{ key: "gpu", operator: "Exists" }];
  assert.equal(findUntolerated([taint, second], tolerations), second);
  assert.equal(findUntolerated([taint], tolerations), undefined);
  assert.equal(findUntolerated([taint]), taint);
});

Deno.test("findUntolerated() ignores PreferNoSchedule, which is a wish", () => {
  assert.equal(findUntolerated([{ key: "gpu", effect: "PreferNoSchedule" }]), undefined);
});

Deno.test("formatTaint() writes taints as kubectl does", () => {
  assert.equal(formatTaint(taint), "gpu=yes:NoSchedule");
  assert.equal(formatTaint({ key: "gpu", effect: "NoExecute" }), "gpu:NoExecute");
});
