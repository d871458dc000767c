/**
 * Lambda Cloud as a {@linkcode Provider}.
 *
 * **Guarantees**: one launch call sends at most one request; a machine is reported missing only on the
 * vendor's positive word; the key appears in no error and no log line.
 *
 * **Caveats**: Lambda has no idempotency key, no creation time and no identity of the account; it sets
 * tags only at launch; it does not say where a sold-out type exists.
 *
 * @module
 */

import type { LambdaOptions } from "../../schemas/clouds/lambda.ts";
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
import { LambdaClient } from "./client.ts";
import { isDefiniteRefusal, noSuchObject } from "./errors.ts";
import { lambdaBootTimeouts, lambdaInfo, lambdaLimits, lambdaUrl } from "./facts.ts";
import { fromLambdaGpu, toLambdaGpu } from "./gpus.ts";
import { toInstance, toLaunchBody, toLocation, toProviderId } from "./map.ts";
import { OfferReader } from "./offer_reader.ts";

/**
 * One Lambda account.
 *
 * @throws {ProviderError} `invalid_request` without the entry's `lambda` block.
 * @throws {RangeError} For a base URL that is more or less than scheme and host.
 */
export function createLambdaProvider(entry: ProviderEntry, deps: ProviderDeps): Provider {
  if (entry.lambda === undefined) {
    throw new ProviderError(
      `Cannot use account "${entry.name}": its lambda block is missing; set lambda.sshKeyName at least`,
      { kind: "invalid_request", account: entry.name, operation: "createProvider" },
    );
  }
  return new LambdaProvider(entry, entry.lambda, deps);
}

class LambdaProvider implements Provider {
  readonly account: string;
  readonly #deps: ProviderDeps;
  readonly #options: LambdaOptions;
  readonly #client: LambdaClient;
  readonly #reader: OfferReader;
  readonly #resilience: Resilience;

