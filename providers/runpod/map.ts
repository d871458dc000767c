/**
 * RunPod's pods in the contract's words.
 *
 * @module
 */

import { isIP } from "node:net";
import { type MicroUsd, sumUsd, usdFromDollars, zeroUsd } from "../../schemas/money.ts";
import type { Instance, InstanceState, Ownership } from "../contract.ts";
import { decideOwnershipByName } from "../ownership.ts";
import type { RunpodPod } from "./api.ts";
import { diskPerHour } from "./facts.ts";
import { toInstanceType } from "./instance_type.ts";

/**
 * Names of the environment variables that mark a pod as ours: RunPod has no tags. Anybody who may read
 * the pod sees them, and so does the container.
 */
export const runpodMarks = Object.freeze({
  cluster: "TGP_CLUSTER",
  claim: "TGP_CLAIM",
  claimUid: "TGP_CLAIM_UID",
  pool: "TGP_NODE_POOL",
});

const markNames: ReadonlySet<string> = new Set(Object.values(runpodMarks));

/** `spec.providerID` of the Node of a pod. */
export function toProviderId(podId: string): string {
  return `runpod:///${podId}`;
}

/** A pod in the contract's words. */
export function toInstance(pod: RunpodPod, clusterId: string): Instance {
  return {
    id: pod.id,
    name: pod.name,
    state: pod.state,
    rawState: pod.rawState,
    ownership: decideOwnership(pod, clusterId),
    instanceType: pod.shape === undefined ? "" : toInstanceType(pod.shape),
    region: pod.place,
    addresses: pod.addresses,
    pricePerHour: pod.pricePerHour,
    providerID: toProviderId(pod.id),
    launchedAt: pod.createdAt,
    bootFailure: pod.bootFailure,
  };
}

/**
 * Whose pod it is. Marks decide where there are ours, since people can rename pods at will; else the
 * name does.
 */
function decideOwnership({ name, marks }: RunpodPod, clusterId: string): Ownership {
  const cluster = marks.get(runpodMarks.cluster);
  if (cluster === undefined) return decideOwnershipByName(name, clusterId);
  if (cluster !== clusterId) return { kind: "otherCluster", cluster };
  return { kind: "ours", claimName: marks.get(runpodMarks.claim) ?? name ?? "" };
}

/** Keeps what is ours of an environment; the rest may be secrets. */
export function selectMarks(env: Iterable<readonly [string, string]>): ReadonlyMap<string, string> {
  return new Map([...env].filter(([name]) => markNames.has(name)));
}

/**
 * Epoch milliseconds of a moment as either protocol writes it: `2026-11-23T09:14:05.120Z`, or as REST v1
 * was recorded, `2026-08-20 06:16:19.436 +0000 UTC`.
 */
export function parseMoment(text: string | undefined): number | undefined {
  const [, date, time, sign, hours, minutes] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?) ?(?:Z|([+-])(\d\d):?(\d\d))(?: [A-Z]+)?$/
      .exec(text?.trim() ?? "") ?? [];
  if (date === undefined || time === undefined) return undefined;
  const moment = Date.parse(`${date}T${time.slice(0, 12)}Z`);
  if (Number.isNaN(moment)) return undefined;
  const offsetMs = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === "-" ? moment + offsetMs : moment - offsetMs;
}

/**
 * What a pod costs per hour, disk included. A stopped pod of ours costs nothing: it has no volume, and
 * container disk is billed only while it runs.
 *
 * @param gpusPerHour RunPod's price of the whole pod, which leaves the disk out; GraphQL shows it for
 * stopped pods, too.
 */
export function toPricePerHour(
  state: InstanceState,
  gpusPerHour: number | undefined,
  diskGb: number | undefined,
): MicroUsd | undefined {
  if (gpusPerHour === undefined) return undefined;
  if (state === "stopped" || state === "terminated") return zeroUsd;
  // REST says zero of a pod that does not run yet, though it bills from the order on.
  if (gpusPerHour === 0) return undefined;
  return sumUsd([usdFromDollars(gpusPerHour), diskPerHour(diskGb ?? 0)]);
}

/** A port that a pod should have, or has. */
export interface RunpodPort {
  readonly port: number;
  readonly ip: string | undefined;
}

/**
 * Whether every TCP port that was asked for is mapped. Ports come up to tens of seconds after the
 * container, and nobody can reach it before.
 *
 * @param wanted `22/tcp`, `8080/http`; HTTP goes through the vendor's proxy and needs no mapping.
 */
export function hasWantedPorts(wanted: readonly string[], mapped: readonly RunpodPort[]): boolean {
  return wanted.every((text) => {
    const [, port] = /^\s*(\d+)\/tcp\s*$/i.exec(text) ?? [];
    return port === undefined || mapped.some((mapping) => mapping.port === Number(port));
  });
}

/** Addresses of mapped ports, each once, public ones first: HTTP ports show private ones. */
export function toAddresses(mapped: readonly RunpodPort[]): readonly string[] {
  const ips = new Set(
    mapped.map(({ ip }) => ip ?? "").filter((ip) => isIP(ip) !== 0),
  );
  return [...ips].sort((left, right) => Number(isPrivate(left)) - Number(isPrivate(right)));
}

/** Private networks and the shared space that RunPod's proxy uses (RFC 1918, RFC 6598). */
function isPrivate(ip: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/
    .test(ip);
}
