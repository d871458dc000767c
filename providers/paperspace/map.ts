/**
 * Paperspace's words ↔ ours.
 *
 * @module
 */

import { isIP } from "node:net";
import type { PaperspaceOptions } from "../../schemas/clouds/paperspace.ts";
import { type MicroUsd, sumUsd, usdFromCents, zeroUsd } from "../../schemas/money.ts";
import type { Instance, InstanceState, LaunchRequest } from "../contract.ts";
import { lookUp } from "../look_up.ts";
import { decideOwnershipByName, findNameProblem } from "../ownership.ts";
import type { CreateMachineBody } from "./client.ts";
import { maxUserDataBytes } from "./facts.ts";
import { machineTypes } from "./machine_types.ts";
import { staticAddressPerHour } from "./prices.ts";
import { isRegionCode, regionCodes, toRegionCode } from "./regions.ts";
import type { Boot } from "./templates.ts";
import type { WireMachine } from "./wire.ts";

/** The state of a machine without power, whose cause only its events tell. */
export const offState = "off";

const states: Readonly<Record<string, InstanceState>> = {
  provisioning: "booting",
  starting: "booting",
  restarting: "booting",
  upgrading: "booting",
  // The system's services run, the vendor's agent not yet.
  serviceready: "booting",
  ready: "running",
  // On the way to off. Whether it is being deleted, too, the state does not tell.
  stopping: "stopped",
  [offState]: "stopped",
};

/** `spec.providerID` of the Node of a machine. @param region Its code. */
export function toProviderId(region: string, machineId: string): string {
  return `paperspace://${region}/${machineId}`;
}

/** A machine in the contract's words. An unknown state stays visible and may bill. */
export function toInstance(wire: WireMachine, clusterId: string): Instance {
  const region = wire.region === undefined ? undefined : toRegionCode(wire.region);
  return {
    id: wire.id,
    name: wire.name,
    state: wire.dtDeleted === undefined ? lookUp(states, wire.state) ?? "unknown" : "terminating",
    rawState: wire.state,
    ownership: decideOwnershipByName(wire.name, clusterId),
    instanceType: wire.machineType ?? "",
    region,
    addresses: [wire.publicIp, wire.privateIp].flatMap((ip) =>
      ip !== undefined && isIP(ip) !== 0 ? [ip] : []
    ),
    pricePerHour: computeRate(wire),
    providerID: toProviderId(region ?? "", wire.id),
    launchedAt: wire.dtCreated,
  };
}

/**
 * What the machine costs by its own rates: dollars per hour, as all clients take them; the vendor states
 * neither currency nor period.
 */
function computeRate({ usageRate, storageRate, publicIpType }: WireMachine): MicroUsd | undefined {
  if (usageRate === undefined) return undefined;
  return sumUsd([
    usdFromCents((usageRate + (storageRate ?? 0)) * 100),
    publicIpType === "static" ? staticAddressPerHour : zeroUsd,
  ]);
}

/** Why an order cannot be written, in words, found before anything is asked. */
export function findOrderProblem(request: LaunchRequest): string | undefined {
  const nameProblem = findNameProblem(request.name);
  if (nameProblem !== undefined) return nameProblem;
  if (request.capacityType !== "on-demand") {
    return `Paperspace sells on-demand capacity only, not ${request.capacityType}`;
  }
  if (request.workload.kind !== "machine") return "Paperspace rents machines, not containers";
  if (new TextEncoder().encode(request.workload.userData).length > maxUserDataBytes) {
    return `user data is larger than ${maxUserDataBytes} bytes`;
  }
  if (!isRegionCode(request.region)) {
    return `region "${request.region}" is none of ${regionCodes.join(", ")}`;
  }
  const type = machineTypes.get(request.instanceType);
  if (type === undefined) {
    return `machine type "${request.instanceType}" is not in our table, so nobody knows its price`;
  }
  return undefined;
}

/** What an order names beside what was asked for. */
export interface OrderParts {
  readonly region: CreateMachineBody["region"];
  readonly boot: Boot;
  readonly startupScriptId: string;
}

const addressKinds = { Dynamic: "dynamic", Static: "static", None: "none" } as const;

/**
 * The body of an order.
 *
 * Everything that has a default is said, because the defaults are not documented, or are wrong for us: a
 * password would be mailed, and auto-shutdown counts SSH sessions only, so it stops busy nodes.
 */
export function toCreateBody(
  request: Pick<LaunchRequest, "name" | "instanceType">,
  { region, boot, startupScriptId }: OrderParts,
  { networkID, publicIPType = "Dynamic" }: PaperspaceOptions,
): CreateMachineBody {
  return {
    name: request.name,
    machineType: request.instanceType,
    templateId: boot.templateId,
    diskSize: boot.diskGb,
    region,
    publicIpType: addressKinds[publicIPType],
    startOnCreate: true,
    startupScriptId,
    emailPassword: false,
    autoShutdownEnabled: false,
    ...(networkID === undefined ? {} : { networkId: networkID }),
  };
}
