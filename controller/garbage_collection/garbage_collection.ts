/**
 * Ends machines that are ours and that no claim answers for, and removes what outlived its machine at a
 * vendor.
 *
 * **Guarantees**: the cloud is listed first and the claims are read afterwards, from the API server
 * and unparsed, so that a claim written in between protects its machine and a claim that cannot be
 * read still does. Only complete lists count. A sweep that would end more than a fifth of what we own
 * stops and asks for a person. Machines of other clusters and of nobody are never touched. No account
 * waits for another one's vendor.
 *
 * @module
 */

import type { Kube } from "../../kube/kube.ts";
import type { ResourceType } from "../../kube/resource.ts";
import { nodeClaims } from "../../kube/tgp_resources.ts";
import type { Instance } from "../../providers/contract.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { Account } from "../accounts/account.ts";
import type { Accounts } from "../accounts/accounts.ts";
import type { Reader } from "../reader.ts";
import { decideSweep } from "./decide_sweep.ts";

/** Two minutes, as Karpenter's provider does: an orphan costs at most a few cents more. */
const sweepEveryMs = 120_000;

/** Claims as raw metadata: a claim whose spec cannot be parsed still owns its machine. */
const rawClaims: ResourceType<KubernetesObject> = {
  ...nodeClaims,
  parse: (raw) => raw as KubernetesObject,
};

/** The machine that a claim says is its own, read as carefully as its metadata. */
function machineOf(claim: KubernetesObject): string | undefined {
  const status: unknown = Object.entries(claim).find(([field]) => field === "status")?.[1];
  if (typeof status !== "object" || status === null) return undefined;
  const id: unknown = Object.entries(status).find(([field]) => field === "instanceID")?.[1];
  return typeof id === "string" ? id : undefined;
}

/** Collaborators. */
export interface GarbageCollectionDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly accounts: Accounts;
  readonly claims: Reader<GPUNodeClaim>;
  holdsLease(): boolean;
}

/** See the module. */
export class GarbageCollection {
  readonly #deps: GarbageCollectionDeps;
  readonly #underWay = new Map<Account, Promise<void>>();

  constructor(deps: GarbageCollectionDeps) {
    this.#deps = deps;
  }

  /** Sweeps until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { accounts, clock, log } = this.#deps;
    while (!signal.aborted) {
      for (const account of accounts.list()) {
        // The sweep of a vendor that does not answer goes on; the others' begin without it.
        if (this.#underWay.has(account)) continue;
        const sweep = this.sweep(account, signal).catch((error) => {
          if (signal.aborted) return;
          log.error("Cannot sweep account", { account: account.name, error: String(error) });
        }).finally(() => this.#underWay.delete(account));
        this.#underWay.set(account, sweep);
      }
      await clock.sleep(sweepEveryMs, signal).catch(() => {});
    }
    await Promise.all(this.#underWay.values());
  }

  /** One sweep of one account's newest complete list. */
  async sweep(account: Account, signal: AbortSignal): Promise<void> {
    const { kube, log, metrics } = this.#deps;
    const [list] = account.lists;
    if (!list) return;
    const claims = await kube.list(rawClaims, { signal });
    const machines = new Map(claims.items.map((claim) => [claim.metadata.name, machineOf(claim)]));
    const sweep = decideSweep(list.instances, machines);
    metrics.gauge("tgp_orphaned_machines", sweep.orphans.length, {
      provider: account.provider.info().provider,
      class: account.className,
      account: account.name,
    });
    if (sweep.kind === "askPerson") {
      log.error("Too many machines without claims; ending none until a person has looked", {
        account: account.name,
        orphans: sweep.orphans.map(({ id }) => id),
        owned: sweep.owned,
      });
      return;
    }
    for (const orphan of sweep.orphans) {
      if (signal.aborted || !this.#deps.holdsLease()) return;
      await this.#end(account, orphan, signal);
    }
    if (signal.aborted || !this.#deps.holdsLease()) return;
    await this.#removeLeftovers(account, new Set(machines.keys()), signal);
  }

  /**
   * What a claim leaves at its vendor besides its machine. The vendor is asked for it after the claims
   * were read, so a claim made in between is looked for in the cache: what this process orders for a
   * claim it does only once the cache shows it.
   */
  async #removeLeftovers(
    account: Account,
    names: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<void> {
    const { claims, holdsLease, log } = this.#deps;
    const isKept = (name: string) =>
      !holdsLease() || names.has(name) || claims.get(name) !== undefined;
    try {
      const removed = await account.provider.removeLeftovers(isKept, signal);
      if (removed.length === 0) return;
      log.info("Removed what outlived its machine", { account: account.name, removed });
    } catch (error) {
      if (signal.aborted) return;
      log.warn("Cannot remove what outlived its machine", {
        account: account.name,
        error: String(error),
      });
    }
  }

  /** One machine that cannot be ended keeps no other from it; the next sweep tries again. */
  async #end(account: Account, orphan: Instance, signal: AbortSignal): Promise<void> {
    const { log, metrics } = this.#deps;
    const fields = { account: account.name, instance: orphan.id, name: orphan.name ?? "" };
    log.warn("Ending a machine that no claim answers for", fields);
    try {
      await account.provider.terminate(orphan.id, signal);
      metrics.count("tgp_orphans_ended_total", { provider: account.provider.info().provider });
    } catch (error) {
      if (!signal.aborted) log.error("Cannot end a machine", { ...fields, error: String(error) });
    }
  }
}
