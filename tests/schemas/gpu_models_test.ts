import assert from "node:assert/strict";
import { lambdaGpuDescriptions } from "../../providers/lambda/gpus.ts";
import {
  findGpuModel,
  findGpuModelByProduct,
  gpuModels,
  gpuResources,
  gpuVendorOf,
  hasMemoryOf,
  suggestGpuModels,
} from "../../schemas/gpu_models.ts";
import { labelValueSchema } from "../../schemas/meta.ts";

Deno.test("every model's id tells its memory, and ids and labels are unique and legal", () => {
  assert.equal(gpuModels.length, 59);
  for (const model of gpuModels) {
    assert.match(model.id, new RegExp(`^[A-Z0-9-]+-${model.memoryGb}GB$`));
    assert.equal(labelValueSchema.parse(model.id), model.id);
    assert.equal(findGpuModel(model.id.toLowerCase()), model);
    if (model.product === undefined) continue;
    assert.equal(labelValueSchema.parse(model.product), model.product);
    assert.equal(findGpuModelByProduct(model.product), model);
  }
  assert.equal(new Set(gpuModels.map((model) => model.id)).size, gpuModels.length);
  const products = gpuModels.flatMap(({ product }) => product ?? []);
  assert.equal(new Set(products).size, products.length);
});

Deno.test("NVIDIA's cards have CUDA and a label, AMD's have neither", () => {
  for (const { id, vendor, product, computeCapability } of gpuModels) {
    const nvidia = vendor === "nvidia";
    assert.equal(product !== undefined, nvidia, id);
    assert.equal(/^\d+\.\d$/.test(computeCapability ?? ""), nvidia, id);
  }
  assert.equal(findGpuModelByProduct(""), undefined);
});

Deno.test("gpuVendorOf() asks the table, then the cloud", () => {
  assert.equal(gpuVendorOf({ model: "MI300X-192GB" }), "amd");
  assert.equal(gpuVendorOf({ model: "A10-24GB", vendor: "amd" }), "nvidia");
  assert.equal(gpuVendorOf({ model: "AMD Instinct MI355X", vendor: "amd" }), "amd");
  assert.equal(gpuVendorOf({ model: "H300" }), "nvidia");
  assert.deepEqual(gpuResources, { nvidia: "nvidia.com/gpu", amd: "amd.com/gpu" });
});

Deno.test("the longest label fits, with its suffix, into a label value", () => {
  const labels = gpuModels.flatMap(({ product }) => product ?? []).map((text) => `${text}-SHARED`);
  const longest = labels.sort((left, right) => right.length - left.length)[0] ?? "";
  assert.equal(
    longest,
    "NVIDIA-RTX-PRO-6000-Blackwell-Max-Q-Workstation-Edition-SHARED",
  );
  assert.equal(longest.length, 62);
  assert.equal(labelValueSchema.parse(longest), longest);
  assert.equal(findGpuModelByProduct(longest)?.id, "RTX-PRO-6000-MAXQ-96GB");
});

Deno.test("what a driver reports is taken for the nominal memory, another size is not", () => {
  for (const model of gpuModels) {
    if (model.reportedMiB !== undefined) assert.ok(hasMemoryOf(model, model.reportedMiB), model.id);
  }
  const cases: [string, number, boolean][] = [
    ["T4-16GB", 15_109, true],
    ["H100-SXM5-80GB", 81_559, true],
    ["H100-SXM5-80GB", 95_830, false],
    ["A100-SXM4-40GB", 39_538, true],
    ["A100-SXM4-40GB", 81_920, false],
    ["B300-288GB", 270 * 1024, true],
    ["H200-NVL-141GB", 143 * 1024, true],
    ["RTX-3080-10GB", 12 * 1024, false],
    ["RTX-A2000-6GB", 12 * 1024, false],
    ["V100-SXM2-16GB", 32_768, false],
  ];
  for (const [id, reportedMiB, expected] of cases) {
    const model = findGpuModel(id);
    assert.ok(model);
    assert.equal(hasMemoryOf(model, reportedMiB), expected, `${id} ${reportedMiB}`);
  }
});

