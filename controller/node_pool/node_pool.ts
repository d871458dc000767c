/**
 * Says how a GPUNodePool is: whether it may buy, what it has, what that costs.
 *
 * Owns GPUNodePool. Writes its status and conditions `Ready`, `NodeClassReady`, `WithinBudget` and
 * `Healthy`. Triggered by the pool, its class, its claims, and every minute for the day's spending.
 *
 * **Guarantees**: a pool is written when something has happened to it; that money goes by, which it does
 * all the time, is written every ten minutes at most.
 *
 * **Caveats**: limits are enforced where machines are planned; here they are only reported.
 *
 * @module
 */

import type { Kube } from "../../kube/kube.ts";
import type { ReconcileOutcome } from "../../kube/reconcile.ts";
import { nodePools } from "../../kube/tgp_resources.ts";
import type { Clock } from "../../runtime/clock.ts";
import { conditionTypes } from "../../schemas/conditions.ts";
import type { ForgettingMetrics } from "../../runtime/metrics.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import {
  type GPUNodePool,
  type NodePoolStatus,
  nodePoolStatusSchema,
} from "../../schemas/node_pool.ts";
import type { Ledger } from "../ledger.ts";
import { poolName } from "../node_claim/claim_state.ts";
import type { Reader } from "../reader.ts";
import { isSame } from "../same.ts";
import { patchStatus } from "../status.ts";
import { computePoolStatus } from "./pool_status.ts";

/** How often limits are compared with what was spent. */
const refreshMs = 60_000;
/** How often amounts are written while nothing but them changes. */
const amountsMs = 10 * 60_000;

/** Collaborators. */
export interface NodePoolDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly metrics: ForgettingMetrics;
  readonly pools: Reader<GPUNodePool>;
  readonly classes: Reader<GPUNodeClass>;
  readonly claims: Reader<GPUNodeClaim>;
  readonly ledger: Ledger;
  /** Pods that wait for a pool, as of the last pass of the provisioner. */
  pendingPods(pool: string): number;
}

/** See the module. */
export class NodePoolReconciler {
  readonly #deps: NodePoolDeps;
  /** When this process last wrote each pool's status. */
  readonly #writtenAt = new Map<string, number>();

  constructor(deps: NodePoolDeps) {
    this.#deps = deps;
  }

  /** One pass over the pool of that name. */
  async reconcile(name: string, signal: AbortSignal): Promise<ReconcileOutcome> {
    const { clock, classes, claims, kube, ledger, metrics, pools } = this.#deps;
    const pool = pools.get(name);
    if (!pool || pool.metadata.deletionTimestamp) {
      this.#writtenAt.delete(name);
      metrics.forget({ pool: name });
      return { kind: "awaitChange" };
    }
    const now = clock.now();
    const status = computePoolStatus({
      pool,
      nodeClass: classes.get(pool.spec.nodeClassRef.name),
      claims: claims.list().filter((claim) => poolName(claim) === name),
      ended: ledger.linesOf(now).filter((line) => line.nodePool === name),
      pendingPods: this.#deps.pendingPods(name),
      now,
    });
    metrics.gauge("tgp_pool_nodes", status.nodes ?? 0, { pool: name });
    metrics.gauge("tgp_pool_spend_usd_per_hour", (status.spendPerHour ?? 0) / 1e6, { pool: name });
    const isDue = now - (this.#writtenAt.get(name) ?? -Infinity) >= amountsMs;
    const toCompare = isDue ? (all: NodePoolStatus | undefined) => all : withoutAmounts;
    if (!isSame(toCompare(status), toCompare(pool.status))) {
      await patchStatus(kube, nodePools, pool, nodePoolStatusSchema, status, signal);
      this.#writtenAt.set(name, now);
    }
    return { kind: "requeueAfter", delayMs: refreshMs, reason: "spending grows" };
  }
}

/** What is left when nothing but money goes by; of the day's limit the text names what was spent. */
function withoutAmounts(status: NodePoolStatus | undefined): NodePoolStatus | undefined {
  if (!status) return undefined;
  const { spentToday: _spent, conditions, ...rest } = status;
  return {
    ...rest,
    conditions: conditions?.map((condition) =>
      condition.type === conditionTypes.withinBudget ? { ...condition, message: "" } : condition
    ),
  };
}
