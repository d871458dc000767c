/**
 * Makes the accounts of a GPUNodeClass work, and says how they are.
 *
 * Owns GPUNodeClass. Writes its status and conditions `Ready`, `CredentialsResolved`,
 * `ProvidersReachable`, `CatalogFresh`. Triggered by the class, its accounts, and time (Secrets are
 * read again every half minute, so a rotated key is seen without a restart).
 *
 * **Guarantees**: one bad entry hides no good one; a class that claims still refer to keeps its
 * finalizer, and an entry with machines keeps its client, whatever stops buying.
 *
 * **Caveats**: verification, lists and offers happen in each account's own loop; this reconciler only
 * reports what they found.
 *
 * @module
 */

import { type Recorder, toObjectReference } from "../../kube/events.ts";
import { addFinalizer, removeFinalizer } from "../../kube/finalizers.ts";
import type { Kube } from "../../kube/kube.ts";
import type { ReconcileOutcome } from "../../kube/reconcile.ts";
import { nodeClasses } from "../../kube/tgp_resources.ts";
import { fingerprintOf } from "../../providers/api_key.ts";
import {
  findRegistration,
  parseProviderName,
  type ProviderName,
} from "../../providers/registry.ts";
import type { Clock } from "../../runtime/clock.ts";
import { mayHaveMachine } from "../../scheduling/price.ts";
import type { Log } from "../../runtime/log.ts";
import { parseTime, reasons } from "../../schemas/conditions.ts";
import { terminationFinalizer } from "../../schemas/labels.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import {
  type GPUNodeClass,
  type NodeClassStatus,
  nodeClassStatusSchema,
  type ProviderEntry,
} from "../../schemas/node_class.ts";
import type { Problem } from "../accounts/account.ts";
import type { Accounts } from "../accounts/accounts.ts";
import type { Reader } from "../reader.ts";
import { isSame } from "../same.ts";
import { patchStatus } from "../status.ts";
import { computeClassStatus, type EntryFinding } from "./class_status.ts";
import { type CredentialScope, readCredential } from "./credentials.ts";

/** How often Secrets are read again: a rotated key works within this time. */
const secretsEveryMs = 30_000;
/** A quiet class is written at most this often, so that watchers see that somebody looks. */
const freshnessMs = 10 * 60_000;

/** Collaborators. */
export interface NodeClassDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly log: Log;
  readonly recorder: Recorder;
  readonly accounts: Accounts;
  readonly classes: Reader<GPUNodeClass>;
  readonly claims: Reader<GPUNodeClaim>;
  readonly scope: CredentialScope;
}

/** See the module. */
export class NodeClassReconciler {
  readonly #deps: NodeClassDeps;

  constructor(deps: NodeClassDeps) {
    this.#deps = deps;
  }

  /** One pass over the class of that name. */
  async reconcile(name: string, signal: AbortSignal): Promise<ReconcileOutcome> {
    const nodeClass = this.#deps.classes.get(name);
    if (!nodeClass) return { kind: "awaitChange" };
    if (nodeClass.metadata.deletionTimestamp) {
      const users = this.#usersOf(name);
      if (users === 0) return await this.#release(nodeClass);
      // Its accounts go on: they are what its claims' machines are ended with.
      this.#reportHeld(nodeClass, users);
    } else if (!nodeClass.metadata.finalizers?.includes(terminationFinalizer)) {
      await addFinalizer(this.#deps.kube, nodeClasses, nodeClass, terminationFinalizer);
      return { kind: "awaitChange" };
    }
    this.#retireEntries(nodeClass);
    const findings = await Promise.all(
      nodeClass.spec.providers.map((entry) => this.#resolve(nodeClass, entry, signal)),
    );
    await this.#recallEntries(nodeClass, signal);
    const next = computeClassStatus(nodeClass, findings, this.#deps.clock.now());
    if (this.#isWorthWriting(nodeClass.status, next)) {
      await patchStatus(
        this.#deps.kube,
        nodeClasses,
        nodeClass,
        nodeClassStatusSchema,
        next,
        signal,
      );
      this.#report(nodeClass, next);
    }
    return { kind: "requeueAfter", delayMs: secretsEveryMs, reason: "Secrets may change" };
  }

  /** Finds out what an entry lacks, and gives its account a client when it lacks nothing. */
  async #resolve(
    nodeClass: GPUNodeClass,
    entry: ProviderEntry,
    signal: AbortSignal,
  ): Promise<EntryFinding> {
    const { accounts, kube, scope } = this.#deps;
    const className = nodeClass.metadata.name;
    const found = (provider: string, problem: Problem | undefined): EntryFinding => {
      accounts.update(className, entry, problem);
      const account = accounts.get(className, entry.name);
      return { name: entry.name, provider, problem, account, fingerprint: undefined };
    };
    let provider: ProviderName;
    try {
      provider = parseProviderName(entry.provider ?? entry.name);
    } catch (error) {
      return found(entry.provider ?? entry.name, {
        reason: reasons.unsupportedProvider,
        message: (error as Error).message,
      });
    }
    if (findRegistration(provider).blockRequired && !(provider in entry)) {
      return found(provider, {
        reason: reasons.providerBlockMissing,
        message: `spec.providers[name=${entry.name}].${provider} is missing: the cloud requires it`,
      });
    }
    const credential = await readCredential(kube, entry, scope, signal);
    if (credential.kind === "missing") return found(provider, credential.problem);
    const { apiKey } = credential;
    const problem = await accounts.ensure({
      className,
      entry,
      apiKey,
      ...this.#machinesOf(className, entry.name),
      ...this.#lastKnown(nodeClass, entry.name),
    });
    return { ...found(provider, problem), fingerprint: fingerprintOf(apiKey) };
  }

  /**
   * What the account was last known by: the class says, or the claims that were ordered with it. Its key
   * is the one in use, not one that has not proven itself.
   */
  #lastKnown(
    nodeClass: GPUNodeClass,
    account: string,
  ): { readonly lastFingerprint: string | undefined; readonly lastIdentity: string | undefined } {
    const { metadata, status } = nodeClass;
    const shown = status?.providers?.find(({ name }) => name === account);
    const orders = this.#claimsOf(metadata.name, account).filter(mayHaveMachine)
      .flatMap((claim) => claim.status?.launch ?? []);
    return {
      lastFingerprint: shown?.fingerprintInUse ??
        orders.find(({ credentialFingerprint }) => credentialFingerprint)?.credentialFingerprint,
      lastIdentity: shown?.account ?? orders.find(({ accountID }) => accountID)?.accountID,
    };
  }

  /**
   * Gives claims of entries that the class no longer lists a client to end their machines with, after a
   * restart: the entry is in the order.
   */
  async #recallEntries(nodeClass: GPUNodeClass, signal: AbortSignal): Promise<void> {
    const { accounts, claims } = this.#deps;
    const className = nodeClass.metadata.name;
    const listed = new Set(nodeClass.spec.providers.map(({ name }) => name));
    const forgotten = new Map<string, ProviderEntry>();
    for (const { spec, status } of claims.list()) {
      const { entry, outcome } = status?.launch ?? {};
      const needed = entry && outcome !== "Refused" && spec.nodeClassRef.name === className;
      if (!needed || listed.has(entry.name) || accounts.get(className, entry.name)) continue;
      forgotten.set(entry.name, entry);
    }
    for (const [name, entry] of forgotten) {
      await this.#resolve(nodeClass, { ...entry, enabled: false }, signal);
      accounts.retire(className, name, true);
    }
  }

