import assert from "node:assert/strict";
import fc from "fast-check";
import { parseInstanceType, toInstanceType } from "../../../providers/runpod/instance_type.ts";

Deno.test("an instance type is a count and a GPU type, and can be taken apart again", () => {
  const shape = { gpuId: "NVIDIA GeForce RTX 4090", count: 2 };
  assert.equal(toInstanceType(shape), "2x NVIDIA GeForce RTX 4090");
  assert.deepEqual(parseInstanceType("2x NVIDIA GeForce RTX 4090"), shape);
  const gpuId = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 .x-]{0,60}$/);
  fc.assert(fc.property(gpuId, fc.integer({ min: 1, max: 99 }), (gpuId, count) => {
    assert.deepEqual(parseInstanceType(toInstanceType({ gpuId, count })), { gpuId, count });
  }));
});

Deno.test("parseInstanceType() takes nothing else", () => {
  for (
    const text of [
      "",
      "NVIDIA L4",
      "0x NVIDIA L4",
      "2x ",
      "2xNVIDIA L4",
      "gpu_1x_a10",
      "-1x NVIDIA L4",
    ]
  ) assert.equal(parseInstanceType(text), undefined, text);
});
