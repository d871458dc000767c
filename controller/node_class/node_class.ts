/**
 * Makes the accounts of a GPUNodeClass work, and says how they are.
 *
 * Owns GPUNodeClass. Writes its status and conditions `Ready`, `CredentialsResolved`,
 * `ProvidersReachable`, `CatalogFresh`. Triggered by the class, its accounts, the Secrets that it refers
 * to, its claims, and time: where Secrets may not be watched they are still read every half minute.
 *
 * **Guarantees**: a class that claims still refer to keeps its finalizer; a class that was taken away by
 * force leaves its claims what their machines are ended with; a quiet class is written every ten minutes
 * at most.
 *
 * **Caveats**: verification, lists and offers happen in each account's own loop; this reconciler only
 * reports what they found.
 *
 * @module
 */

import type { Recorder } from "../../kube/events.ts";
import { Fields } from "../../kube/fields.ts";
import { addFinalizer, removeFinalizer } from "../../kube/finalizers.ts";
import type { ReconcileOutcome } from "../../kube/reconcile.ts";
import type { ResourceType } from "../../kube/resource.ts";
import { nodeClaims, nodeClasses } from "../../kube/tgp_resources.ts";
import type { Clock } from "../../runtime/clock.ts";
import { parseTime, reasons } from "../../schemas/conditions.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { terminationFinalizer } from "../../schemas/labels.ts";
import {
  type GPUNodeClass,
  type NodeClassStatus,
  nodeClassStatusSchema,
} from "../../schemas/node_class.ts";
import type { GPUNodePool } from "../../schemas/node_pool.ts";
import type { Reader } from "../reader.ts";
import { isSame } from "../same.ts";
import { patchStatus } from "../status.ts";
import { ClassAccounts, type ClassAccountsDeps, toClassEntries } from "./class_accounts.ts";
import { computeClassStatus } from "./class_status.ts";
import type { ClassUsers } from "./class_users.ts";
import { toSecretRef } from "./credentials.ts";
import * as occurrences from "./events.ts";
import type { SecretWatches } from "./secret_watches.ts";

/** How often Secrets are read again, should no watch tell: a rotated key works within this time. */
const secretsEveryMs = 30_000;
/** A quiet class is written at most this often, so that watchers see that somebody looks. */
const freshnessMs = 10 * 60_000;
/** Words alone are written at most this often: some vendors put another request's id into each answer. */
const wordsMs = 60_000;

/** A claim as far as the class goes that it refers to: one that cannot be read any further holds it, too. */
interface ClassReference extends KubernetesObject {
  readonly nodeClass: string | undefined;
}

const classReferences: ResourceType<ClassReference> = {
  ...nodeClaims,
  parse: (raw) => ({
    ...raw as KubernetesObject,
    nodeClass: new Fields(raw).fields("spec").fields("nodeClassRef").string("name"),
  }),
};

/** Collaborators. */
export interface NodeClassDeps extends ClassAccountsDeps {
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly classes: Reader<GPUNodeClass>;
  readonly pools: Reader<GPUNodePool>;
  readonly secretWatches: Pick<SecretWatches, "follow">;
}

/** See the module. */
export class NodeClassReconciler {
  readonly #deps: NodeClassDeps;
  readonly #accounts: ClassAccounts;
  /** UIDs of deleted classes of which was told that they are held. */
  readonly #toldHeld = new Set<string>();

  constructor(deps: NodeClassDeps) {
    this.#deps = deps;
    this.#accounts = new ClassAccounts(deps);
  }

