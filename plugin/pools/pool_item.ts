/**
 * A pool for scripts.
 *
 * @module
 */

import type { ConditionView } from "../output/conditions.ts";
import { findReady } from "../output/conditions.ts";
import { sumGpuUse } from "./gpu_use.ts";
import type { PoolView } from "./pool_view.ts";

/** An item of a `PoolList`: money in decimal strings, quantities as Kubernetes writes them. */
export interface PoolItem {
  readonly name: string;
  readonly class: string | null;
  readonly nodes: {
    readonly current: number;
    readonly ready: number;
    readonly limit: number | null;
  };
  readonly gpus: {
    /** Of all vendors. */
    readonly current: string;
    /** `null` without one, and for pools with GPUs of several vendors. */
    readonly limit: string | null;
    readonly byResource: Readonly<
      Record<string, { readonly current: string; readonly limit: string | null }>
    >;
  };
  readonly pendingPods: number;
  readonly spend: {
    readonly perHour: string | null;
    readonly capPerHour: string | null;
    readonly today: string | null;
    readonly capPerDay: string | null;
    readonly currency: "USD";
  };
  readonly weight: number;
  readonly paused: boolean;
  readonly ready: boolean;
  readonly reason: string | null;
  readonly message: string | null;
  readonly conditions: readonly ConditionView[];
  readonly createdAt: string | null;
}

/** Weight of a pool that names none. */
export const defaultWeight = 10;

/** Maps a pool. */
export function toPoolItem(pool: PoolView): PoolItem {
  const ready = findReady(pool.conditions);
  return {
    name: pool.metadata.name,
    class: pool.nodeClass ?? null,
    nodes: { current: pool.nodes, ready: pool.readyNodes, limit: pool.limits.nodes ?? null },
    gpus: {
      current: sumGpuUse(pool.gpus),
      limit: pool.gpus.length === 1 ? pool.gpus[0]?.limit ?? null : null,
      byResource: Object.fromEntries(
        pool.gpus.map(({ resource, current, limit }) => [
          resource,
          { current, limit: limit ?? null },
        ]),
      ),
    },
    pendingPods: pool.pendingPods,
    spend: {
      perHour: pool.spendPerHour ?? null,
      capPerHour: pool.limits.spendPerHour ?? null,
      today: pool.spentToday ?? null,
      capPerDay: pool.limits.spendPerDay ?? null,
      currency: "USD",
    },
    weight: pool.weight ?? defaultWeight,
    paused: pool.paused,
    ready: ready?.status === "True",
    reason: ready?.reason ?? null,
    message: ready?.message ?? null,
    conditions: pool.conditions,
    createdAt: pool.metadata.creationTimestamp ?? null,
  };
}
