import assert from "node:assert/strict";
import { findNearest, suggestKey } from "../../scheduling/label_hint.ts";

const keys: readonly [string, string | undefined][] = [
  ["tgp.io/gpu-modle", "tgp.io/gpu-model"],
  ["tgp.io/gpu_model", "tgp.io/gpu-model"],
  ["gpu-model", "tgp.io/gpu-model"],
  ["tgp.io/zone", "topology.kubernetes.io/zone"],
  ["nvidia.com/gpu.products", "nvidia.com/gpu.product"],
  ["tgp.io/gpu-model", undefined],
  ["example.com/team", undefined],
];
for (const [given, expected] of keys) {
  Deno.test(`suggestKey() for ${given} is ${expected ?? "nothing"}`, () => {
    assert.equal(suggestKey(given), expected);
  });
}

Deno.test("suggestKey() knows the keys at hand", () => {
  assert.equal(suggestKey("example.com/taem", ["example.com/team"]), "example.com/team");
  assert.equal(suggestKey("example.com/team", ["example.com/team"]), undefined);
});

Deno.test("findNearest() finds values by prefix, by case and by few edits, and nothing far away", () => {
  const models = ["A10-24GB", "H100-PCIE-80GB", "H100-SXM5-80GB", "L4-24GB"];
  assert.equal(findNearest("H100-SXM5", models), "H100-SXM5-80GB");
  assert.equal(findNearest("h100-sxm5-80gb", models), "H100-SXM5-80GB");
  assert.equal(findNearest("A10-24G", models), "A10-24GB");
  assert.equal(findNearest("MI300X-192GB", models), undefined);
  assert.equal(findNearest("x", []), undefined);
});
