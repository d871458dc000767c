import assert from "node:assert/strict";
import { findGpuModel } from "../../../schemas/gpu_models.ts";
import {
  fromRunpodGpu,
  runpodGpuTypes,
  toOfferGpu,
  toRunpodGpu,
} from "../../../providers/runpod/gpus.ts";

Deno.test("every model of the table is known, and goes both ways", () => {
  for (const [gpuId, model] of runpodGpuTypes) {
    assert.equal(findGpuModel(model)?.id, model, model);
    assert.equal(fromRunpodGpu(gpuId)?.id, model);
    assert.equal(fromRunpodGpu(toRunpodGpu(model))?.id, model);
  }
});

Deno.test("an id is the name that NVIDIA's driver reports", () => {
  // Spellings of an enum that no driver reports.
  const misspelt = new Set(["NVIDIA RTX A30", "NVIDIA GeForce RTX 3080TI"]);
  for (const [gpuId, model] of runpodGpuTypes) {
    const product = findGpuModel(model)?.product;
    if (product === undefined || misspelt.has(gpuId)) continue;
    assert.equal(product, gpuId.replaceAll(" ", "-"));
  }
});

Deno.test("names that mislead", () => {
  const cases: Readonly<Record<string, string | undefined>> = {
    // "RTX 6000" is four cards.
    "NVIDIA RTX 6000 Ada Generation": "RTX-6000-ADA-48GB",
    "NVIDIA RTX A6000": "RTX-A6000-48GB",
    "NVIDIA RTX PRO 6000 Blackwell Server Edition": "RTX-PRO-6000-SERVER-96GB",
    "NVIDIA RTX PRO 6000 Blackwell Workstation Edition": "RTX-PRO-6000-WS-96GB",
    "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition": "RTX-PRO-6000-MAXQ-96GB",
    "RTX 6000": undefined,
    "RTX 6000 Ada": undefined,
    // Ada here; Paperspace's RTX4000 and RTX5000 are Turing.
    "NVIDIA RTX 4000 Ada Generation": "RTX-4000-ADA-20GB",
    "NVIDIA RTX 5000 Ada Generation": "RTX-5000-ADA-32GB",
    // Workstation cards and data-centre cards.
    "NVIDIA RTX A4000": "RTX-A4000-16GB",
    "NVIDIA RTX A5000": "RTX-A5000-24GB",
    "NVIDIA A40": "A40-48GB",
    // The word SXM does not appear.
    "NVIDIA H100 80GB HBM3": "H100-SXM5-80GB",
    "NVIDIA H200": "H200-SXM5-141GB",
    "NVIDIA H100 PCIe": "H100-PCIE-80GB",
    "NVIDIA H100 NVL": "H100-NVL-94GB",
    "NVIDIA H200 NVL": "H200-NVL-141GB",
    // Words in another order than on the 40 GB card.
    "NVIDIA A100 80GB PCIe": "A100-PCIE-80GB",
    "NVIDIA A100-SXM4-80GB": "A100-SXM4-80GB",
    "NVIDIA A100-SXM4-40GB": "A100-SXM4-40GB",
    // Never by substring.
    "NVIDIA L4": "L4-24GB",
    "NVIDIA L40": "L40-48GB",
    "NVIDIA L40S": "L40S-48GB",
    "NVIDIA L400": undefined,
    // The same chip with two sizes.
    "Tesla V100-SXM2-16GB": "V100-SXM2-16GB",
    "Tesla V100-SXM2-32GB": "V100-SXM2-32GB",
    "Tesla V100": undefined,
    // Suffixes that are other cards.
    "NVIDIA GeForce RTX 4080": "RTX-4080-16GB",
    "NVIDIA GeForce RTX 4080 SUPER": "RTX-4080-SUPER-16GB",
    "NVIDIA GeForce RTX 3090": "RTX-3090-24GB",
    "NVIDIA GeForce RTX 3090 Ti": "RTX-3090-TI-24GB",
    "NVIDIA GeForce RTX 3080": "RTX-3080-10GB",
    "NVIDIA GeForce RTX 3080 Ti": "RTX-3080-TI-12GB",
    // Misspelt in the vendor's own enum.
    "NVIDIA  A30": "A30-24GB",
    "NVIDIA  RTX A4500": "RTX-A4500-20GB",
    "NVIDIA GeForce RTX 3080TI": "RTX-3080-TI-12GB",
    // Slices are no cards.
    "NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 1g.24gb": undefined,
    "NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 2g.48gb": undefined,
    // In one enum, and no such card: nobody knows which it is.
    "NVIDIA A5000 Ada": undefined,
    unknown: undefined,
  };
  for (const [gpuId, model] of Object.entries(cases)) {
    assert.equal(fromRunpodGpu(gpuId)?.id, model, gpuId);
  }
});

Deno.test("the stated memory tells cards of one name apart", () => {
  assert.equal(fromRunpodGpu("NVIDIA GeForce RTX 3080", 10)?.id, "RTX-3080-10GB");
  assert.equal(fromRunpodGpu("NVIDIA GeForce RTX 3080", 12), undefined);
  // The vendor says 143 of 141.
  assert.equal(fromRunpodGpu("NVIDIA H200 NVL", 143)?.id, "H200-NVL-141GB");
});

Deno.test("toRunpodGpu() lists candidates for what it does not know", () => {
  assert.throws(() => toRunpodGpu("H100"), /H100-NVL-94GB/);
  assert.throws(() => toRunpodGpu("GH200-96GB"), RangeError);
});

Deno.test("toOfferGpu() keeps the name of a GPU that it does not know, and who made it", () => {
  assert.deepEqual(
    toOfferGpu({ id: "NVIDIA H300", manufacturer: "NVIDIA", memoryGb: 384 }, 4),
    { model: "NVIDIA H300", known: false, vendor: "nvidia", count: 4, memoryGb: 384 },
  );
  assert.equal(
    toOfferGpu({ id: "AMD Instinct MI400", manufacturer: "AMD", memoryGb: 432 }, 1).vendor,
    "amd",
  );
  assert.deepEqual(
    toOfferGpu({ id: "NVIDIA L4", manufacturer: "", memoryGb: 0 }, 1),
    { model: "L4-24GB", known: true, count: 1, memoryGb: 24 },
  );
});
