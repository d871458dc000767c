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
import { findRecordProblem } from "./find_record_problem.ts";
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

/**
 * The offer, with its id, resources and the labels that its node will have.
 *
 * Field by field, without spreading: a refresh builds thousands, and this takes a third of the time.
 */
export function buildOffer(facts: OfferFacts): Offer {
  const { account, instanceType, capacityType, location, gpu } = facts;
  const region = location?.region;
  const { capacity, allocatable } = toResources(facts.specs, gpu);
  return {
    id: computeOfferId({ account, instanceType, region, capacityType }),
    account,
    provider: facts.provider,
    instanceType,
    capacityType,
    location: { region, country: location?.country, continent: location?.continent },
    gpu,
    arch: facts.arch,
    capacity,
    allocatable,
    labels: toLabels(facts),
    price: facts.price,
    available: facts.available,
    stock: facts.stock,
    notJoinable: facts.notJoinable ?? findRecordProblem(facts),
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

function toLabels(facts: OfferFacts): Offer["labels"] {
  const { location, gpu } = facts;
  const set: Record<string, string> = {
    [labels.provider]: facts.provider,
    [labels.account]: facts.account,
    [labels.capacityType]: facts.capacityType,
    [labels.instanceType]: toLabelValue(facts.instanceType, maxLabelLength),
    [labels.arch]: facts.arch,
    [labels.os]: "linux",
  };
  if (location) {
    set[labels.region] = location.label;
    set[labels.zone] = location.label;
    if (location.country) set[labels.country] = location.country;
    if (location.continent) set[labels.continent] = location.continent;
  }
  if (gpu) addGpuLabels(set, gpu);
  return set;
}

/** Ours, and those that NVIDIA's feature discovery will set on the node of an NVIDIA card. */
function addGpuLabels(set: Record<string, string>, gpu: OfferGpu): void {
  const count = String(gpu.count);
  set[labels.gpuModel] = toLabelValue(gpu.model, maxLabelLength);
  set[labels.gpuCount] = count;
  if (gpu.memoryGb > 0) set[labels.gpuMemoryGb] = String(gpu.memoryGb);
  if (gpuVendorOf(gpu) !== "nvidia") return;
  const model = gpu.known ? findGpuModel(gpu.model) : undefined;
  set[labels.nvidiaCount] = count;
  if (model?.product) set[labels.nvidiaProduct] = model.product;
  if (model?.reportedMiB) set[labels.nvidiaMemory] = String(model.reportedMiB);
}

function toResources(
  { vcpus, memoryGiB, diskGiB }: MachineSpecs,
  gpu: OfferGpu | undefined,
): { readonly capacity: Resources; readonly allocatable: Resources } {
  const memory = gibibytes(memoryGiB);
  const disk = gibibytes(diskGiB);
  const capacity: Record<string, Quantity> = {
    cpu: wholeQuantity(vcpus),
    pods: wholeQuantity(reserve.pods),
    memory,
    "ephemeral-storage": disk,
  };
  const allocatable: Record<string, Quantity> = {
    cpu: wholeQuantity(vcpus),
    pods: wholeQuantity(reserve.pods),
    memory: wholeBytes(memory * (1 - reserve.memoryFraction) - wholeQuantity(reserve.memory)),
    "ephemeral-storage": wholeBytes(disk * (1 - reserve.diskFraction)),
  };
  if (gpu) {
    const resource = gpuResources[gpuVendorOf(gpu)];
    capacity[resource] = allocatable[resource] = wholeQuantity(gpu.count);
  }
  return { capacity, allocatable };
}

/** Rounded down to whole mebibytes, so that the quantity reads well; never below zero. */
function wholeBytes(milliBytes: number): Quantity {
  const mebibyte = wholeQuantity(1024 ** 2);
  return wholeQuantity(Math.max(0, Math.floor(milliBytes / mebibyte)) * 1024 ** 2);
}
