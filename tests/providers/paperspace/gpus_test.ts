import assert from "node:assert/strict";
import {
  fromPaperspaceGpu,
  paperspaceGpus,
  toPaperspaceGpu,
} from "../../../providers/paperspace/gpus.ts";
import { machineTypes } from "../../../providers/paperspace/machine_types.ts";
import { findGpuModel } from "../../../schemas/gpu_models.ts";
import { simMachineTypes } from "../../../sim/clouds/paperspace/catalog.ts";

Deno.test("every GPU that Paperspace sells has a model, of the memory it says, and back", () => {
  for (const [label, id] of paperspaceGpus) {
    assert.equal(findGpuModel(id)?.id, id);
    assert.equal(toPaperspaceGpu(id), label);
    assert.equal(fromPaperspaceGpu(label)?.id, id);
    assert.equal(fromPaperspaceGpu(label)?.memoryGb, simMachineTypes.get(label)?.gpuMemoryGiB);
  }
  for (const { label, gpuCount, base } of machineTypes.values()) {
    const expected = gpuCount === 0 ? undefined : paperspaceGpus.get(base);
    assert.equal(fromPaperspaceGpu(label)?.id, expected, label);
  }
});

Deno.test("fromPaperspaceGpu() knows the names that mislead", () => {
  const cases: [string, string | undefined][] = [
    // Quadros of Turing, not the cards of the Ada generation.
    ["RTX4000", "QUADRO-RTX-4000-8GB"],
    ["RTX5000", "QUADRO-RTX-5000-16GB"],
    // RTX cards for workstations; A40 and A100 are others.
    ["A4000", "RTX-A4000-16GB"],
    ["A5000", "RTX-A5000-24GB"],
    ["A6000", "RTX-A6000-48GB"],
    ["A40", undefined],
    // A Quadro of Maxwell; the console shows it as M4000.
    ["GPU+", "QUADRO-M4000-8GB"],
    ["M4000", undefined],
    // Cards of Pascal, which begin like the data-centre card P4 and P40.
    ["P4000", "QUADRO-P4000-8GB"],
    ["P4", undefined],
    ["P40", undefined],
    // The size is part of the name: one without it is the small one.
    ["V100", "V100-PCIE-16GB"],
    ["V100-32G", "V100-PCIE-32GB"],
    ["V100-16G", undefined],
    ["A100", "A100-PCIE-40GB"],
    ["A100-80G", "A100-PCIE-80GB"],
    ["A100-80Gx8", "A100-PCIE-80GB"],
    // The form factor is not stated; the machine with eight is NVLink.
    ["H100", "H100-SXM5-80GB"],
    ["H100x8", "H100-SXM5-80GB"],
    // Labels are exact: vendor samples write small letters, but the list does not.
    ["a100-80g", undefined],
    ["A4000x3", undefined],
    ["C5", undefined],
    ["", undefined],
  ];
  for (const [label, id] of cases) assert.equal(fromPaperspaceGpu(label)?.id, id, label);
});

Deno.test("toPaperspaceGpu() tells cards of one number apart, or lists candidates", () => {
  assert.equal(toPaperspaceGpu("rtx-a6000-48gb"), "A6000");
  assert.equal(toPaperspaceGpu("QUADRO-M4000-8GB"), "GPU+");
  const unsold = [
    "RTX-4000-ADA-20GB",
    "RTX-5000-ADA-32GB",
    "RTX-6000-ADA-48GB",
    "QUADRO-RTX-6000-24GB",
    "A40-48GB",
    "V100-SXM2-32GB",
    "A100-SXM4-80GB",
    "H100-PCIE-80GB",
  ];
  for (const model of unsold) {
    assert.throws(() => toPaperspaceGpu(model), /Cannot find GPU .* at Paperspace: it sells/);
  }
  assert.throws(() => toPaperspaceGpu("A100"), {
    name: "RangeError",
    message:
      'Cannot tell which GPU "A100" is at Paperspace: write one of A100-PCIE-80GB, A100-PCIE-40GB',
  });
});
