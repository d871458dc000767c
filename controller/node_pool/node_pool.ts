/**
 * Says how a GPUNodePool is: whether it may buy, what it has, what that costs.
 *
 * Owns GPUNodePool. Writes its status and conditions `Ready`, `NodeClassReady` and `WithinBudget`.
 * Triggered by the pool, its class, its claims, and every minute for the day's spending.
 *
 * **Guarantees**: a quiet pool writes only what changed.
 *
 * **Caveats**: limits are enforced where machines are planned; here they are only reported.
 *
 * @module
 */

import type { Kube } from "../../kube/kube.ts";
import type { ReconcileOutcome } from "../../kube/reconcile.ts";
import { nodePools } from "../../kube/tgp_resources.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import { type GPUNodePool, nodePoolStatusSchema } from "../../schemas/node_pool.ts";
import type { Ledger } from "../ledger.ts";
import { poolName } from "../node_claim/claim_state.ts";
import type { Reader } from "../reader.ts";
import { isSame } from "../same.ts";
import { patchStatus } from "../status.ts";
import { computePoolStatus } from "./pool_status.ts";

/** How often spending is brought up to date. */
const refreshMs = 60_000;

/** Collaborators. */
export interface NodePoolDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly metrics: Metrics;
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

  constructor(deps: NodePoolDeps) {
    this.#deps = deps;
  }

  /** One pass over the pool of that name. */
  async reconcile(name: string, signal: AbortSignal): Promise<ReconcileOutcome> {
    const { clock, classes, claims, kube, ledger, metrics, pools } = this.#deps;
    const pool = pools.get(name);
    if (!pool || pool.metadata.deletionTimestamp) return { kind: "awaitChange" };
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
    if (!isSame(status, pool.status)) {
      await patchStatus(kube, nodePools, pool, nodePoolStatusSchema, status, signal);
    }
    return { kind: "requeueAfter", delayMs: refreshMs, reason: "spending grows" };
  }
}
