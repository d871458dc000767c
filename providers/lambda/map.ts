/**
 * Lambda's words ↔ ours.
 *
 * @module
 */

import { isIP } from "node:net";
import type { components } from "../../generated/lambda.d.ts";
import type { LambdaOptions } from "../../schemas/clouds/lambda.ts";
import { usdFromCents } from "../../schemas/money.ts";
import { continentOf } from "../../schemas/regions.ts";
import type { Instance, InstanceState, LaunchRequest, Ownership } from "../contract.ts";
import type { LabelledLocation } from "../offers/build_offer.ts";
import { lookUp } from "../look_up.ts";
import { toLabelValue } from "../offers/label_value.ts";
import { decideOwnershipByName, findNameProblem } from "../ownership.ts";
import { lambdaRegionCountries } from "./regions.ts";
import type { WireInstance } from "./wire.ts";

/** The body of a launch call. */
export type LambdaLaunchBody = components["schemas"]["LaunchRequest"];

/** Tag keys. The vendor allows `[a-z][a-z0-9-:]+` only, and sets tags only at launch. */
export const lambdaTags = Object.freeze({
  managedBy: "managed-by",
  cluster: "tgp:cluster",
  claim: "tgp:claim",
  claimUid: "tgp:claim-uid",
  pool: "tgp:pool",
  launchedAt: "launched-at",
});

/** Value of the tag `managed-by`. */
const product = "tgp";

/** Longest tag value the vendor takes. */
const maxTagValue = 128;

const states: Readonly<Record<string, InstanceState>> = {
  booting: "booting",
  active: "running",
  unhealthy: "unhealthy",
  terminating: "terminating",
  terminated: "terminated",
  // In the vendor's enum since 1.8, though it sells no spot machines; never comes back.
  preempted: "terminated",
};

/** `spec.providerID` of the Node of a machine. */
export function toProviderId(instanceId: string): string {
  return `lambda:///${instanceId}`;
}

/** A machine in the contract's words. An unknown status stays visible and may bill. */
export function toInstance(wire: WireInstance, clusterId: string): Instance {
  const tags = new Map((wire.tags ?? []).map(({ key, value }) => [key, value]));
  const cents = wire.instance_type?.price_cents_per_hour;
  const launchedAt = tags.get(lambdaTags.launchedAt) ?? "";
  return {
    id: wire.id,
    name: wire.name,
    state: lookUp(states, wire.status) ?? "unknown",
    rawState: wire.status,
    ownership: decideOwnership(wire, tags, clusterId),
    instanceType: wire.instance_type?.name ?? "",
    region: wire.region?.name,
    addresses: [wire.ip, wire.private_ip].filter((ip) => ip !== undefined && isIP(ip) !== 0)
      .map((ip) => ip ?? ""),
    pricePerHour: cents === undefined || cents === null ? undefined : usdFromCents(cents),
    providerID: toProviderId(wire.id),
    launchedAt: /^\d{9,11}$/.test(launchedAt) ? Number(launchedAt) * 1000 : undefined,
  };
}

/**
 * Whose machine it is. Tags decide where there are ours, since people can rename machines but not tag
 * them again; else the name does.
 */
function decideOwnership(
  wire: WireInstance,
  tags: ReadonlyMap<string, string>,
  clusterId: string,
): Ownership {
  const name = wire.name ?? "";
  const tagged = tags.get(lambdaTags.managedBy) === product
    ? tags.get(lambdaTags.cluster)
    : undefined;
  if (tagged === undefined) return decideOwnershipByName(wire.name, clusterId);
  if (tagged !== clusterId) return { kind: "otherCluster", cluster: tagged };
  return { kind: "ours", claimName: tags.get(lambdaTags.claim) ?? name };
}

/**
 * The body of a launch call.
 *
 * @param launchedAt Epoch milliseconds; becomes a tag, because the vendor keeps no creation time.
 * @returns Why the request cannot be written, in words, or the body.
 */
export function toLaunchBody(
  request: LaunchRequest,
  options: LambdaOptions,
  clusterId: string,
  launchedAt: number,
): LambdaLaunchBody | { readonly problem: string } {
  const problem = findProblem(request);
  if (problem !== undefined || request.workload.kind !== "machine") {
    return { problem: problem ?? "Lambda rents machines, not containers" };
  }
  const tag = (key: string, value: string) => ({ key, value: value.slice(0, maxTagValue) });
  return {
    region_name: request.region,
    instance_type_name: request.instanceType,
    ssh_key_names: [options.sshKeyName],
    name: request.name,
    hostname: request.name,
    user_data: request.workload.userData,
    tags: [
      tag(lambdaTags.managedBy, product),
      tag(lambdaTags.cluster, clusterId),
      tag(lambdaTags.claim, request.name),
      tag(lambdaTags.claimUid, request.claimUid),
      tag(lambdaTags.pool, request.nodePool),
      tag(lambdaTags.launchedAt, String(Math.floor(launchedAt / 1000))),
    ],
    ...(options.imageID === undefined ? {} : { image: { id: options.imageID } }),
    ...(options.imageFamily === undefined || options.imageID !== undefined
      ? {}
      : { image: { family: options.imageFamily } }),
    ...(options.filesystems?.length ? { file_system_names: [...options.filesystems] } : {}),
    ...(options.firewallRulesetIDs?.length
      ? { firewall_rulesets: options.firewallRulesetIDs.map((id) => ({ id })) }
      : {}),
  };
}

/** Most user data the vendor takes, in bytes. The reference says 1 MB. */
export const maxUserDataBytes = 1_000_000;

/** What the vendor would refuse, found before an order is spent on it. */
function findProblem(request: LaunchRequest): string | undefined {
  const nameProblem = findNameProblem(request.name);
  if (nameProblem !== undefined) return nameProblem;
  if (request.capacityType !== "on-demand") {
    return `Lambda sells on-demand capacity only, not ${request.capacityType}`;
  }
  if (
    request.workload.kind === "machine" &&
    new TextEncoder().encode(request.workload.userData).length > maxUserDataBytes
  ) return `user data is larger than ${maxUserDataBytes} bytes`;
  return undefined;
}

/** Where a region is; unknown codes have no country. */
export function toLocation(region: string): LabelledLocation {
  const country = lookUp(lambdaRegionCountries, region);
  return {
    region,
    country,
    continent: country === undefined ? undefined : continentOf(country),
    label: `lambda-${toLabelValue(region)}`,
  };
}
