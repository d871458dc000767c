import assert from "node:assert/strict";
import { fromLambdaGpu } from "../../../providers/lambda/gpus.ts";
import { NativeGpus } from "../../../providers/offers/native_gpus.ts";
import { fromPaperspaceGpu } from "../../../providers/paperspace/gpus.ts";
import { fromRunpodGpu } from "../../../providers/runpod/gpus.ts";

const gpus = new NativeGpus(
  "Cloud",
  new Map([
    ["NVIDIA A30", "A30-24GB"],
    ["NVIDIA GeForce RTX 3080", "RTX-3080-10GB"],
    ["NVIDIA GeForce RTX 3080TI", "RTX-3080-TI-12GB"],
    ["NVIDIA GeForce RTX 3080 Ti", "RTX-3080-TI-12GB"],
  ]),
);

Deno.test("find() reads exact names, whatever their spaces", () => {
  for (const native of ["NVIDIA A30", "NVIDIA  A30", " NVIDIA A30\n"]) {
    assert.equal(gpus.find(native)?.id, "A30-24GB");
  }
  for (const native of ["NVIDIA A3", "A30", "nvidia a30", ""]) {
    assert.equal(gpus.find(native), undefined);
  }
});

Deno.test("find() does not take a card for its namesake with other memory", () => {
  assert.equal(gpus.find("NVIDIA GeForce RTX 3080", 10)?.id, "RTX-3080-10GB");
  assert.equal(gpus.find("NVIDIA GeForce RTX 3080", 12), undefined);
  assert.equal(gpus.find("NVIDIA A30", 23.7)?.id, "A30-24GB");
});

Deno.test("toNative() sends the first of several names, and lists candidates", () => {
  assert.equal(gpus.toNative("rtx-3080-ti-12gb"), "NVIDIA GeForce RTX 3080TI");
  assert.throws(() => gpus.toNative("RTX 3080"), {
    name: "RangeError",
    message:
      'Cannot tell which GPU "RTX 3080" is at Cloud: write one of RTX-3080-TI-12GB, RTX-3080-10GB',
  });
  assert.throws(() => gpus.toNative("H100"), {
    name: "RangeError",
    message: 'Cannot find GPU "H100" at Cloud: it sells A30-24GB, RTX-3080-10GB, RTX-3080-TI-12GB',
  });
});

const clouds = { lambda: fromLambdaGpu, paperspace: fromPaperspaceGpu, runpod: fromRunpodGpu };

/** Names that mislead, by what is misleading; `undefined`: no card that we know. */
const misleading: Readonly<
  Record<string, readonly (readonly [keyof typeof clouds, string, string | undefined])[]>
> = {
  "RTX 6000 is four cards": [
    ["lambda", "RTX 6000 (24 GB)", "QUADRO-RTX-6000-24GB"],
    ["runpod", "NVIDIA RTX 6000 Ada Generation", "RTX-6000-ADA-48GB"],
    ["runpod", "NVIDIA RTX A6000", "RTX-A6000-48GB"],
    ["lambda", "A6000 (48 GB)", "RTX-A6000-48GB"],
    ["paperspace", "A6000", "RTX-A6000-48GB"],
    ["runpod", "NVIDIA RTX PRO 6000 Blackwell Server Edition", "RTX-PRO-6000-SERVER-96GB"],
  ],
  "RTX 4000 and 5000 are Turing's at one cloud, Ada's at another": [
    ["paperspace", "RTX4000", "QUADRO-RTX-4000-8GB"],
    ["paperspace", "RTX5000", "QUADRO-RTX-5000-16GB"],
    ["runpod", "NVIDIA RTX 4000 Ada Generation", "RTX-4000-ADA-20GB"],
    ["runpod", "NVIDIA RTX 5000 Ada Generation", "RTX-5000-ADA-32GB"],
  ],
  "A4000 to A6000 are workstation cards, A40 and A100 are not": [
    ["paperspace", "A4000", "RTX-A4000-16GB"],
    ["paperspace", "A5000", "RTX-A5000-24GB"],
    ["runpod", "NVIDIA A40", "A40-48GB"],
    ["paperspace", "A100", "A100-PCIE-40GB"],
  ],
  "GPU+ is a Quadro M4000": [["paperspace", "GPU+", "QUADRO-M4000-8GB"]],
  "SXM does not appear in the names of SXM cards": [
    ["runpod", "NVIDIA H100 80GB HBM3", "H100-SXM5-80GB"],
    ["runpod", "NVIDIA H200", "H200-SXM5-141GB"],
    ["runpod", "NVIDIA H100 NVL", "H100-NVL-94GB"],
  ],
  "GH200 has 96 GB": [["lambda", "GH200 (96 GB)", "GH200-96GB"]],
  "A100's PCIe cards order their words differently": [
    ["runpod", "NVIDIA A100 80GB PCIe", "A100-PCIE-80GB"],
    ["runpod", "NVIDIA A100-SXM4-80GB", "A100-SXM4-80GB"],
  ],
  "only Lambda's description tells the form": [
    ["lambda", "A100 (40 GB PCIe)", "A100-PCIE-40GB"],
    ["lambda", "A100 (40 GB SXM4)", "A100-SXM4-40GB"],
    ["lambda", "A100", undefined],
  ],
  "nothing matches by a part of its name": [
    ["runpod", "NVIDIA L4", "L4-24GB"],
    ["runpod", "NVIDIA L40", "L40-48GB"],
    ["runpod", "NVIDIA L40S", "L40S-48GB"],
    ["lambda", "A10 (24 GB PCIe)", "A10-24GB"],
    ["paperspace", "P4", undefined],
    ["runpod", "NVIDIA A10G", undefined],
    ["runpod", "Tesla T4g", undefined],
  ],
  "V100's size is in its name": [
    ["lambda", "Tesla V100 (16 GB)", "V100-SXM2-16GB"],
    ["paperspace", "V100", "V100-PCIE-16GB"],
    ["paperspace", "V100-32G", "V100-PCIE-32GB"],
    ["runpod", "Tesla V100-SXM2-32GB", "V100-SXM2-32GB"],
  ],
  "a slice is no card": [
    ["runpod", "NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 1g.24gb", undefined],
  ],
};

for (const [what, cases] of Object.entries(misleading)) {
  Deno.test(`names that mislead: ${what}`, () => {
    for (const [cloud, native, id] of cases) {
      assert.equal(clouds[cloud](native)?.id, id, `${cloud}: ${native}`);
    }
  });
}