  constructor(entry: ProviderEntry, options: LambdaOptions, deps: ProviderDeps) {
    this.account = entry.name;
    this.#deps = deps;
    this.#options = options;
    const url = replaceOrigin(lambdaUrl, deps.baseUrl, "TGP_LAMBDA_URL");
    this.#resilience = new Resilience(deps, {
      provider: lambdaInfo.provider,
      account: entry.name,
      host: new URL(url).host,
      requestIntervalMs: lambdaLimits.requestIntervalMs,
      launchIntervalMs: lambdaLimits.launchIntervalMs,
    });
    const redact = createRedact([deps.apiKey]);
    this.#client = new LambdaClient(
      {
        fetch: deps.fetch,
        clock: deps.clock,
        resilience: this.#resilience,
        redact,
      },
      {
        account: entry.name,
        apiKey: deps.apiKey,
        url,
      },
    );
    this.#reader = new OfferReader(
      { client: this.#client, clock: deps.clock, log: deps.log, redact },
      {
        account: entry.name,
        regions: entry.regions?.length ? [...entry.regions] : undefined,
        lambda: options,
      },
    );
  }

  info(): ProviderInfo {
    return lambdaInfo;
  }

  rateLimits(): RateLimits {
    return lambdaLimits;
  }

  bootTimeouts(gpuCount: number): BootTimeouts {
    return gpuCount > 1 ? lambdaBootTimeouts.multiple : lambdaBootTimeouts.single;
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
        const { clusterId, clock } = this.#deps;
        const body = toLaunchBody(request, this.#options, clusterId, clock.now());
        if ("problem" in body) return { kind: "rejected", message: body.problem };
        const instanceId = await this.#client.launch(body, sending, signal);
        return { kind: "launched", instanceId, providerID: toProviderId(instanceId) };
      },
    });
  }

  terminate(instanceId: string, signal: AbortSignal): Promise<void> {
    const operation = "terminateInstance";
    return endMachine({
      account: this.account,
      operation,
      id: instanceId,
      end: async () => {
        try {
          const ending = await this.#client.terminate(instanceId, signal);
          // The vendor may end fewer machines than asked for and still answer 200.
          if (ending.some((id) => sameId(id, instanceId))) return;
        } catch (error) {
          if (error instanceof ProviderError && isNoSuchMachine(error)) return;
          throw error;
        }
        throw new ProviderError(
          `Cannot end a machine: machine "${instanceId}" is not in the answer`,
          { kind: "transient", account: this.account, operation },
        );
      },
      isEnding: () => this.#isEnding(instanceId, signal),
    });
  }

  async getInstance(instanceId: string, signal: AbortSignal): Promise<Instance | null> {
    try {
      const wire = await this.#client.getInstance(instanceId, signal);
      return toInstance(wire, this.#deps.clusterId);
    } catch (error) {
      if (error instanceof ProviderError && isNoSuchMachine(error)) return null;
      throw error;
    }
  }

  async listInstances(signal: AbortSignal): Promise<readonly Instance[]> {
    const wires = await this.#client.listInstances(signal);
    return wires.map((wire) => toInstance(wire, this.#deps.clusterId));
  }

  listOffers(scope: OfferScope, signal: AbortSignal): Promise<readonly Offer[]> {
    return this.#reader.listOffers(scope, signal);
  }

  getPricing(gpuModel: string, region: string, signal: AbortSignal): Promise<OfferPrice> {
    return this.#reader.getPricing(gpuModel, region, signal);
  }

  /** Lists SSH keys: the cheapest call that also shows whether launches can name the configured one. */
  async verifyCredentials(signal: AbortSignal): Promise<AccountIdentity> {
    const names = await this.#client.listSshKeyNames(signal);
    const wanted = this.#options.sshKeyName;
    if (!names.includes(wanted)) {
      const choice = names.length > 0
        ? `; it has ${[...names].sort().slice(0, 10).join(", ")}`
        : "";
      throw new ProviderError(
        `Cannot use account "${this.account}": SSH key "${wanted}" does not exist in it: ` +
          `add the key at Lambda or change lambda.sshKeyName${choice}`,
        { kind: "invalid_request", account: this.account, operation: "verifyCredentials" },
      );
    }
    return { account: undefined };
  }

  /** What a launch names, the SSH key, is looked up; of billing and quota Lambda tells nothing. */
  async checkAccount(signal: AbortSignal): Promise<readonly AccountCheck[]> {
    const billing: AccountCheck = {
      what: "billing",
      state: "unknown",
      message: "Lambda has no call that tells balance or standing",
    };
    return [await checkLaunch(() => this.verifyCredentials(signal), signal), billing];
  }

  openBreakers(): readonly OpenBreaker[] {
    return this.#resilience.openBreakers();
  }

  /** Nothing outlives a machine at Lambda. */
  removeLeftovers(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  toNativeGpu(model: string): string {
    return toLambdaGpu(model);
  }

  fromNativeGpu(native: string): string | undefined {
    return fromLambdaGpu(native)?.id;
  }

  toNativeRegion(label: string): string {
    return this.#reader.toNativeRegion(label);
  }

  fromNativeRegion(native: string): OfferLocation & { readonly label: string } {
    return toLocation(native);
  }

  /** Whether a machine is gone or on its way out. */
  async #isEnding(id: string, signal: AbortSignal): Promise<boolean> {
    try {
      const wire = await this.#client.getInstance(id, signal, "terminate");
      const { state } = toInstance(wire, this.#deps.clusterId);
      return state === "terminating" || state === "terminated";
    } catch (error) {
      if (error instanceof ProviderError && isNoSuchMachine(error)) return true;
      throw error;
    }
  }
}

async function checkLaunch(
  verify: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<AccountCheck> {
  try {
    await verify();
    return { what: "launch", state: "ok", message: "the SSH key that launches name exists" };
  } catch (error) {
    signal.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    const wrong = error instanceof ProviderError && error.kind === "invalid_request";
    return { what: "launch", state: wrong ? "fail" : "unknown", message };
  }
}

/** 404, or 400 with the same code, is the vendor's word that there is no such machine. */
function isNoSuchMachine(error: ProviderError): boolean {
  return error.code === noSuchObject && (error.status ?? 599) < 500;
}

/** Ids are UUIDs; the vendor writes them without dashes and reads both. */
function sameId(left: string, right: string): boolean {
  const plain = (id: string) => id.replaceAll("-", "").toLowerCase();
  return plain(left) === plain(right);
}
