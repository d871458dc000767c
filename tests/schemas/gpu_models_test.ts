import assert from "node:assert/strict";
import {
  findGpuModel,
  findGpuModelByProduct,
  gpuModels,
  suggestGpuModels,
} from "../../schemas/gpu_models.ts";
import { labelValueSchema } from "../../schemas/meta.ts";

Deno.test("every model's id tells its memory, and ids and labels are unique and legal", () => {
  assert.ok(gpuModels.length > 40);
  for (const model of gpuModels) {
    assert.match(model.id, new RegExp(`^[A-Z0-9-]+-${model.memoryGb}GB$`));
    assert.equal(labelValueSchema.parse(model.product), model.product);
    assert.equal(labelValueSchema.parse(model.id), model.id);
    assert.equal(findGpuModel(model.id.toLowerCase()), model);
    assert.equal(findGpuModelByProduct(model.product), model);
  }
  assert.equal(new Set(gpuModels.map((model) => model.id)).size, gpuModels.length);
  assert.equal(new Set(gpuModels.map((model) => model.product)).size, gpuModels.length);
});

Deno.test("reported memory is within 10 % of the nominal", () => {
  for (const { id, memoryGb, reportedMiB } of gpuModels) {
    if (reportedMiB === undefined) continue;
    const ratio = reportedMiB / 1024 / memoryGb;
    assert.ok(ratio > 0.9 && ratio < 1.1, `${id}: ${ratio}`);
  }
});

// One test per name that has misled others.

Deno.test("'RTX 6000' is four cards", () => {
  const byProduct = (label: string) => findGpuModelByProduct(label)?.id;
  assert.equal(byProduct("Quadro-RTX-6000"), "QUADRO-RTX-6000-24GB");
  assert.equal(byProduct("NVIDIA-RTX-A6000"), "RTX-A6000-48GB");
  assert.equal(byProduct("NVIDIA-RTX-6000-Ada-Generation"), "RTX-6000-ADA-48GB");
  assert.equal(
    byProduct("NVIDIA-RTX-PRO-6000-Blackwell-Server-Edition"),
    "RTX-PRO-6000-SERVER-96GB",
  );
  assert.equal(byProduct("RTX-6000"), undefined);
});

Deno.test("the 480 in GH200's label is the CPU's memory", () => {
  const model = findGpuModelByProduct("NVIDIA-GH200-480GB");
  assert.deepEqual([model?.id, model?.memoryGb, model?.cpu], ["GH200-96GB", 96, "arm64"]);
});

Deno.test("H100's SXM card does not say SXM", () => {
  assert.equal(findGpuModelByProduct("NVIDIA-H100-80GB-HBM3")?.id, "H100-SXM5-80GB");
  assert.equal(findGpuModelByProduct("NVIDIA-H100-PCIe")?.id, "H100-PCIE-80GB");
});

Deno.test("A100's PCIe cards order their words differently", () => {
  assert.equal(findGpuModelByProduct("NVIDIA-A100-80GB-PCIe")?.id, "A100-PCIE-80GB");
  assert.equal(findGpuModelByProduct("NVIDIA-A100-PCIE-40GB")?.id, "A100-PCIE-40GB");
});

Deno.test("V100's memory is in its label, and old drivers leave NVIDIA out", () => {
  assert.equal(findGpuModelByProduct("Tesla-V100-SXM2-16GB")?.memoryGb, 16);
  assert.equal(findGpuModelByProduct("Tesla-V100-SXM2-32GB")?.memoryGb, 32);
  assert.equal(findGpuModelByProduct("A100-SXM4-40GB")?.id, "A100-SXM4-40GB");
});

Deno.test("short names do not match longer ones", () => {
  for (const label of ["NVIDIA-A10", "NVIDIA-A100", "NVIDIA-A10G", "NVIDIA-L4", "NVIDIA-L40S"]) {
    const model = findGpuModelByProduct(label);
    assert.ok(model === undefined || model.product === label);
  }
  assert.equal(findGpuModelByProduct("NVIDIA-A10G"), undefined);
});

Deno.test("suffixes of sharing and MIG are not part of the name", () => {
  assert.equal(findGpuModelByProduct("NVIDIA-A10-SHARED")?.id, "A10-24GB");
  assert.equal(findGpuModelByProduct("NVIDIA-A100-SXM4-80GB-MIG-1g.10gb")?.id, "A100-SXM4-80GB");
});

Deno.test("suggestGpuModels() finds what a short name may mean, by whole words", () => {
  assert.deepEqual(suggestGpuModels("a10"), ["A10-24GB"]);
  assert.deepEqual(suggestGpuModels("A100 80"), ["A100-SXM4-80GB", "A100-PCIE-80GB"]);
  assert.ok(suggestGpuModels("6000").length >= 4);
  assert.deepEqual(suggestGpuModels("H"), []);
  assert.deepEqual(suggestGpuModels(""), []);
});
