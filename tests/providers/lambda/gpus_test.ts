import assert from "node:assert/strict";
import {
  fromLambdaGpu,
  lambdaArchitecture,
  lambdaGpuDescriptions,
  parseLambdaGpuDescription,
  toLambdaGpu,
} from "../../../providers/lambda/gpus.ts";
import { findGpuModel } from "../../../schemas/gpu_models.ts";
import { simInstanceTypes } from "../../../sim/clouds/lambda/catalog.ts";

Deno.test("every GPU that Lambda sells has a model, of the memory it says, and back", () => {
  for (const { gpu_description: description, specs } of simInstanceTypes.values()) {
    if (specs.gpus === 0) continue;
    const model = fromLambdaGpu(description);
    assert.ok(model, description);
    assert.equal(model.memoryGb, parseLambdaGpuDescription(description).memoryGb);
    assert.equal(toLambdaGpu(model.id), description);
  }
  for (const id of lambdaGpuDescriptions.values()) assert.ok(findGpuModel(id), id);
});

Deno.test("fromLambdaGpu() knows the names that mislead", () => {
  const cases: [string, string | undefined][] = [
    ["RTX 6000 (24 GB)", "QUADRO-RTX-6000-24GB"],
    ["A6000 (48 GB)", "RTX-A6000-48GB"],
    ["A100 (40 GB SXM4)", "A100-SXM4-40GB"],
    ["A100 (40 GB PCIe)", "A100-PCIE-40GB"],
    ["A10  (24 GB PCIe) ", "A10-24GB"],
    ["Tesla V100 (16 GB)", "V100-SXM2-16GB"],
    ["GH200 (96 GB)", "GH200-96GB"],
    ["H100 (80 GB)", undefined],
    ["A10", undefined],
    ["N/A", undefined],
  ];
  for (const [description, id] of cases) {
    assert.equal(fromLambdaGpu(description)?.id, id, description);
  }
});

Deno.test("toLambdaGpu() lists candidates for a name that is not exact", () => {
  assert.equal(toLambdaGpu("h100-sxm5-80gb"), "H100 (80 GB SXM5)");
  assert.throws(() => toLambdaGpu("H100"), {
    name: "RangeError",
    message:
      'Cannot tell which GPU "H100" is at Lambda: write one of H100-SXM5-80GB, H100-PCIE-80GB',
  });
  assert.throws(() => toLambdaGpu("MI300X"), /Cannot find GPU "MI300X" at Lambda: it sells B200/);
  assert.throws(() => toLambdaGpu("L40S-48GB"), /it sells/);
});

Deno.test("parseLambdaGpuDescription() takes unknown cards apart", () => {
  const cases: [string, string, number][] = [
    ["H300 (288 GB SXM7)", "H300", 288],
    ["Tesla P9 (16 GB)", "P9", 16],
    ["Something new", "Something new", 0],
    ["", "", 0],
  ];
  for (const [description, name, memoryGb] of cases) {
    assert.deepEqual(parseLambdaGpuDescription(description), { name, memoryGb });
  }
});

Deno.test("lambdaArchitecture() knows Grace", () => {
  const cases = [
    ["GH200 (96 GB)", "arm64"],
    ["GB200 (192 GB)", "arm64"],
    ["H100 (80 GB SXM5)", "amd64"],
    ["B200 (180 GB SXM6)", "amd64"],
    ["N/A", "amd64"],
  ] as const;
  for (const [description, arch] of cases) assert.equal(lambdaArchitecture(description), arch);
});
