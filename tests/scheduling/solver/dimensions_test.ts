import assert from "node:assert/strict";
import {
  addLoad,
  countFitting,
  createDimensions,
  hasRoom,
  holds,
  isDevice,
  toResources,
} from "../../../scheduling/solver/dimensions.ts";
import { parseResources } from "../../../schemas/quantity.ts";

Deno.test("isDevice() tells devices from what every machine has", () => {
  assert.ok(isDevice("nvidia.com/gpu"));
  assert.ok(isDevice("amd.com/gpu"));
  for (
    const name of ["cpu", "memory", "pods", "hugepages-2Mi", "attachable-volumes.kubernetes.io/x"]
  ) {
    assert.ok(!isDevice(name));
  }
});

Deno.test("createDimensions() has one per resource asked for, devices first, and ignores others", () => {
  const dimensions = createDimensions([
    parseResources({ pods: "1", memory: "1Gi", cpu: "1" }),
    parseResources({ "nvidia.com/gpu": "1" }),
  ]);
  assert.deepEqual(dimensions.names, ["nvidia.com/gpu", "cpu", "memory", "pods"]);
  const vector = dimensions.toVector(parseResources({ cpu: "2", "ephemeral-storage": "5Gi" }));
  assert.deepEqual(vector, Float64Array.of(0, 2000, 0, 0));
  assert.deepEqual(toResources(dimensions, vector), parseResources({ cpu: "2" }));
});

Deno.test("hasRoom() asks only about what is added, holds() about everything", () => {
  const room = Float64Array.of(0, 10);
  const load = Float64Array.of(1, 4);
  assert.ok(hasRoom(room, load, Float64Array.of(0, 6)));
  assert.ok(!hasRoom(room, load, Float64Array.of(0, 7)));
  assert.ok(!holds(room, load, Float64Array.of(0, 6)));
  assert.ok(holds(Float64Array.of(1, 10), load, Float64Array.of(0, 6)));
});

Deno.test("countFitting() counts whole copies by the scarcest dimension", () => {
  assert.equal(countFitting(Float64Array.of(8, 20), Float64Array.of(1, 6)), 3);
  assert.equal(countFitting(Float64Array.of(8, -1), Float64Array.of(1, 1)), 0);
  const load = Float64Array.of(1, 1);
  addLoad(load, Float64Array.of(2, 3), 2);
  assert.deepEqual(load, Float64Array.of(5, 7));
});
