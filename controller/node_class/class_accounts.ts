/**
 * Gives the entries of a class their accounts, and takes them away again.
 *
 * **Guarantees**: one bad entry hides no good one; an account with machines, or with orders of which
 * nobody knows what became of them, keeps its client, whatever became of its entry or of the class.
 *
 * @module
 */

import type { Kube } from "../../kube/kube.ts";
import { fingerprintOf } from "../../providers/api_key.ts";
import {
  findRegistration,
  parseProviderName,
  type ProviderName,
} from "../../providers/registry.ts";
import { mayHaveMachine } from "../../scheduling/price.ts";
import { reasons } from "../../schemas/conditions.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { GPUNodeClass, ProviderEntry, ProviderStatus } from "../../schemas/node_class.ts";
import type { Problem } from "../accounts/account.ts";
import type { Accounts } from "../accounts/accounts.ts";
import type { Reader } from "../reader.ts";
import {
  createSecretReader,
  type CredentialScope,
  readCredential,
  type SecretReader,
} from "./credentials.ts";
import type { EntryFinding } from "./entry_finding.ts";

/** Collaborators. */
export interface ClassAccountsDeps {
  readonly kube: Kube;
  readonly accounts: Accounts;
  readonly claims: Reader<GPUNodeClaim>;
  readonly scope: CredentialScope;
}

/** A class as far as its accounts go; one that was taken away by force lists nothing. */
export interface ClassEntries {
  readonly name: string;
  readonly entries: readonly ProviderEntry[];
  /** What was said of its accounts last. */
  readonly known: readonly ProviderStatus[];
}

/** The entries of a class; of one that is not there, none. */
export function toClassEntries(name: string, nodeClass: GPUNodeClass | undefined): ClassEntries {
  return {
    name,
    entries: nodeClass?.spec.providers ?? [],
    known: nodeClass?.status?.providers ?? [],
  };
}

/** See the module. */
export class ClassAccounts {
  readonly #deps: ClassAccountsDeps;

  constructor(deps: ClassAccountsDeps) {
    this.#deps = deps;
  }

  /** Brings all accounts of a class up to date. @returns What was found about each entry. */
  async update(of: ClassEntries, signal: AbortSignal): Promise<readonly EntryFinding[]> {
    this.#retire(of);
    const readSecret = createSecretReader(this.#deps.kube, signal);
    const findings = await Promise.all(
      of.entries.map((entry) => this.#resolve(of, entry, readSecret)),
    );
    const recalled = await this.#recall(of, readSecret);
    this.#deps.accounts.endTrials(
      of.name,
      new Set(
        [...findings, ...recalled].flatMap(({ name, fingerprint }) => fingerprint ? name : []),
      ),
    );
    return findings;
  }

  /** Finds out what an entry lacks, and gives its account a client when it lacks nothing. */
  async #resolve(
    of: ClassEntries,
    entry: ProviderEntry,
    readSecret: SecretReader,
  ): Promise<EntryFinding> {
    const { accounts, scope } = this.#deps;
    const found = (provider: string, problem: Problem | undefined): EntryFinding => {
      accounts.update(of.name, entry, problem);
      return {
        name: entry.name,
        provider,
        enabled: entry.enabled !== false,
        problem,
        account: accounts.get(of.name, entry.name),
        fingerprint: undefined,
      };
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
    const credential = await readCredential(readSecret, entry, scope);
    if (credential.kind === "missing") return found(provider, credential.problem);
    const { apiKey } = credential;
    const problem = await accounts.ensure({
      className: of.name,
      entry,
      apiKey,
      ...this.#stakeIn(of.name, entry.name),
      ...this.#lastKnown(of, entry.name),
    });
    return { ...found(provider, problem), fingerprint: fingerprintOf(apiKey) };
  }

  /**
   * What the account was last known by: the class says, or the claims that were ordered with it. Its key
   * is the one in use, not one that has not proven itself.
   */
  #lastKnown(
    of: ClassEntries,
    account: string,
  ): { readonly lastFingerprint: string | undefined; readonly lastIdentity: string | undefined } {
    const shown = of.known.find(({ name }) => name === account);
    const orders = this.#claimsOf(of.name, account).filter(mayHaveMachine)
      .flatMap((claim) => claim.status?.launch ?? []);
    return {
      lastFingerprint: shown?.fingerprintInUse ??
        orders.find(({ credentialFingerprint }) => credentialFingerprint)?.credentialFingerprint,
      lastIdentity: shown?.account ?? orders.find(({ accountID }) => accountID)?.accountID,
    };
  }

  /**
   * Gives claims of entries that the class does not list a client to end their machines with, after a
   * restart: the entry is in the order.
   */
  async #recall(of: ClassEntries, readSecret: SecretReader): Promise<readonly EntryFinding[]> {
    const { accounts, claims } = this.#deps;
    const listed = new Set(of.entries.map(({ name }) => name));
    const forgotten = new Map<string, ProviderEntry>();
    for (const { spec, status } of claims.list()) {
      const { entry, outcome } = status?.launch ?? {};
      const needed = entry && outcome !== "Refused" && spec.nodeClassRef.name === of.name;
      if (!needed || listed.has(entry.name) || accounts.get(of.name, entry.name)) continue;
      forgotten.set(entry.name, entry);
    }
    const findings: EntryFinding[] = [];
    for (const [name, entry] of forgotten) {
      findings.push(await this.#resolve(of, { ...entry, enabled: false }, readSecret));
      accounts.retire(of.name, name, true);
    }
    return findings;
  }

  #retire({ name: className, entries }: ClassEntries): void {
    const { accounts } = this.#deps;
    const listed = new Set(entries.map(({ name }) => name));
    for (const { name } of accounts.ofClass(className)) {
      if (listed.has(name)) continue;
      accounts.retire(className, name, this.#claimsOf(className, name).length > 0);
    }
  }

  /** What claims have in an account, and what they may have. */
  #stakeIn(
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
}
