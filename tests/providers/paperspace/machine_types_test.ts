import assert from "node:assert/strict";
import { machineTypes } from "../../../providers/paperspace/machine_types.ts";
import { simMachineTypes } from "../../../sim/clouds/paperspace/catalog.ts";

Deno.test("shapes and places are those of the vendor's pages, read twice", () => {
  for (const type of machineTypes.values()) {
    const sim = simMachineTypes.get(type.label);
    assert.ok(sim, type.label);
    assert.deepEqual(
      [type.vcpus, type.memoryGiB, type.gpuCount, [...type.regions]],
      [sim.cpus, sim.memoryGiB, sim.gpuCount, [...sim.regions]],
      type.label,
    );
  }
});

Deno.test("every type has a shape but C2, which is in no list any more", () => {
  const missing = [...simMachineTypes.keys()].filter((label) => !machineTypes.has(label));
  assert.deepEqual(missing, ["C2"]);
});

Deno.test("labels of larger machines are the card's, x and the count", () => {
  assert.deepEqual(machineTypes.get("A6000x4"), {
    label: "A6000x4",
    base: "A6000",
    gpuCount: 4,
    vcpus: 32,
    memoryGiB: 180,
    regions: ["ny2", "ca1"],
  });
  const { vcpus, memoryGiB } = machineTypes.get("H100x8") ?? {};
  assert.deepEqual([vcpus, memoryGiB], [128, 2048]);
  for (const label of ["V100x2", "A100-80Gx2", "A100-80Gx4", "GPU+x2", "M4000", "A4000x8"]) {
    assert.ok(!machineTypes.has(label), label);
  }
});