Deno.test("no two sizes of one model could be taken for each other", () => {
  const family = (id: string) => id.replace(/-\d+GB$/, "");
  for (const one of gpuModels) {
    for (const other of gpuModels) {
      if (one === other || family(one.id) !== family(other.id)) continue;
      assert.ok(!hasMemoryOf(one, other.memoryGb * 1024), `${one.id} ${other.id}`);
    }
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

Deno.test("'RTX 4000' and 'RTX 5000' are Quadros at one cloud, Ada cards at another", () => {
  const of = (label: string) => {
    const model = findGpuModelByProduct(label);
    return [model?.id, model?.architecture, model?.memoryGb];
  };
  assert.deepEqual(of("Quadro-RTX-4000"), ["QUADRO-RTX-4000-8GB", "turing", 8]);
  assert.deepEqual(of("Quadro-RTX-5000"), ["QUADRO-RTX-5000-16GB", "turing", 16]);
  assert.deepEqual(of("NVIDIA-RTX-4000-Ada-Generation"), ["RTX-4000-ADA-20GB", "ada-lovelace", 20]);
  assert.deepEqual(of("NVIDIA-RTX-5000-Ada-Generation"), ["RTX-5000-ADA-32GB", "ada-lovelace", 32]);
  assert.deepEqual(of("NVIDIA-RTX-4000-SFF-Ada-Generation")[0], "RTX-4000-SFF-ADA-20GB");
});

Deno.test("A4000, A5000, A6000 are workstation cards, A40 and A100 are not", () => {
  for (const [word, id] of [["A4000", 16], ["A5000", 24], ["A6000", 48]] as const) {
    assert.deepEqual(suggestGpuModels(word), [`RTX-${word}-${id}GB`]);
    assert.equal(findGpuModelByProduct(`NVIDIA-${word}`), undefined);
  }
  assert.deepEqual(suggestGpuModels("a40"), ["A40-48GB"]);
});

Deno.test("M4000 is a Quadro of its own, not an A4000 or P4000", () => {
  assert.equal(findGpuModelByProduct("Quadro-M4000")?.computeCapability, "5.2");
  assert.equal(findGpuModelByProduct("Quadro-P4000")?.computeCapability, "6.1");
  assert.deepEqual(suggestGpuModels("m4000"), ["QUADRO-M4000-8GB"]);
});

Deno.test("the 480 in GH200's label is the CPU's memory", () => {
  const model = findGpuModelByProduct("NVIDIA-GH200-480GB");
  assert.deepEqual([model?.id, model?.memoryGb, model?.cpu], ["GH200-96GB", 96, "arm64"]);
});

Deno.test("H100's SXM card does not say SXM", () => {
  assert.equal(findGpuModelByProduct("NVIDIA-H100-80GB-HBM3")?.id, "H100-SXM5-80GB");
  assert.equal(findGpuModelByProduct("NVIDIA-H100-PCIe")?.id, "H100-PCIE-80GB");
  assert.equal(findGpuModelByProduct("NVIDIA-H100-NVL")?.memoryGb, 94);
});

Deno.test("H200 alone is the SXM card", () => {
  assert.equal(findGpuModelByProduct("NVIDIA-H200")?.id, "H200-SXM5-141GB");
  assert.equal(findGpuModelByProduct("NVIDIA-H200-NVL")?.id, "H200-NVL-141GB");
});

Deno.test("one type name covers two form factors: only the description tells", () => {
  assert.equal(lambdaGpuDescriptions.get("A100 (40 GB PCIe)"), "A100-PCIE-40GB");
  assert.equal(lambdaGpuDescriptions.get("A100 (40 GB SXM4)"), "A100-SXM4-40GB");
  assert.equal(findGpuModel("A100-40GB"), undefined);
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
  const cases: [string, string | undefined][] = [
    ["NVIDIA-A10", "A10-24GB"],
    ["NVIDIA-A100", undefined],
    ["NVIDIA-A10G", undefined],
    ["NVIDIA-L4", "L4-24GB"],
    ["NVIDIA-L40", "L40-48GB"],
    ["NVIDIA-L40S", "L40S-48GB"],
    ["Tesla-P4", undefined],
    ["Tesla-P40", undefined],
    ["Tesla-T4", "T4-16GB"],
    ["T4g", undefined],
    ["NVIDIA-GeForce-RTX-4080", "RTX-4080-16GB"],
    ["NVIDIA-GeForce-RTX-4080-SUPER", "RTX-4080-SUPER-16GB"],
    ["NVIDIA-GeForce-RTX-4070", undefined],
    ["NVIDIA-GeForce-RTX-4070-Ti", "RTX-4070-TI-12GB"],
    ["NVIDIA-GeForce-RTX-3090", "RTX-3090-24GB"],
    ["NVIDIA-GeForce-RTX-3090-Ti", "RTX-3090-TI-24GB"],
    ["NVIDIA-GeForce-RTX-3080", "RTX-3080-10GB"],
    ["NVIDIA-GeForce-RTX-3080-Ti", "RTX-3080-TI-12GB"],
  ];
  for (const [label, id] of cases) assert.equal(findGpuModelByProduct(label)?.id, id, label);
});

Deno.test("a server edition of the RTX PRO 4500 is still one", () => {
  for (const edition of ["", "-Server-Edition"]) {
    const model = findGpuModelByProduct(`NVIDIA-RTX-PRO-4500-Blackwell${edition}`);
    assert.equal(model?.id, "RTX-PRO-4500-32GB");
  }
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
