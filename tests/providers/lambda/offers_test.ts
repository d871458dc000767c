import assert from "node:assert/strict";
import { type OfferContext, toOffers } from "../../../providers/lambda/offers.ts";
import { instanceTypesItemSchema, instanceTypesSchema } from "../../../providers/lambda/wire.ts";
import { formatUsd } from "../../../schemas/money.ts";
import { formatResources } from "../../../schemas/quantity.ts";

const fixture = JSON.parse(
  await Deno.readTextFile(new URL("../../fixtures/lambda/instance_types.json", import.meta.url)),
);
const items = Object.values(instanceTypesSchema.parse(fixture).data)
  .map((row) => instanceTypesItemSchema.safeParse(row))
  .flatMap((parsed) => parsed.success ? [parsed.data] : []);

const context: OfferContext = {
  account: "lambda",
  regions: undefined,
  allows: () => true,
  readAt: 1_000,
};

function summary(change: Partial<OfferContext> = {}): string[] {
  return toOffers(items, { ...context, ...change }).map((offer) =>
    `${offer.instanceType} ${offer.location.region ?? "-"} ${offer.available ? "yes" : "no"}`
  );
}

Deno.test("toOffers() makes a row per type and region, and one for what is sold out", () => {
  assert.deepEqual(summary(), [
    "cpu_4x_general us-west-2 yes",
    "gpu_1x_a100 us-west-2 yes",
    "gpu_1x_gh200 - no",
    "gpu_1x_rtx6000 us-west-2 yes",
    "gpu_8x_a100 antarctica-1 yes",
    "gpu_8x_a100 europe-central-1 yes",
    "gpu_8x_a100 us-west-2 yes",
    "gpu_8x_h300_sxm7 us-west-2 yes",
  ]);
});

Deno.test("toOffers() keeps to the entry's regions and to where the options allow", () => {
  assert.deepEqual(summary({ regions: ["europe-central-1"] }).filter((row) => /yes/.test(row)), [
    "gpu_8x_a100 europe-central-1 yes",
  ]);
  assert.equal(summary({ regions: ["europe-central-1"] }).length, 6);
  assert.deepEqual(summary({ allows: () => false }).filter((row) => /yes/.test(row)), []);
});

Deno.test("toOffers() reads names by description, prices per machine, resources with a reserve", () => {
  const offer = toOffers(items, context).find((candidate) =>
    candidate.instanceType === "gpu_8x_a100" && candidate.location.region === "us-west-2"
  );
  assert.deepEqual(offer?.gpu, { model: "A100-SXM4-40GB", known: true, count: 8, memoryGb: 40 });
  assert.equal(formatUsd(offer.price.perHour), "15.92");
  assert.equal(formatUsd(offer.price.perGpuHour), "1.99");
  assert.deepEqual(formatResources(offer.capacity), {
    cpu: "124",
    memory: "1800Gi",
    "ephemeral-storage": "6Ti",
    "nvidia.com/gpu": "8",
    pods: "110",
  });
  assert.deepEqual(formatResources(offer.allocatable), {
    cpu: "124",
    memory: "1787804Mi",
    "ephemeral-storage": "5347737Mi",
    "nvidia.com/gpu": "8",
    pods: "110",
  });
  assert.deepEqual(offer.labels, {
    "tgp.io/provider": "lambda",
    "tgp.io/account": "lambda",
    "tgp.io/capacity-type": "on-demand",
    "tgp.io/country": "us",
    "tgp.io/continent": "na",
    "tgp.io/gpu-model": "A100-SXM4-40GB",
    "tgp.io/gpu-count": "8",
    "tgp.io/gpu-memory-gb": "40",
    "node.kubernetes.io/instance-type": "gpu_8x_a100",
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/os": "linux",
    "topology.kubernetes.io/region": "lambda-us-west-2",
    "topology.kubernetes.io/zone": "lambda-us-west-2",
    "nvidia.com/gpu.product": "NVIDIA-A100-SXM4-40GB",
    "nvidia.com/gpu.memory": "40960",
    "nvidia.com/gpu.count": "8",
  });
});

Deno.test("toOffers() shows unknown cards under the vendor's name, and machines without", () => {
  const offers = toOffers(items, context);
  const unknown = offers.find((offer) => offer.instanceType === "gpu_8x_h300_sxm7");
  assert.deepEqual(unknown?.gpu, { model: "H300", known: false, count: 8, memoryGb: 288 });
  assert.equal(unknown.labels["nvidia.com/gpu.product"], undefined);
  const none = offers.find((offer) => offer.instanceType === "cpu_4x_general");
  assert.equal(none?.gpu, undefined);
  assert.equal(none?.capacity["nvidia.com/gpu"], undefined);
  assert.equal(none?.price.perGpuHour, none?.price.perHour);
  assert.equal(offers.find((offer) => offer.instanceType === "gpu_1x_gh200")?.arch, "arm64");
});
