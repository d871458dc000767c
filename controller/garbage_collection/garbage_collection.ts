/**
 * Ends machines that are ours and that no claim answers for.
 *
 * **Guarantees**: the cloud is listed first and the claims are read afterwards, from the API server
 * and unparsed, so that a claim written in between protects its machine and a claim that cannot be
 * read still does. Only complete lists count. A sweep that would end more than a fifth of what we own
 * stops and asks for a person. Machines of other clusters and of nobody are never touched.
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
import type { Account } from "../accounts/account.ts";
import type { Accounts } from "../accounts/accounts.ts";
import { decideSweep } from "./decide_sweep.ts";

/** Two minutes, as Karpenter's provider does: an orphan costs at most a few cents more. */
const sweepEveryMs = 120_000;

/** Claims as raw metadata: a claim whose spec cannot be parsed still owns its machine. */
const rawClaims: ResourceType<KubernetesObject> = {
  ...nodeClaims,
  parse: (raw) => raw as KubernetesObject,
};

/** Collaborators. */
export interface GarbageCollectionDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly accounts: Accounts;
  holdsLease(): boolean;
}

/** See the module. */
export class GarbageCollection {
  readonly #deps: GarbageCollectionDeps;

  constructor(deps: GarbageCollectionDeps) {
    this.#deps = deps;
  }

  /** Sweeps until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { accounts, clock, log } = this.#deps;
    while (!signal.aborted) {
      // Side by side: a slow account holds up no other.
      await Promise.all(
        accounts.list().map((account) =>
          this.sweep(account, signal).catch((error) => {
            if (signal.aborted) return;
            log.error("Cannot sweep account", { account: account.name, error: String(error) });
          })
        ),
      );
      await clock.sleep(sweepEveryMs, signal).catch(() => {});
    }
  }

  /** One sweep of one account's newest complete list. */
  async sweep(account: Account, signal: AbortSignal): Promise<void> {
    const { kube, log, metrics } = this.#deps;
    const [list] = account.lists;
    if (!list) return;
    const claims = await kube.list(rawClaims, { signal });
    const names = new Set(claims.items.map(({ metadata }) => metadata.name));
    const sweep = decideSweep(list.instances, names);
    metrics.gauge("tgp_orphaned_machines", sweep.orphans.length, {
      provider: account.provider.info().provider,
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
