/**
 * What can be found out about a Paperspace account without renting anything.
 *
 * @module
 */

import type { PaperspaceOptions } from "../../schemas/clouds/paperspace.ts";
import type { AccountCheck } from "../contract.ts";
import { ProviderError, type ProviderErrorKind } from "../errors.ts";
import type { PaperspaceClient } from "./client.ts";
import { machineTypes } from "./machine_types.ts";
import { allowsRegion, type PlacementReader } from "./placement_reader.ts";
import { listLabels, selectBoot } from "./templates.ts";

/** What {@linkcode checkPaperspaceAccount} is built on. */
export interface AccountChecksDeps {
  readonly client: PaperspaceClient;
  readonly placements: PlacementReader;
  readonly options: PaperspaceOptions;
}

/** Failures that are the account's own, not of the moment. */
const wrongKinds: ReadonlySet<ProviderErrorKind> = new Set(["invalid_request", "unauthorized"]);

/** See `Provider.checkAccount`. */
export async function checkPaperspaceAccount(
  deps: AccountChecksDeps,
  signal: AbortSignal,
): Promise<readonly AccountCheck[]> {
  return [
    await attempt("launch", () => checkLaunch(deps, signal), signal),
    await attempt("quota", () => checkQuota(deps, signal), signal),
    await attempt("billing", () => checkBilling(deps, signal), signal),
  ];
}

type Finding = Pick<AccountCheck, "state" | "message">;

async function attempt(
  what: AccountCheck["what"],
  check: () => Promise<Finding>,
  signal: AbortSignal,
): Promise<AccountCheck> {
  try {
    return { what, ...await check() };
  } catch (error) {
    signal.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    const wrong = error instanceof ProviderError && wrongKinds.has(error.kind) &&
      what !== "billing";
    return { what, state: wrong ? "fail" : "unknown", message };
  }
}

/** A template and a network that fit, and an answer on availability: all that an order asks before. */
async function checkLaunch(
  { client, placements, options }: AccountChecksDeps,
  signal: AbortSignal,
): Promise<Finding> {
  const placement = await placements.read("list", signal);
  for (const label of listLabels(placement)) {
    const type = machineTypes.get(label);
    const region = type?.regions.find((code) => allowsRegion(placement, code));
    if (type === undefined || region === undefined) continue;
    const boot = selectBoot(type, placement, options);
    if ("problem" in boot || !boot.available) continue;
    const available = await client.isAvailable({ machineType: label, region }, "list", signal);
    const stock = available ? "can be had" : "is sold out";
    return {
      state: "ok",
      message:
        `template "${boot.templateId}" fits; for example, ${label} in ${region} ${stock} now`,
    };
  }
  return {
    state: "warn",
    message:
      "no template is available on any machine type that has a price: look again later, or " +
      "set paperspace.templateID",
  };
}

/** The only quota that the API tells: how many machines the team may have. */
async function checkQuota({ client }: AccountChecksDeps, signal: AbortSignal): Promise<Finding> {
  const { team } = await client.getSession(signal);
  const { length: used } = await client.listMachines(signal);
  if (team.maxMachines === undefined) {
    return { state: "unknown", message: `the team has ${used} machines; its limit is not told` };
  }
  const message = `the team has ${used} of ${team.maxMachines} machines`;
  return used < team.maxMachines
    ? { state: "ok", message }
    : { state: "fail", message: `${message}: end some, or ask Paperspace for more` };
}

/** The vendor's own command line asks this before it orders; no document has it any more. */
async function checkBilling({ client }: AccountChecksDeps, signal: AbortSignal): Promise<Finding> {
  const standing = await client.getAccountStanding(signal);
  const problems = [
    ...(standing.isAdminLocked ? ["the account is locked"] : []),
    ...(standing.hasPaymentMethod ? [] : ["it has no payment method"]),
    ...(standing.isInGoodStanding ? [] : ["it is not in good standing"]),
  ];
  if (problems.length === 0) return { state: "ok", message: "the account is in good standing" };
  const words = standing.messages.length > 0 ? ` (${standing.messages.join("; ")})` : "";
  return { state: "fail", message: `${problems.join(", ")}${words}: see to it at Paperspace` };
}
