/**
 * Rents machines.
 *
 * ```
 * check the order ─► breaker closed? ─► template, network ─► availability ─► POST /startup-scripts
 *                                                                               │
 *   script deleted ◄── definite refusal ◄── POST /machines: the one request that counts as sent
 * ```
 *
 * Nothing but the last request rents anything. Whatever fails before it is a refusal or `notSent`; a script
 * that then nobody uses is deleted, but for an outcome that is unknown, because a machine may need it.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import type { PaperspaceOptions } from "../../schemas/clouds/paperspace.ts";
import type { LaunchOutcome, LaunchPermit, LaunchRequest } from "../contract.ts";
import type { LaunchSending } from "../http/launch_sending.ts";
import { runLaunch } from "../launch_outcome.ts";
import type { Resilience } from "../resilience.ts";
import type { Belongings } from "./belongings.ts";
import type { BelongingsClient } from "./belongings_client.ts";
import type { PaperspaceClient } from "./client.ts";
import { isDefiniteRefusal } from "./errors.ts";
import { findOrderProblem, toCreateBody, toProviderId } from "./map.ts";
import { machineTypes } from "./machine_types.ts";
import { allowsRegion, type PlacementReader } from "./placement_reader.ts";
import { orderPlan } from "./plans.ts";
import { isRegionCode, type RegionCode } from "./regions.ts";
import { type Boot, selectBoot } from "./templates.ts";

/** What {@linkcode Launcher} is built on. */
export interface LauncherDeps {
  readonly client: PaperspaceClient;
  readonly belongingsClient: BelongingsClient;
  readonly belongings: Belongings;
  readonly placements: PlacementReader;
  readonly resilience: Resilience;
  readonly clock: Clock;
  readonly apiKey: string;
  readonly options: PaperspaceOptions;
}

/** An order that was looked at. */
interface Prepared {
  readonly region: RegionCode;
  readonly userData: string;
  readonly boot: Boot;
}

/** See the module. */
export class Launcher {
  readonly #deps: LauncherDeps;

  constructor(deps: LauncherDeps) {
    this.#deps = deps;
  }

  /** See `Provider.launch`. */
  async launch(
    request: LaunchRequest,
    permit: LaunchPermit,
    signal: AbortSignal,
  ): Promise<LaunchOutcome> {
    const { apiKey, belongings } = this.#deps;
    let scriptId: string | undefined;
    const outcome = await runLaunch({
      request,
      permit,
      apiKey,
      signal,
      isDefinite: isDefiniteRefusal,
      send: async (sending) => {
        const prepared = await this.#prepare(request, signal);
        if ("kind" in prepared) return prepared;
        const { userData } = prepared;
        scriptId = await this.#deps.belongingsClient.createScript(request.name, userData, signal);
        return await this.#order(request, prepared, scriptId, sending, signal);
      },
    });
    if (scriptId === undefined || mayNeedScript(outcome)) return outcome;
    belongings.noteUnused(scriptId);
    // The next offer must not wait for a throttle to end, nor for a caller who has gone, nor for the
    // scripts of other orders.
    const mayWait = outcome.kind !== "rateLimited" && !signal.aborted;
    if (mayWait) await belongings.deleteUnused(signal, [scriptId]);
    return outcome;
  }

  /** Looks at everything that can be known before, cheapest first. */
  async #prepare(request: LaunchRequest, signal: AbortSignal): Promise<Prepared | LaunchOutcome> {
    const { client, placements, resilience, options } = this.#deps;
    const problem = findOrderProblem(request);
    const type = machineTypes.get(request.instanceType);
    const { region, workload } = request;
    if (
      problem !== undefined || type === undefined || !isRegionCode(region) ||
      workload.kind !== "machine"
    ) return { kind: "rejected", message: problem ?? "The order cannot be written" };
    if (this.#isLate(request)) return late;
    signal.throwIfAborted();
    resilience.checkBreaker(orderPlan(request.name));
    const placement = await placements.get("launch", signal);
    const boot = selectBoot(type, placement, options);
    if ("problem" in boot) return { kind: "rejected", message: `Not ordered: ${boot.problem}` };
    if (!allowsRegion(placement, region)) {
      const message = `Not ordered: the account's template or network is in ${
        placement.boundTo.join(" and ")
      }, not in ${region}`;
      return { kind: "rejected", message };
    }
    if (!await client.isAvailable({ machineType: type.label, region }, "launch", signal)) {
      const message = `Not ordered: Paperspace has no "${type.label}" in ${region} now`;
      return { kind: "outOfCapacity", message };
    }
    return this.#isLate(request) ? late : { region, userData: workload.userData, boot };
  }

  async #order(
    request: LaunchRequest,
    { region, boot }: Prepared,
    scriptId: string,
    sending: LaunchSending,
    signal: AbortSignal,
  ): Promise<LaunchOutcome> {
    const instanceId = await this.#deps.client.createMachine(
      toCreateBody(request, { region, boot, startupScriptId: scriptId }, this.#deps.options),
      sending,
      signal,
    );
    return { kind: "launched", instanceId, providerID: toProviderId(region, instanceId) };
  }

  #isLate({ sendBefore }: LaunchRequest): boolean {
    return this.#deps.clock.now() >= sendBefore;
  }
}

/** A machine is there, or may be. */
function mayNeedScript({ kind }: LaunchOutcome): boolean {
  return kind === "launched" || kind === "unknown";
}

const late: LaunchOutcome = {
  kind: "notSent",
  message: "Not sent: its time to be sent had passed",
};
