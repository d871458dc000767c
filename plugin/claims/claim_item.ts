/**
 * A claim for scripts.
 *
 * @module
 */

import { findReady } from "../output/conditions.ts";
import { type ClaimStep, selectClaimStep } from "./claim_step.ts";
import type { ClaimView } from "./claim_view.ts";

/** An item of a `ClaimList`: money in decimal strings, times in RFC 3339, lengths in seconds. */
export interface ClaimItem {
  readonly name: string;
  readonly pool: string | null;
  readonly class: string | null;
  readonly gpu: { readonly model: string | null; readonly count: number | null };
  readonly provider: string | null;
  readonly account: string | null;
  readonly location: { readonly native: string | null };
  readonly capacityType: string | null;
  readonly price: { readonly perInstanceHour: string | null; readonly currency: "USD" };
  readonly step: ClaimStep;
  readonly steps: readonly { readonly step: string; readonly time: string }[];
  readonly ready: boolean;
  readonly reason: string | null;
  readonly message: string | null;
  readonly node: string | null;
  readonly instance: { readonly id: string | null; readonly type: string | null };
  readonly createdAt: string | null;
  readonly ageSeconds: number | null;
}

/** Maps a claim. @param now Epoch milliseconds. */
export function toClaimItem(claim: ClaimView, now: number): ClaimItem {
  const ready = findReady(claim.conditions);
  const createdAt = claim.metadata.creationTimestamp;
  return {
    name: claim.metadata.name,
    pool: claim.pool ?? null,
    class: claim.nodeClass ?? null,
    gpu: { model: claim.gpuModel ?? null, count: claim.gpuCount ?? null },
    provider: claim.provider ?? null,
    account: claim.account ?? null,
    location: { native: claim.region ?? null },
    capacityType: claim.capacityType ?? null,
    price: { perInstanceHour: claim.pricePerHour ?? null, currency: "USD" },
    step: selectClaimStep(claim),
    steps: [...claim.steps].map(([step, time]) => ({ step, time })),
    ready: ready?.status === "True",
    reason: claim.end?.reason ?? ready?.reason ?? null,
    message: claim.end?.message ?? ready?.message ?? null,
    node: claim.nodeName ?? null,
    instance: { id: claim.instanceId ?? null, type: claim.instanceType ?? null },
    createdAt: createdAt ?? null,
    ageSeconds: createdAt === undefined
      ? null
      : Math.max(0, Math.floor((now - Date.parse(createdAt)) / 1000)),
  };
}
