/**
 * An offer for scripts.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import { findGpuModel } from "../../schemas/gpu_models.ts";
import { labels } from "../../schemas/labels.ts";
import { formatUsd } from "../../schemas/money.ts";
import { judgeSource, type OfferSource, type SourceState } from "./offer_sources.ts";

/**
 * An item of an `OfferList`: money in decimal strings, lengths in seconds, `null` where nothing is
 * known. The names are a promise to scripts.
 */
export interface OfferItem {
  readonly id: string;
  /** `null` for machines without GPUs. */
  readonly gpu: {
    readonly model: string;
    readonly count: number;
    readonly vramGB: number;
    readonly formFactor: string | null;
    readonly arch: string | null;
    readonly computeCapability: string | null;
  } | null;
  readonly host: {
    readonly cpu: number | null;
    readonly memoryGiB: number | null;
    readonly diskGB: number | null;
    readonly arch: string;
    readonly cuda: string | null;
  };
  readonly provider: string;
  readonly account: string;
  readonly location: {
    readonly native: string | null;
    readonly zone: string | null;
    readonly country: string | null;
    readonly subdivision: string | null;
    readonly continent: string | null;
  };
  readonly capacityType: string;
  readonly price: {
    readonly perInstanceHour: string;
    readonly perGPUHour: string | null;
    readonly currency: "USD";
    readonly source: string;
    readonly age: number;
    readonly suspect: string | null;
  };
  readonly stock: { readonly signal: string | null; readonly level: "available" | "none" };
  readonly history: {
    readonly attempts24h: number | null;
    readonly successes24h: number | null;
    readonly evictions24h: number | null;
    readonly bootP50Seconds: number | null;
  };
  /** Why its machine could not join the cluster, so that it is not bought. */
  readonly block: string | null;
  /** The cloud's own name of the machine type. */
  readonly nativeRef: string;
}

/** An account that was asked, for scripts. */
export interface SourceItem {
  readonly provider: string;
  readonly account: string;
  readonly class: string | null;
  /** `stale`: it was not read for long; `failed`: it did not answer, and what is shown is older. */
  readonly state: SourceState;
  readonly age: number | null;
  readonly error: string | null;
}

/** Nobody keeps a history yet. */
const noHistory: OfferItem["history"] = Object.freeze({
  attempts24h: null,
  successes24h: null,
  evictions24h: null,
  bootP50Seconds: null,
});

/** Maps an offer. @param now Epoch milliseconds. */
export function toOfferItem(offer: Offer, now: number): OfferItem {
  const { gpu, location, price, capacity } = offer;
  const model = gpu?.known ? findGpuModel(gpu.model) : undefined;
  const units = (resource: string, milliPerUnit: number) => {
    const quantity = capacity[resource];
    return quantity === undefined ? null : Math.round((quantity / milliPerUnit) * 100) / 100;
  };
  return {
    id: offer.id,
    gpu: gpu
      ? {
        model: gpu.model,
        count: gpu.count,
        vramGB: gpu.memoryGb,
        formFactor: model?.formFactor ?? null,
        arch: model?.architecture ?? null,
        computeCapability: model?.computeCapability ?? null,
      }
      : null,
    host: {
      cpu: units("cpu", 1000),
      memoryGiB: units("memory", 1000 * 1024 ** 3),
      diskGB: units("ephemeral-storage", 1000 * 1000 ** 3),
      arch: offer.arch,
      cuda: null,
    },
    provider: offer.provider,
    account: offer.account,
    location: {
      native: location.region ?? null,
      zone: offer.labels[labels.zone] ?? null,
      country: location.country ?? null,
      subdivision: null,
      continent: location.continent ?? null,
    },
    capacityType: offer.capacityType,
    price: {
      perInstanceHour: formatUsd(price.perHour),
      perGPUHour: gpu ? formatUsd(price.perGpuHour) : null,
      currency: price.currency,
      source: price.source,
      age: toSeconds(now - price.readAt),
      suspect: price.suspect ?? null,
    },
    stock: { signal: offer.stock ?? null, level: offer.available ? "available" : "none" },
    history: noHistory,
    block: offer.notJoinable ?? null,
    nativeRef: offer.instanceType,
  };
}

/** Maps a source. @param now Epoch milliseconds. */
export function toSourceItem(source: OfferSource, now: number): SourceItem {
  return {
    provider: source.provider,
    account: source.account,
    class: source.nodeClass ?? null,
    state: judgeSource(source, now),
    age: source.readAt === undefined ? null : toSeconds(now - source.readAt),
    error: source.error ?? null,
  };
}

function toSeconds(ms: number): number {
  return Math.max(0, Math.floor(ms / 1000));
}
