/**
 * Offers for tests of the plugin.
 *
 * @module
 */

import type { Kube } from "../../kube/kube.ts";
import { configMaps } from "../../kube/resource.ts";
import type { Catalog } from "../../providers/catalog/catalog.ts";
import { encodeCatalog } from "../../providers/catalog/codec.ts";
import type { Offer } from "../../providers/contract.ts";
import { computeOfferId } from "../../providers/offer_id.ts";
import { minutes } from "../../schemas/duration.ts";
import { findGpuModel, gpuResources, gpuVendorOf } from "../../schemas/gpu_models.ts";
import { labels } from "../../schemas/labels.ts";
import { divideUsd, parseUsd } from "../../schemas/money.ts";
import { gibibytes, wholeQuantity } from "../../schemas/quantity.ts";

/** What matters about an offer. */
export interface OfferParts {
  readonly gpu: string;
  readonly count: number;
  readonly perHour: string;
  /** Sold out without one. */
  readonly region: string | undefined;
  readonly account?: string;
  readonly suspect?: string;
  readonly notJoinable?: string;
}

/** A Lambda offer, read on 2026-01-01T00:00:00Z. */
export function buildOffer(parts: OfferParts): Offer {
  const { gpu, count, region, account = "lambda" } = parts;
  const model = findGpuModel(gpu);
  const instanceType = `gpu_${count}x_${gpu.toLowerCase().replaceAll("-", "_")}`;
  const capacityType = "on-demand";
  const perHour = parseUsd(parts.perHour);
  const capacity = {
    cpu: wholeQuantity(26 * count),
    memory: gibibytes(225 * count),
    "ephemeral-storage": gibibytes(2_000),
    pods: wholeQuantity(110),
    [gpuResources[gpuVendorOf({ model: gpu })]]: wholeQuantity(count),
  };
  return {
    id: computeOfferId({ account, instanceType, capacityType, region }),
    account,
    provider: "lambda",
    instanceType,
    capacityType,
    location: {
      region,
      country: region && "us",
      continent: region && "na",
    },
    gpu: { model: gpu, known: model !== undefined, count, memoryGb: model?.memoryGb ?? 0 },
    arch: "amd64",
    capacity,
    allocatable: capacity,
    labels: {
      [labels.provider]: "lambda",
      [labels.account]: account,
      [labels.gpuModel]: gpu,
      [labels.gpuCount]: String(count),
    },
    price: {
      perHour,
      perGpuHour: divideUsd(perHour, count),
      currency: "USD",
      billingIncrement: minutes(1),
      source: "api",
      readAt: Date.UTC(2026, 0, 1),
      ...(parts.suspect === undefined ? {} : { suspect: parts.suspect }),
    },
    available: region !== undefined,
    stock: region === undefined ? "no capacity" : "capacity available",
    ...(parts.notJoinable === undefined ? {} : { notJoinable: parts.notJoinable }),
  };
}

/** Publishes as the controller does. */
export async function publishCatalog(
  kube: Kube,
  catalog: Catalog,
  shardBytes?: number,
): Promise<void> {
  for (const { name, data, binaryData } of encodeCatalog(catalog, shardBytes)) {
    const labels = { "tgp.io/node-class": catalog.nodeClass };
    const metadata = { name, namespace: "tgp-system", labels };
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata, data, binaryData };
    await kube.create(configMaps, object);
  }
}
