/**
 * RunPod as a {@linkcode Provider}.
 *
 * REST v2 is the default; GraphQL is a choice of the account's block, and beside REST the source of what
 * REST lacks: the account's identity and balance. Both are behind {@linkcode RunpodApi}.
 *
 * **Guarantees**: one launch call sends at most one create; a machine is reported missing only on the
 * vendor's positive word, and "nobody" is never taken for "no pods"; the key and the environment of a
 * container appear in no error and no log line.
 *
 * **Caveats**: pods are containers, so that they can only join as virtual nodes. RunPod has no
 * idempotency key and no tags: name and environment mark what is ours. A container whose main process
 * ends is restarted for ever, and bills on. GraphQL retires in early 2027; `graphql/client.ts` says what
 * goes with it.
 *
 * @module
 */

import type { RunpodOptions } from "../../schemas/clouds/runpod.ts";
import type { ProviderEntry } from "../../schemas/node_class.ts";
import { replaceOrigin } from "../base_url.ts";
import type {
  AccountCheck,
  AccountIdentity,
  BootTimeouts,
  Instance,
  LaunchOutcome,
  LaunchPermit,
  LaunchRequest,
  Offer,
  OfferLocation,
  OfferPrice,
  OfferScope,
  OpenBreaker,
  Provider,
  ProviderInfo,
  RateLimits,
} from "../contract.ts";
import { endMachine } from "../end_machine.ts";
import { ProviderError } from "../errors.ts";
import { runLaunch } from "../launch_outcome.ts";
import type { ProviderDeps } from "../provider_deps.ts";
import { createRedact } from "../redact.ts";
import { Resilience } from "../resilience.ts";
import { checkBalance } from "./account_check.ts";
import type { RunpodApi, RunpodCloud } from "./api.ts";
import { terminateOperation } from "./call_plans.ts";
import { isDefiniteRefusal } from "./errors.ts";
import { runpodBootTimeouts, runpodLimits, runpodUrls, toInfo } from "./facts.ts";
import { fromRunpodGpu, toRunpodGpu } from "./gpus.ts";
import { GraphqlClient } from "./graphql/client.ts";
import { toInstance, toProviderId } from "./map.ts";
import { OfferReader } from "./offer_reader.ts";
import { type OrderContext, toOrder } from "./order.ts";
import { toLocation, toRunpodPlace } from "./regions.ts";
import { RestClient } from "./rest/client.ts";

/**
 * One RunPod account.
 *
 * @throws {RangeError} For a base URL that is more or less than scheme and host.
 */
export function createRunpodProvider(entry: ProviderEntry, deps: ProviderDeps): Provider {
  return new RunpodProvider(entry, entry.runpod ?? {}, deps);
}

class RunpodProvider implements Provider {
  readonly account: string;
  readonly #deps: ProviderDeps;
  readonly #info: ProviderInfo;
  readonly #order: OrderContext;
  readonly #api: RunpodApi;
  /** GraphQL: whatever the protocol, the only source of identity and balance. */
  readonly #graphql: GraphqlClient;
  readonly #reader: OfferReader;
  readonly #resilience: Resilience;

