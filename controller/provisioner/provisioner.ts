/**
 * Turns pending pods into claims.
 *
 * Owns the creation of GPUNodeClaims. Triggered by pods that the scheduler could not place, again
 * every ten seconds while they wait, so that a lost event costs ten seconds and never a stuck pod.
 *
 * **Guarantees**: one pass at a time; a claim that was just created counts in the next pass even
 * before a watch delivers it; need is assigned before the claim exists.
 *
 * **Assumptions**: the caches have synced; one leader.
 *
 * @module
 */

import type { Recorder } from "../../kube/events.ts";
import { isNotFound, type Kube } from "../../kube/kube.ts";
import { nodeClaims } from "../../kube/tgp_resources.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import { type Random, randomWord } from "../../runtime/random.ts";
import { isProvisionable } from "../../scheduling/pod_kinds.ts";
import type { NewNode, SolveResult } from "../../scheduling/plan.ts";
import { solve } from "../../scheduling/solver.ts";
import type { Node, Pod } from "../../schemas/kubernetes.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import type { GPUNodePool } from "../../schemas/node_pool.ts";
import type { Accounts } from "../accounts/accounts.ts";
import type { DecisionPublisher } from "../decisions/decision_publisher.ts";
import type { Ledger } from "../ledger.ts";
import type { Need } from "../need.ts";
import { poolName } from "../node_claim/claim_state.ts";
import type { Reader } from "../reader.ts";
import type { Batcher } from "./batcher.ts";
import { createDeviceTolerance } from "./device_tolerance.ts";
import * as occurrences from "./events.ts";
import { claimName, toClaim } from "./new_claim.ts";
import { assignPods, countPending } from "./plan_summary.ts";
import { takeSnapshot } from "./snapshot.ts";
import { UnservedPods } from "./unserved_pods.ts";

/** How often pods that still wait ask again. */
const askAgainMs = 10_000;
/** A watch shows a new claim within this time; of one that it does not, the API server is asked. */
const seedMs = 1_000;

/** Collaborators. */
export interface ProvisionerDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly recorder: Recorder;
  readonly accounts: Accounts;
  readonly need: Need;
  readonly ledger: Ledger;
  readonly batcher: Batcher;
  readonly decisions: Pick<DecisionPublisher, "note">;
  readonly clusterId: string;
  readonly pods: Reader<Pod>;
  readonly nodes: Reader<Node>;
  readonly claims: Reader<GPUNodeClaim>;
  readonly pools: Reader<GPUNodePool>;
  readonly classes: Reader<GPUNodeClass>;
  holdsLease(): boolean;
}

/** See the module. */
export class Provisioner {
  readonly #deps: ProvisionerDeps;
  readonly #devices;
  readonly #unserved: UnservedPods;
  /** Claims of ours that no watch has delivered yet, with the time they were created. */
  readonly #seeds = new Map<string, { readonly claim: GPUNodeClaim; readonly at: number }>();
  #pending: ReadonlyMap<string, number> = new Map();

  constructor(deps: ProvisionerDeps) {
    this.#deps = deps;
    this.#devices = createDeviceTolerance(deps.clock);
    this.#unserved = new UnservedPods(deps);
  }

  /** Pods that wait for a pool, as of the last pass. */
  pendingPods(pool: string): number {
    return this.#pending.get(pool) ?? 0;
  }

