import assert from "node:assert/strict";
import { toStructural } from "../../generate/structural.ts";
import { limitsSchema } from "../../schemas/limits.ts";
import { createJudge } from "../support/structural_validator.ts";

const judge = createJudge(toStructural(limitsSchema));

Deno.test("limitsSchema takes resources as nodes call them", () => {
  const resources = {
    cpu: 1,
    memory: "1Gi",
    "ephemeral-storage": "1Ti",
    pods: 9,
    "amd.com/gpu": 1,
  };
  assert.deepEqual(judge({ resources }).faults, []);
});

Deno.test("limitsSchema refuses a resource that no node has, since its limit would never be reached", () => {
  assert.deepEqual(judge({ resources: { gpu: 8, memory: "1Ti" } }).faults, [
    'resources: Invalid value: no node has a resource called "gpu": write cpu, memory, ' +
    "ephemeral-storage, or a name with its domain, such as nvidia.com/gpu",
  ]);
});

Deno.test("limitsSchema refuses limits of nothing", () => {
  for (const limits of [{ nodes: 0 }, { spendPerHour: "0" }, { spendPerDay: "0.00" }]) {
    assert.equal(judge(limits).faults.length, 1, JSON.stringify(limits));
  }
});
