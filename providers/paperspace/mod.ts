/**
 * Paperspace as a {@linkcode Provider}.
 *
 * **Guarantees**: one launch call sends at most one order; a machine is reported missing only on the
 * vendor's positive word, and never because the API itself is gone; the key and the startup script appear in
 * no error and no log line.
 *
 * **Assumptions**: names are ours alone, since there are no tags; rates of machines are US dollars per hour.
 *
 * **Caveats**: Paperspace has no idempotency key, no list of machine types and no prices (ours is a dated
 * table). An order is accepted before capacity is known. If this process ends between the end of a machine
 * and the release of its static address, nothing tells any more whose address it was.
 *
 * @module
 */

import type { PaperspaceOptions } from "../../schemas/clouds/paperspace.ts";
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
import type { ProviderDeps } from "../provider_deps.ts";
import { createRedact } from "../redact.ts";
import { Resilience } from "../resilience.ts";
import { type AccountChecksDeps, checkPaperspaceAccount } from "./account_checks.ts";
import { Belongings } from "./belongings.ts";
import { BelongingsClient } from "./belongings_client.ts";
import { BootWatch } from "./boot_watch.ts";
import { PaperspaceClient } from "./client.ts";
import { Ending } from "./ending.ts";
import {
  paperspaceBootTimeouts,
  paperspaceInfo,
  paperspaceLimits,
  paperspaceUrl,
  paperspaceUrlVariable,
} from "./facts.ts";
import { fromPaperspaceGpu, toPaperspaceGpu } from "./gpus.ts";
import { Launcher } from "./launch.ts";
import { type LeftoversDeps, removeLeftovers } from "./leftovers.ts";
import { findMachine } from "./machine_lookup.ts";
import { toInstance } from "./map.ts";
import { OfferReader } from "./offer_reader.ts";
import { PlacementReader } from "./placement_reader.ts";
import { toLocation } from "./regions.ts";
import { PaperspaceTransport } from "./transport.ts";
import type { WireMachine } from "./wire.ts";

/**
 * One Paperspace team.
 *
 * @throws {RangeError} For a base URL that is more or less than scheme and host.
 */
export function createPaperspaceProvider(entry: ProviderEntry, deps: ProviderDeps): Provider {
  return new PaperspaceProvider(entry, entry.paperspace ?? {}, deps);
}

class PaperspaceProvider implements Provider {
  readonly account: string;
  readonly #clusterId: string;
  readonly #resilience: Resilience;
  readonly #client: PaperspaceClient;
  readonly #boots: BootWatch;
  readonly #launcher: Launcher;
  readonly #ending: Ending;
  readonly #offers: OfferReader;
  readonly #checks: AccountChecksDeps;
  readonly #leftovers: LeftoversDeps;

  constructor(entry: ProviderEntry, options: PaperspaceOptions, deps: ProviderDeps) {
    const { apiKey, clock, clusterId, fetch, log } = deps;
    const account = entry.name;
    const url = replaceOrigin(paperspaceUrl, deps.baseUrl, paperspaceUrlVariable);
    const redact = createRedact([apiKey]);
    const resilience = new Resilience(deps, {
      provider: paperspaceInfo.provider,
      account,
      host: new URL(url).host,
      requestIntervalMs: paperspaceLimits.requestIntervalMs,
      launchIntervalMs: paperspaceLimits.launchIntervalMs,
    });
    const transport = new PaperspaceTransport(
      { fetch, clock, resilience, redact },
      { account, apiKey, url },
    );
    const client = new PaperspaceClient({ transport, resilience, fetch, clock });
    const belongingsClient = new BelongingsClient({ transport, resilience, apiKey });
    const belongings = new Belongings({ client: belongingsClient, log, account, clusterId });
    const placements = new PlacementReader({ client, clock, log }, account, options);
    const shared = { client, belongingsClient, belongings, placements, clock, log, account };
    this.account = account;
    this.#clusterId = clusterId;
    this.#resilience = resilience;
    this.#client = client;
    this.#boots = new BootWatch({ ...shared, redact });
    this.#launcher = new Launcher({ ...shared, resilience, apiKey, options });
    this.#ending = new Ending(shared);
    this.#offers = new OfferReader(shared, {
      account,
      regions: entry.regions?.length ? [...entry.regions] : undefined,
      paperspace: options,
    });
    this.#checks = { client, placements, options };
    this.#leftovers = shared;
  }

  info(): ProviderInfo {
    return paperspaceInfo;
  }

  rateLimits(): RateLimits {
    return paperspaceLimits;
  }

  bootTimeouts(gpuCount: number): BootTimeouts {
    return gpuCount > 1 ? paperspaceBootTimeouts.multiple : paperspaceBootTimeouts.single;
  }

  acquireLaunch(signal: AbortSignal): Promise<LaunchPermit> {
    return this.#resilience.acquireLaunch(signal);
  }

  launch(
    request: LaunchRequest,
    permit: LaunchPermit,
    signal: AbortSignal,
  ): Promise<LaunchOutcome> {
    return this.#launcher.launch(request, permit, signal);
  }

  terminate(instanceId: string, signal: AbortSignal): Promise<void> {
    return this.#ending.terminate(instanceId, signal);
  }

  async getInstance(instanceId: string, signal: AbortSignal): Promise<Instance | null> {
    const machine = await findMachine(this.#client, { id: instanceId, priority: "list" }, signal);
    return machine && await this.#toInstance(machine, signal);
  }

  async listInstances(signal: AbortSignal): Promise<readonly Instance[]> {
    const machines = await this.#client.listMachines(signal);
    this.#boots.keepOnly(new Set(machines.map(({ id }) => id)));
    const instances: Instance[] = [];
    for (const machine of machines) instances.push(await this.#toInstance(machine, signal));
    return instances;
  }

  listOffers(scope: OfferScope, signal: AbortSignal): Promise<readonly Offer[]> {
    return this.#offers.listOffers(scope, signal);
  }

  getPricing(gpuModel: string, region: string, signal: AbortSignal): Promise<OfferPrice> {
    return this.#offers.getPricing(gpuModel, region, signal);
  }

  /** The identity is the team's: a key belongs to one, and everything happens in it. */
  async verifyCredentials(signal: AbortSignal): Promise<AccountIdentity> {
    const { team } = await this.#client.getSession(signal);
    return { account: team.id };
  }

  checkAccount(signal: AbortSignal): Promise<readonly AccountCheck[]> {
    return checkPaperspaceAccount(this.#checks, signal);
  }

  openBreakers(): readonly OpenBreaker[] {
    return this.#resilience.openBreakers();
  }

  removeLeftovers(
    isKept: (claimName: string) => boolean,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    return removeLeftovers(this.#leftovers, isKept, signal);
  }

  toNativeGpu(model: string): string {
    return toPaperspaceGpu(model);
  }

  fromNativeGpu(native: string): string | undefined {
    return fromPaperspaceGpu(native)?.id;
  }

  toNativeRegion(label: string): string {
    return this.#offers.toNativeRegion(label);
  }

  fromNativeRegion(native: string): OfferLocation & { readonly label: string } {
    return toLocation(native);
  }

  /** Why one of our machines is off is found out; the others are nobody's business here. */
  async #toInstance(machine: WireMachine, signal: AbortSignal): Promise<Instance> {
    const instance = toInstance(machine, this.#clusterId);
    if (instance.ownership.kind !== "ours") return instance;
    const bootFailure = await this.#boots.explain(machine, signal);
    return bootFailure ? { ...instance, bootFailure } : instance;
  }
}