  constructor(entry: ProviderEntry, { protocol, cloudType }: RunpodOptions, deps: ProviderDeps) {
    this.account = entry.name;
    this.#deps = deps;
    const byGraphql = protocol === "GraphQL";
    const cloud: RunpodCloud = cloudType === "Community" ? "COMMUNITY" : "SECURE";
    this.#info = toInfo(byGraphql ? ["on-demand", "spot"] : ["on-demand"]);
    const urls = {
      rest: replaceOrigin(runpodUrls.rest, deps.baseUrl, "TGP_RUNPOD_URL"),
      graphql: replaceOrigin(runpodUrls.graphql, deps.baseUrl, "TGP_RUNPOD_URL"),
    };
    this.#resilience = new Resilience(deps, {
      provider: this.#info.provider,
      account: entry.name,
      host: new URL(urls.rest).host,
      requestIntervalMs: runpodLimits.requestIntervalMs,
      requestBurst: runpodLimits.requestBurst,
      launchIntervalMs: runpodLimits.launchIntervalMs,
    });
    const { clock, fetch, log, apiKey, clusterId } = deps;
    const clientDeps = {
      fetch,
      clock,
      log,
      resilience: this.#resilience,
      redact: createRedact([apiKey]),
    };
    const options = { account: entry.name, apiKey, cloud };
    this.#graphql = new GraphqlClient(clientDeps, { ...options, url: urls.graphql });
    this.#api = byGraphql
      ? this.#graphql
      : new RestClient(clientDeps, { ...options, url: urls.rest });
    this.#order = {
      clusterId,
      cloud,
      capacityTypes: this.#info.capacityTypes,
      placesByCountry: byGraphql,
    };
    this.#reader = new OfferReader({ api: this.#api, clock }, {
      account: entry.name,
      cloud,
      places: entry.regions?.length ? entry.regions.map(toRunpodPlace) : undefined,
      placesByCountry: byGraphql,
    });
  }

  info(): ProviderInfo {
    return this.#info;
  }

  rateLimits(): RateLimits {
    return runpodLimits;
  }

  bootTimeouts(): BootTimeouts {
    return runpodBootTimeouts;
  }

  acquireLaunch(signal: AbortSignal): Promise<LaunchPermit> {
    return this.#resilience.acquireLaunch(signal);
  }

  launch(
    request: LaunchRequest,
    permit: LaunchPermit,
    signal: AbortSignal,
  ): Promise<LaunchOutcome> {
    return runLaunch({
      request,
      permit,
      apiKey: this.#deps.apiKey,
      signal,
      isDefinite: isDefiniteRefusal,
      send: async (sending) => {
        const order = toOrder(request, this.#order);
        if ("problem" in order) return { kind: "rejected", message: order.problem };
        const instanceId = await this.#api.launchPod(order, sending, signal);
        return { kind: "launched", instanceId, providerID: toProviderId(instanceId) };
      },
    });
  }

  terminate(instanceId: string, signal: AbortSignal): Promise<void> {
    return endMachine({
      account: this.account,
      operation: terminateOperation,
      id: instanceId,
      end: () => this.#api.terminatePod(instanceId, signal),
      isEnding: async () => {
        const pod = await this.#api.getPod(instanceId, signal, true);
        return pod === undefined || pod.state === "terminating" || pod.state === "terminated";
      },
    });
  }

  async getInstance(instanceId: string, signal: AbortSignal): Promise<Instance | null> {
    const pod = await this.#api.getPod(instanceId, signal);
    return pod === undefined ? null : toInstance(pod, this.#deps.clusterId);
  }

  async listInstances(signal: AbortSignal): Promise<readonly Instance[]> {
    const pods = await this.#api.listPods(signal);
    return pods.map((pod) => toInstance(pod, this.#deps.clusterId));
  }

  listOffers(scope: OfferScope, signal: AbortSignal): Promise<readonly Offer[]> {
    return this.#reader.listOffers(scope, signal);
  }

  getPricing(gpuModel: string, region: string, signal: AbortSignal): Promise<OfferPrice> {
    return this.#reader.getPricing(gpuModel, region, signal);
  }

  /**
   * Asks GraphQL whose key it is. Where that does not tell, and machines are rented by REST, REST proves
   * the key, and nobody says whose it is: GraphQL retires, is throttled until it does, and may be closed to
   * a key that is for REST.
   */
  async verifyCredentials(signal: AbortSignal): Promise<AccountIdentity> {
    const alone = this.#api === this.#graphql;
    try {
      const { id } = await this.#graphql.readAccount(signal, !alone);
      return { account: id };
    } catch (error) {
      if (alone || !(error instanceof ProviderError)) throw error;
      await this.#api.proveKey(signal);
      return { account: undefined };
    }
  }

  /** Balance and spend limit; of quotas and a dry launch RunPod has nothing. */
  async checkAccount(signal: AbortSignal): Promise<readonly AccountCheck[]> {
    return [await this.#checkBilling(signal), {
      what: "quota",
      state: "unknown",
      message: "RunPod has no call that tells quotas",
    }, {
      what: "launch",
      state: "unknown",
      message: "RunPod cannot try an order without renting",
    }];
  }

  openBreakers(): readonly OpenBreaker[] {
    return this.#resilience.openBreakers();
  }

  /** Nothing outlives a pod: orders make no volumes, templates or registry credentials. */
  removeLeftovers(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  toNativeGpu(model: string): string {
    return toRunpodGpu(model);
  }

  fromNativeGpu(native: string): string | undefined {
    return fromRunpodGpu(native)?.id;
  }

  toNativeRegion(label: string): string {
    return this.#reader.toNativeRegion(label);
  }

  fromNativeRegion(native: string): OfferLocation & { readonly label: string } {
    return toLocation(native);
  }

  async #checkBilling(signal: AbortSignal): Promise<AccountCheck> {
    try {
      return checkBalance(await this.#graphql.readAccount(signal));
    } catch (error) {
      signal.throwIfAborted();
      const message = error instanceof Error ? error.message : String(error);
      return { what: "billing", state: "unknown", message };
    }
  }
}