  /** One pass over the class of that name. */
  async reconcile(name: string, signal: AbortSignal): Promise<ReconcileOutcome> {
    const nodeClass = this.#deps.classes.get(name);
    if (!nodeClass) return await this.#clearAway(name, signal);
    let users: ClassUsers = { claims: [], pools: [] };
    if (nodeClass.metadata.deletionTimestamp) {
      users = await this.#findUsers(name, signal);
      if (users.claims.length === 0) return await this.#release(nodeClass);
      // Its accounts go on: they are what its claims' machines are ended with.
      this.#tellHeld(nodeClass, users);
    } else if (!nodeClass.metadata.finalizers?.includes(terminationFinalizer)) {
      await addFinalizer(this.#deps.kube, nodeClasses, nodeClass, terminationFinalizer);
      return { kind: "awaitChange" };
    }
    this.#followSecrets(nodeClass);
    const findings = await this.#accounts.update(toClassEntries(name, nodeClass), signal);
    const next = computeClassStatus({ nodeClass, findings, users, now: this.#deps.clock.now() });
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

  #followSecrets({ metadata, spec }: GPUNodeClass): void {
    const { scope, secretWatches } = this.#deps;
    secretWatches.follow(
      metadata.name,
      spec.providers.flatMap((entry) => toSecretRef(entry, scope) ?? []),
    );
  }

  /** The class is not there, and never was or is no more: by its finalizer's leave, or by force. */
  async #clearAway(name: string, signal: AbortSignal): Promise<ReconcileOutcome> {
    const { accounts, secretWatches } = this.#deps;
    secretWatches.follow(name, []);
    await this.#accounts.update(toClassEntries(name, undefined), signal);
    if (accounts.ofClass(name).length === 0 && !this.#hasClaims(name)) {
      return { kind: "awaitChange" };
    }
    return { kind: "requeueAfter", delayMs: secretsEveryMs, reason: "its machines are ended" };
  }

  #hasClaims(name: string): boolean {
    return this.#deps.claims.list().some(({ spec }) => spec.nodeClassRef.name === name);
  }

  /** Deletions are rare, and a cache may lag behind the claim that was made a moment ago. */
  async #findUsers(name: string, signal: AbortSignal): Promise<ClassUsers> {
    const { kube, pools } = this.#deps;
    const { items } = await kube.list(classReferences, { signal });
    return {
      claims: items.filter(({ nodeClass }) => nodeClass === name).map(({ metadata }) =>
        metadata.name
      ),
      pools: pools.list().filter(({ spec }) => spec.nodeClassRef.name === name)
        .map(({ metadata }) => metadata.name),
    };
  }

  /** Once; the condition says it for as long as it lasts. */
  #tellHeld(nodeClass: GPUNodeClass, users: ClassUsers): void {
    const { uid = "" } = nodeClass.metadata;
    if (this.#toldHeld.has(uid)) return;
    this.#toldHeld.add(uid);
    this.#deps.recorder.record(occurrences.deletionHeld(nodeClass, users));
  }

  /** Nothing needs the class any more. */
  async #release(nodeClass: GPUNodeClass): Promise<ReconcileOutcome> {
    const { accounts, kube, secretWatches } = this.#deps;
    const { name, uid = "" } = nodeClass.metadata;
    accounts.drop(name);
    secretWatches.follow(name, []);
    await removeFinalizer(kube, nodeClasses, nodeClass, terminationFinalizer);
    this.#toldHeld.delete(uid);
    return { kind: "awaitChange" };
  }

  /** The facts must differ, or the words be old, or the time of the check. */
  #isWorthWriting(before: NodeClassStatus | undefined, after: NodeClassStatus): boolean {
    if (!before || !isSame(toFacts(before), toFacts(after))) return true;
    const ageMs = this.#deps.clock.now() - (parseTime(before.lastCheckedTime) ?? 0);
    return ageMs >= (isSame(toWords(before), toWords(after)) ? freshnessMs : wordsMs);
  }

  #report(nodeClass: GPUNodeClass, next: NodeClassStatus): void {
    const before = nodeClass.status?.providers ?? [];
    for (const entry of next.providers ?? []) {
      const old = before.find(({ name }) => name === entry.name);
      if (old?.reason === entry.reason || entry.reason === reasons.pending) continue;
      this.#deps.recorder.record(occurrences.accountChanged(nodeClass, entry));
    }
  }
}

/**
 * All but words and what changes by itself: the time of the check, and whether an open breaker is just
 * being tried, which for as long as an outage lasts happens every half minute.
 */
function toFacts({ lastCheckedTime: _time, conditions, providers, ...rest }: NodeClassStatus) {
  return {
    ...rest,
    conditions: conditions?.map(({ message: _message, ...condition }) => condition),
    providers: providers?.map(({ message: _message, breakers, ...provider }) => ({
      ...provider,
      breakers: breakers?.map(({ operation }) => operation),
    })),
  };
}

function toWords({ conditions = [], providers = [] }: NodeClassStatus): readonly string[] {
  return [...conditions, ...providers].map(({ message }) => message);
}