  /** What claims have in an account, and what they may have. */
  #machinesOf(
    className: string,
    account: string,
  ): { readonly knownInstanceIds: readonly string[]; readonly openOrders: readonly string[] } {
    const claims = this.#claimsOf(className, account).filter(mayHaveMachine);
    return {
      knownInstanceIds: claims.flatMap((claim) => claim.status?.instanceID ?? []),
      openOrders: claims.filter((claim) => claim.status?.instanceID === undefined)
        .map(({ metadata }) => metadata.name),
    };
  }

  /** Claims that need an account to find out about their machine or to end it. */
  #claimsOf(className: string, account: string): readonly GPUNodeClaim[] {
    return this.#deps.claims.list().filter(({ spec, status }) =>
      spec.nodeClassRef.name === className && status?.launch?.offer.account === account &&
      status.launch.outcome !== "Refused"
    );
  }

  #retireEntries(nodeClass: GPUNodeClass): void {
    const { accounts } = this.#deps;
    const className = nodeClass.metadata.name;
    const listed = new Set(nodeClass.spec.providers.map(({ name }) => name));
    for (const { name } of accounts.ofClass(className)) {
      if (!listed.has(name)) {
        accounts.retire(className, name, this.#claimsOf(className, name).length > 0);
      }
    }
  }

  #usersOf(className: string): number {
    return this.#deps.claims.list()
      .filter(({ spec }) => spec.nodeClassRef.name === className).length;
  }

  #reportHeld(nodeClass: GPUNodeClass, users: number): void {
    this.#deps.recorder.record({
      object: toObjectReference(nodeClass),
      type: "Warning",
      reason: reasons.deletionHeld,
      message: `${
        users === 1 ? "1 claim still refers" : `${users} claims still refer`
      } to this class; it goes when their machines are gone`,
    });
  }

  /** Nothing needs the class any more. */
  async #release(nodeClass: GPUNodeClass): Promise<ReconcileOutcome> {
    this.#deps.accounts.drop(nodeClass.metadata.name);
    await removeFinalizer(this.#deps.kube, nodeClasses, nodeClass, terminationFinalizer);
    return { kind: "awaitChange" };
  }

  /** The facts must differ, or the time of the check be old. */
  #isWorthWriting(before: NodeClassStatus | undefined, after: NodeClassStatus): boolean {
    if (!before || !isSame(toFacts(before), toFacts(after))) return true;
    const writtenAt = parseTime(before.lastCheckedTime) ?? 0;
    return this.#deps.clock.now() - writtenAt >= freshnessMs;
  }

  #report(nodeClass: GPUNodeClass, next: NodeClassStatus): void {
    const before = nodeClass.status?.providers ?? [];
    for (const entry of next.providers ?? []) {
      const old = before.find(({ name }) => name === entry.name);
      if (old?.reason === entry.reason || entry.reason === reasons.pending) continue;
      this.#deps.recorder.record({
        object: toObjectReference(nodeClass),
        type: entry.available ? "Normal" : "Warning",
        reason: entry.available ? "ProviderAvailable" : entry.reason,
        message: `${entry.name}: ${entry.message}`,
      });
    }
  }
}

/**
 * All but what changes by itself: the time of the check, and whether an open breaker is just being tried,
 * which for as long as an outage lasts happens every half minute.
 */
function toFacts({ lastCheckedTime: _time, providers, ...rest }: NodeClassStatus) {
  return {
    ...rest,
    providers: providers?.map(({ breakers, ...provider }) => ({
      ...provider,
      breakers: breakers?.map(({ operation }) => operation),
    })),
  };
}
