import assert from "node:assert/strict";
import type { OfferGpu } from "../../../providers/contract.ts";
import { buildOffer, buildPrice } from "../../../providers/offers/build_offer.ts";
import { seconds } from "../../../schemas/duration.ts";
import { labels } from "../../../schemas/labels.ts";
import { parseUsd } from "../../../schemas/money.ts";
import { formatResources } from "../../../schemas/quantity.ts";
import { solve } from "../../../scheduling/solver.ts";
import { buildInput, buildPod, buildPool } from "../../support/scheduling.ts";

function build(gpu: OfferGpu | undefined) {
  const offer = buildOffer({
    account: "cloud",
    provider: "cloud",
    instanceType: "type 1",
    capacityType: "on-demand",
    location: { region: "EU-RO-1", country: "ro", continent: "eu", label: "cloud-eu-ro-1" },
    gpu,
    arch: "amd64",
    specs: { vcpus: 8, memoryGiB: 64, diskGiB: 100 },
    price: buildPrice(parseUsd("2.00"), gpu?.count ?? 0, {
      billingIncrement: seconds(1),
      source: "api",
      readAt: 0,
    }),
    available: true,
  });
  const { cpu: _, memory: _1, pods: _2, "ephemeral-storage": _3, ...devices } = formatResources(
    offer.allocatable,
  );
  const gpuLabels = Object.fromEntries(
    Object.entries(offer.labels).filter(([key]) => key.includes("gpu")),
  );
  return { offer, devices, gpuLabels };
}

Deno.test("buildOffer() predicts NVIDIA's resource and labels", () => {
  const { offer, devices, gpuLabels } = build({
    model: "H100-SXM5-80GB",
    known: true,
    count: 2,
    memoryGb: 80,
  });
  assert.deepEqual(devices, { "nvidia.com/gpu": "2" });
  assert.deepEqual(gpuLabels, {
    "tgp.io/gpu-model": "H100-SXM5-80GB",
    "tgp.io/gpu-count": "2",
    "tgp.io/gpu-memory-gb": "80",
    "nvidia.com/gpu.count": "2",
    "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3",
    "nvidia.com/gpu.memory": "81559",
  });
  assert.deepEqual(formatResources(offer.capacity)["nvidia.com/gpu"], "2");
  assert.equal(offer.labels[labels.zone], "cloud-eu-ro-1");
  assert.equal(offer.labels[labels.instanceType], "type-1");
});

Deno.test("buildOffer() gives AMD's cards AMD's resource and nothing of NVIDIA's", () => {
  const cards: OfferGpu[] = [
    { model: "MI300X-192GB", known: true, count: 8, memoryGb: 192 },
    { model: "AMD Instinct MI355X OAM", known: false, vendor: "amd", count: 8, memoryGb: 288 },
  ];
  for (const card of cards) {
    const { offer, devices, gpuLabels } = build(card);
    assert.deepEqual(devices, { "amd.com/gpu": "8" });
    assert.deepEqual(Object.keys(offer.capacity), Object.keys(offer.allocatable));
    assert.deepEqual(gpuLabels, {
      "tgp.io/gpu-model": card.model.replaceAll(" ", "-"),
      "tgp.io/gpu-count": "8",
      "tgp.io/gpu-memory-gb": String(card.memoryGb),
    });
  }
});

Deno.test("buildOffer() predicts no product of a card that nobody knows", () => {
  const { devices, gpuLabels } = build({ model: "H300", known: false, count: 1, memoryGb: 0 });
  assert.deepEqual(devices, { "nvidia.com/gpu": "1" });
  assert.deepEqual(gpuLabels, {
    "tgp.io/gpu-model": "H300",
    "tgp.io/gpu-count": "1",
    "nvidia.com/gpu.count": "1",
  });
});

Deno.test("buildOffer() gives a machine without GPUs no GPU anything", () => {
  const { devices, gpuLabels } = build(undefined);
  assert.deepEqual([devices, gpuLabels], [{}, {}]);
});

/** Whether a machine with such a GPU is bought for a pod that asks for one of these. */
function isBought(gpu: OfferGpu, resource: string, named?: string): boolean {
  const { offer } = build(gpu);
  const requirements = named === undefined
    ? []
    : [{ key: labels.gpuModel, operator: "In" as const, values: [named] }];
  const pods = [buildPod("p", { requests: { [resource]: "1" } })];
  const pools = [buildPool("gpu", { template: { spec: { requirements } } })];
  return solve(buildInput(pods, [offer], { pools })).newNodes.length === 1;
}

Deno.test("a GPU that the tables do not know is bought only if a pool names it as vendors do", () => {
  const model = "NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 1g.24gb";
  const slice = { model, known: false, count: 1, memoryGb: 24 };
  assert.equal(isBought(slice, "nvidia.com/gpu"), false);
  assert.equal(isBought(slice, "nvidia.com/gpu", model.replaceAll(" ", "-")), true);
  assert.equal(isBought(slice, "nvidia.com/gpu", "RTX-PRO-6000-SERVER-96GB"), false);
  assert.equal(isBought({ ...slice, known: true }, "nvidia.com/gpu"), true);
});

Deno.test("AMD's cards are bought for pods that ask for AMD's, and for no others", () => {
  const known = { model: "MI300X-192GB", known: true, count: 1, memoryGb: 192 };
  assert.equal(isBought(known, "amd.com/gpu"), true);
  assert.equal(isBought(known, "nvidia.com/gpu"), false);
  assert.equal(isBought(known, "nvidia.com/gpu", "MI300X-192GB"), false);
});