  /** Passes until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { batcher, clock, log } = this.#deps;
    const asking = this.#askAgain(signal);
    // The first pass waits for nobody: claims made before a restart must learn whom they serve.
    while (!signal.aborted) {
      await this.pass(signal).catch((error) => {
        if (!signal.aborted) log.error("Provisioning pass failed", { error: String(error) });
      });
      await clock.sleep(0, signal).catch(() => {});
      await batcher.next(signal);
    }
    await asking;
  }

  /** One pass over all pods that wait. */
  async pass(signal: AbortSignal): Promise<SolveResult> {
    const { accounts, clock, claims, classes, ledger, metrics, need, nodes, pods, pools } =
      this.#deps;
    await this.#dropSeeds(signal);
    const startedAt = clock.now();
    const input = takeSnapshot({
      nodes: nodes.list(),
      claims: [...claims.list(), ...[...this.#seeds.values()].map(({ claim }) => claim)],
      pools: pools.list(),
      classes: classes.list(),
      pods: pods.list(),
      accountsOf: (className) => accounts.ofClass(className),
      ended: ledger.linesOf(startedAt),
      podsPlannedOnto: (claim) => need.podsOf(claim),
      devices: this.#devices,
      now: startedAt,
    });
    const plan = solve(input);
    need.assign(assignPods(plan));
    this.#pending = countPending(plan, claims.list());
    metrics.observe("tgp_provisioner_pass_seconds", (clock.now() - startedAt) / 1000);
    metrics.gauge("tgp_provisioner_unplaced_pods", plan.unplaced.length);
    this.#unserved.tell(plan, startedAt);
    const created = new Map<NewNode, string>();
    try {
      for (const node of plan.newNodes) {
        if (signal.aborted || !this.#deps.holdsLease()) break;
        const claim = await this.#create(node, signal);
        if (claim !== undefined) created.set(node, claim);
      }
    } finally {
      const poolOf = (node: string) => this.#poolOf(node);
      this.#deps.decisions.note({ input, plan, created, poolOf, now: startedAt });
    }
    return plan;
  }

  /** The pool of a claim, or of its node, which shares its name. */
  #poolOf(name: string): string | undefined {
    const claim = this.#deps.claims.get(name) ?? this.#seeds.get(name)?.claim;
    return claim && poolName(claim);
  }

  /** @returns The claim's name; `undefined` if its pool has gone meanwhile. */
  async #create(plan: NewNode, signal: AbortSignal): Promise<string | undefined> {
    const { clock, clusterId, kube, log, metrics, need, pools, random, recorder } = this.#deps;
    const pool = pools.get(plan.poolName);
    if (!pool) return undefined;
    const name = claimName(clusterId, plan.poolName, randomWord(random, 6));
    // Before the claim exists: its reconciler asks at once, and "nobody needs it" would end it.
    need.add(name, plan.pods);
    const claim = await kube.create(nodeClaims, toClaim(name, plan, pool), { signal });
    this.#seeds.set(name, { claim, at: clock.now() });
    metrics.count("tgp_claims_created_total", { pool: plan.poolName });
    log.info("Created claim", { claim: name, pool: plan.poolName, pods: plan.pods.length });
    recorder.record(occurrences.claimCreated(claim, plan));
    for (const pod of plan.pods) recorder.record(occurrences.beingServed(pod, name, plan));
    return name;
  }

  /**
   * Forgets the claims that the cache shows, and those that are no more: one that nothing could be bought
   * for comes and goes between two passes, and would keep its pods from the next one.
   */
  async #dropSeeds(signal: AbortSignal): Promise<void> {
    const { claims, clock } = this.#deps;
    for (const [name, { at }] of this.#seeds) {
      const isLate = clock.now() - at >= seedMs;
      if (claims.get(name) || (isLate && await this.#isGone(name, signal))) {
        this.#seeds.delete(name);
      }
    }
  }

  async #isGone(name: string, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#deps.kube.get(nodeClaims, { name }, { signal });
      return false;
    } catch (error) {
      if (isNotFound(error)) return true;
      throw error;
    }
  }

  async #askAgain(signal: AbortSignal): Promise<void> {
    const { batcher, clock, pods } = this.#deps;
    while (!signal.aborted) {
      await clock.sleep(askAgainMs, signal).catch(() => {});
      for (const pod of pods.list()) {
        if (isProvisionable(pod)) batcher.trigger(pod.metadata.uid ?? "");
      }
    }
  }
}
