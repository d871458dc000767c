/**
 * One account whose answers a test writes down, for tables of outcomes that no cloud gives on demand.
 *
 * What a cloud does is tested with the real adapter on the simulated cloud; this says only what the
 * controller makes of each answer that the contract allows.
 *
 * @module
 */

import type { Account } from "../../controller/accounts/account.ts";
import type {
  AccountCheck,
  Instance,
  LaunchOutcome,
  LaunchPermit,
  LaunchRequest,
  Offer,
  OfferLocation,
  OfferPrice,
  OpenBreaker,
  Provider,
  ProviderInfo,
} from "../../providers/contract.ts";
import { ProviderError, type ProviderErrorKind } from "../../providers/errors.ts";
import { minutes } from "../../schemas/duration.ts";
import type { ProviderEntry } from "../../schemas/node_class.ts";
import { buildInfo } from "./controller_builders.ts";

/** An answer, or the failure to give one. */
export type Answer<T> = T | Error | ((...args: never[]) => T | Promise<T>);

/** A failure that providers throw. */
export function providerError(kind: ProviderErrorKind, message = `Cannot: ${kind}`): ProviderError {
  return new ProviderError(message, { kind, account: "lambda", operation: "test" });
}

/** See the module. */
export class ScriptedProvider implements Provider {
  readonly account: string;
  facts: ProviderInfo = buildInfo();
  instances: readonly Instance[] | Error = [];
  offers: readonly Offer[] | Error = [];
  credentials: string | undefined | Error = undefined;
  termination: Error | undefined;
  /** What the next orders come to; the last one repeats. */
  outcomes:
    (LaunchOutcome | ((request: LaunchRequest) => LaunchOutcome | Promise<LaunchOutcome>))[] = [{
      kind: "launched",
      instanceId: "i-1",
      providerID: "lambda:///i-1",
    }];
  breakers: readonly OpenBreaker[] = [];
  /** Names of claims whose things outlived their machines. */
  leftovers: readonly string[] = [];
  /** Awaited before a place in the launch queue is given. */
  queue: () => Promise<void> = () => Promise.resolve();
  readonly launches: LaunchRequest[] = [];
  readonly terminated: string[] = [];
  readonly calls: string[] = [];
  /** Places given out and neither used nor given back. */
  openPermits = 0;

  constructor(account = "lambda") {
    this.account = account;
  }

  info(): ProviderInfo {
    return this.facts;
  }

  rateLimits(): { requestsPerSecond: number; launchesPerMinute: number } {
    return { requestsPerSecond: 1, launchesPerMinute: 5 };
  }

  bootTimeouts(): ReturnType<Provider["bootTimeouts"]> {
    return { launch: minutes(15), registration: minutes(15), initialization: minutes(15) };
  }

  async acquireLaunch(signal: AbortSignal): Promise<LaunchPermit> {
    await this.queue();
    signal.throwIfAborted();
    this.openPermits++;
    let held = true;
    return {
      release: () => {
        if (held) this.openPermits--;
        held = false;
      },
    };
  }

  async launch(
    request: LaunchRequest,
    permit: LaunchPermit,
    _signal: AbortSignal,
  ): Promise<LaunchOutcome> {
    this.launches.push(request);
    permit.release();
    const outcome = this.outcomes.length > 1 ? this.outcomes.shift() : this.outcomes[0];
    if (!outcome) throw new Error("No outcome was written down");
    return typeof outcome === "function" ? await outcome(request) : outcome;
  }

  terminate(instanceId: string): Promise<void> {
    this.calls.push("terminate");
    if (this.termination) return Promise.reject(this.termination);
    this.terminated.push(instanceId);
    return Promise.resolve();
  }

  async getInstance(instanceId: string): Promise<Instance | null> {
    const instances = await this.listInstances();
    return instances.find(({ id }) => id === instanceId) ?? null;
  }

  listInstances(): Promise<readonly Instance[]> {
    return this.#answer("listInstances", this.instances);
  }

  listOffers(): Promise<readonly Offer[]> {
    return this.#answer("listOffers", this.offers);
  }

  getPricing(): Promise<OfferPrice> {
    return Promise.reject(providerError("not_found"));
  }

  async verifyCredentials(): Promise<{ account: string | undefined }> {
    return { account: await this.#answer("verifyCredentials", this.credentials) };
  }

  checkAccount(): Promise<readonly AccountCheck[]> {
    return Promise.resolve([]);
  }

  openBreakers(): readonly OpenBreaker[] {
    return this.breakers;
  }

  async removeLeftovers(isKept: (claimName: string) => boolean): Promise<readonly string[]> {
    this.calls.push("removeLeftovers");
    await Promise.resolve();
    const removed = this.leftovers.filter((name) => !isKept(name));
    this.leftovers = this.leftovers.filter(isKept);
    return removed;
  }

  toNativeGpu(model: string): string {
    return model;
  }

  fromNativeGpu(native: string): string {
    return native;
  }

  toNativeRegion(label: string): string {
    return label;
  }

  fromNativeRegion(native: string): OfferLocation & { readonly label: string } {
    return { region: native, country: undefined, continent: undefined, label: native };
  }

  #answer<T>(call: string, answer: T | Error): Promise<T> {
    this.calls.push(call);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }
}

/** An entry of a class for account `lambda`. */
export function buildEntry(change: Partial<ProviderEntry> = {}): ProviderEntry {
  return {
    name: "lambda",
    credentialsRef: { name: `${change.name ?? "lambda"}-key`, key: "apiKey" },
    lambda: { sshKeyName: "tgp" },
    ...change,
  };
}

/** A verified account of class `default` with the given client. */
export function buildAccount(
  provider: ScriptedProvider,
  change: Partial<Account> = {},
): Account {
  return {
    className: "default",
    name: provider.account,
    fingerprint: "0123456789ab",
    provider,
    entry: buildEntry({ name: provider.account }),
    keyProblem: undefined,
    verified: true,
    identity: undefined,
    problem: undefined,
    block: undefined,
    snapshot: undefined,
    lastOffers: [],
    offersFailure: undefined,
    lists: [],
    stock: new Map(),
    ...change,
  };
}
