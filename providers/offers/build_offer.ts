/**
 * Puts an offer together out of what a vendor says of a machine type.
 *
 * @module
 */

import { findGpuModel, gpuResources, gpuVendorOf } from "../../schemas/gpu_models.ts";
import { labels } from "../../schemas/labels.ts";
import { divideUsd, type MicroUsd } from "../../schemas/money.ts";
import { gibibytes, type Quantity, type Resources, wholeQuantity } from "../../schemas/quantity.ts";
import type { CapacityType, Offer, OfferGpu, OfferLocation, OfferPrice } from "../contract.ts";
import { computeOfferId } from "../offer_id.ts";
import { toLabelValue } from "./label_value.ts";

/**
 * What a node keeps from pods. kubeadm reserves nothing, so only what the machine and kubelet's default
 * eviction thresholds take: firmware and kernel about 3 % of memory, then `memory.available<100Mi`; of
 * the root disk 5 % for the filesystem itself, then `nodefs.available<10%`. All CPUs are offered.
 * Erring low costs a sliver of a machine; erring high buys machines that the pod does not fit on.
 */
const reserve = Object.freeze({
  memoryFraction: 0.03,
  memory: 100 * 1024 ** 2,
  diskFraction: 0.15,
  pods: 110,
});

/** Kubernetes' limit. Names of MIG slices differ only at their ends. */
const maxLabelLength = 63;

/** What a machine has. */
export interface MachineSpecs {
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly diskGiB: number;
}

/** A region with its provider-qualified label. */
export type LabelledLocation = OfferLocation & { readonly label: string };

/** What a vendor says of one thing to rent. */
export interface OfferFacts {
  readonly account: string;
  readonly provider: string;
  readonly instanceType: string;
  readonly capacityType: CapacityType;
  /** `undefined` when the vendor does not say where. */
  readonly location: LabelledLocation | undefined;
  /** `undefined` for machines without GPUs. */
  readonly gpu: OfferGpu | undefined;
  readonly arch: "amd64" | "arm64";
  readonly specs: MachineSpecs;
  readonly price: OfferPrice;
  readonly available: boolean;
  readonly stock?: string | undefined;
  /** Why a machine of this offer could not join the cluster. */
  readonly notJoinable?: string | undefined;
}

/** The offer, with its id, resources and the labels that its node will have. */
export function buildOffer({ specs, location, ...facts }: OfferFacts): Offer {
  const { account, instanceType, capacityType, gpu } = facts;
  const region = location?.region;
  return {
    ...facts,
    id: computeOfferId({ account, instanceType, region, capacityType }),
    location: { region, country: location?.country, continent: location?.continent },
    ...toResources(specs, gpu),
    labels: {
      [labels.provider]: facts.provider,
      [labels.account]: account,
      [labels.capacityType]: capacityType,
      [labels.instanceType]: toLabelValue(instanceType, maxLabelLength),
      [labels.arch]: facts.arch,
      [labels.os]: "linux",
      ...(location && { [labels.region]: location.label, [labels.zone]: location.label }),
      ...(location?.country && { [labels.country]: location.country }),
      ...(location?.continent && { [labels.continent]: location.continent }),
      ...(gpu && toGpuLabels(gpu)),
    },
  };
}

/** A price for a machine with so many GPUs. */
export function buildPrice(
  perHour: MicroUsd,
  gpuCount: number,
  facts: Pick<OfferPrice, "billingIncrement" | "source" | "readAt">,
): OfferPrice {
  return {
    perHour,
    perGpuHour: divideUsd(perHour, Math.max(1, gpuCount)),
    currency: "USD",
    ...facts,
  };
}

/** Ours, and those that NVIDIA's feature discovery will set on the node of an NVIDIA card. */
function toGpuLabels(gpu: OfferGpu): Record<string, string> {
  const model = gpu.known ? findGpuModel(gpu.model) : undefined;
  const ours = {
    [labels.gpuModel]: toLabelValue(gpu.model, maxLabelLength),
    [labels.gpuCount]: String(gpu.count),
    ...(gpu.memoryGb > 0 && { [labels.gpuMemoryGb]: String(gpu.memoryGb) }),
  };
  if (gpuVendorOf(gpu) !== "nvidia") return ours;
  return {
    ...ours,
    [labels.nvidiaCount]: String(gpu.count),
    ...(model?.product && { [labels.nvidiaProduct]: model.product }),
    ...(model?.reportedMiB && { [labels.nvidiaMemory]: String(model.reportedMiB) }),
  };
}

function toResources(
  { vcpus, memoryGiB, diskGiB }: MachineSpecs,
  gpu: OfferGpu | undefined,
): { readonly capacity: Resources; readonly allocatable: Resources } {
  const memory = gibibytes(memoryGiB);
  const disk = gibibytes(diskGiB);
  const common = {
    cpu: wholeQuantity(vcpus),
    pods: wholeQuantity(reserve.pods),
    ...(gpu && { [gpuResources[gpuVendorOf(gpu)]]: wholeQuantity(gpu.count) }),
  };
  return {
    capacity: { ...common, memory, "ephemeral-storage": disk },
    allocatable: {
      ...common,
      memory: wholeBytes(memory * (1 - reserve.memoryFraction) - wholeQuantity(reserve.memory)),
      "ephemeral-storage": wholeBytes(disk * (1 - reserve.diskFraction)),
    },
  };
}

/** Rounded down to whole mebibytes, so that the quantity reads well; never below zero. */
function wholeBytes(milliBytes: number): Quantity {
  const mebibyte = wholeQuantity(1024 ** 2);
  return wholeQuantity(Math.max(0, Math.floor(milliBytes / mebibyte)) * 1024 ** 2);
}
