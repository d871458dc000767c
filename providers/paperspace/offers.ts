/**
 * Paperspace's machine types as offers: those that its templates name, in the regions of our table.
 *
 * The vendor's one word on stock for all types at once is whether a template is available on a type; it
 * holds for all regions. Each order asks for its own region before it is sent.
 *
 * @module
 */

import type { PaperspaceOptions } from "../../schemas/clouds/paperspace.ts";
import type { Offer, OfferGpu, OfferPrice } from "../contract.ts";
import { buildOffer, buildPrice } from "../offers/build_offer.ts";
import { fromPaperspaceGpu } from "./gpus.ts";
import { type MachineType, machineTypes } from "./machine_types.ts";
import { allowsRegion, type Placement } from "./placement_reader.ts";
import { computePerHour, type DiskGb, paperspaceBillingIncrement } from "./prices.ts";
import { toLocation } from "./regions.ts";
import { defaultDiskGb, listLabels, selectBoot } from "./templates.ts";

/** Below this kubelet and container runtime leave no room for pods (kubeadm asks for 2 GB). */
const leastMemoryGiB = 1;

/** From whose eyes offers are seen. */
export interface OfferContext {
  readonly account: string;
  /** Codes of the regions to buy in; all when absent. */
  readonly regions: readonly string[] | undefined;
  readonly options: PaperspaceOptions;
  /** When the answer was read, in epoch milliseconds. */
  readonly readAt: number;
}

/** What can be offered, and what the vendor names that cannot. */
export interface OfferList {
  readonly offers: readonly Offer[];
  /** Machine types that are not in our table, which therefore have neither shape nor price. */
  readonly unpriced: readonly string[];
}

/** The offers of one answer, by type and region. */
export function toOffers(placement: Placement, context: OfferContext): OfferList {
  const offers: Offer[] = [];
  const unpriced: string[] = [];
  for (const label of listLabels(placement)) {
    const type = machineTypes.get(label);
    const priced = type && toPricedType(type, placement, context);
    if (priced === undefined) unpriced.push(label);
    else {
      const regions = priced.type.regions
        .filter((region) => context.regions?.includes(region) ?? true)
        .filter((region) => allowsRegion(placement, region));
      offers.push(...regions.map((region) => toOffer(priced, region, context)));
    }
  }
  return { offers, unpriced };
}

/** The GPUs of a machine type; `undefined` for machines without. */
export function toOfferGpu({ label, gpuCount }: MachineType): OfferGpu | undefined {
  const model = fromPaperspaceGpu(label);
  return model && { model: model.id, known: true, count: gpuCount, memoryGb: model.memoryGb };
}

interface PricedType {
  readonly type: MachineType;
  readonly price: OfferPrice;
  readonly diskGb: DiskGb;
  readonly available: boolean;
  readonly stock: string;
}

function toPricedType(
  type: MachineType,
  placement: Placement,
  { options, readAt }: OfferContext,
): PricedType | undefined {
  const boot = selectBoot(type, placement, options);
  const diskGb = "problem" in boot ? defaultDiskGb : boot.diskGb;
  const perHour = computePerHour(type, {
    diskGb,
    staticAddress: options.publicIPType === "Static",
  });
  if (perHour === undefined) return undefined;
  const price = buildPrice(perHour, type.gpuCount, {
    billingIncrement: paperspaceBillingIncrement,
    source: "table",
    readAt,
  });
  if ("problem" in boot) {
    return { type, price, diskGb, available: false, stock: boot.problem };
  }
  const stock = boot.available ? "template available" : "template not available";
  return { type, price, diskGb, available: boot.available, stock };
}

function toOffer(
  { type, price, diskGb, available, stock }: PricedType,
  region: string,
  { account }: OfferContext,
): Offer {
  return buildOffer({
    account,
    provider: "paperspace",
    instanceType: type.label,
    capacityType: "on-demand",
    location: toLocation(region),
    gpu: toOfferGpu(type),
    arch: "amd64",
    specs: { vcpus: type.vcpus, memoryGiB: type.memoryGiB, diskGiB: diskGb },
    price,
    available,
    stock,
    ...(type.memoryGiB < leastMemoryGiB && {
      notJoinable: `${type.memoryGiB} GiB of memory is too little for a node`,
    }),
  });
}
