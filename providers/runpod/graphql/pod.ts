/**
 * Pods as GraphQL shows them.
 *
 * `desiredStatus` is what was asked for, not what is: `RUNNING` from the moment of creation. Whether the
 * container runs is told by `runtime`, and why it stopped by the words before the date in
 * `lastStatusChange`.
 *
 * @module
 */

import type { BootFailure, InstanceState } from "../../contract.ts";
import { lookUp } from "../../look_up.ts";
import { placeholderGpuId, type RunpodPod } from "../api.ts";
import {
  hasWantedPorts,
  parseMoment,
  type RunpodPort,
  selectMarks,
  toAddresses,
  toPricePerHour,
} from "../map.ts";
import { toRunpodPlace } from "../regions.ts";
import type { WirePod } from "./wire.ts";

/** `RUNNING` is looked at more closely; the set is open. */
const states: Readonly<Record<string, InstanceState>> = {
  CREATED: "booting",
  RESTARTING: "booting",
  RUNNING: "running",
  EXITED: "stopped",
  PAUSED: "stopped",
  DEAD: "unhealthy",
  TERMINATED: "terminated",
};

/** A pod, in words of both protocols. */
export function fromGraphqlPod(wire: WirePod): RunpodPod {
  const mapped = (wire.runtime?.ports ?? []).flatMap(({ ip, privatePort }): RunpodPort[] =>
    privatePort === undefined ? [] : [{ port: privatePort, ip }]
  );
  const state = decideState(wire, mapped);
  const cause = state === "stopped" || state === "unhealthy" ? readCause(wire) : "";
  const gpuId = wire.machine?.gpuTypeId;
  return {
    id: wire.id,
    name: wire.name,
    state,
    rawState: cause === "" ? wire.desiredStatus : `${wire.desiredStatus} (${cause})`,
    bootFailure: decideBootFailure(wire, cause),
    marks: selectMarks(wire.env.map(splitVariable)),
    shape: gpuId === undefined || gpuId === placeholderGpuId || wire.gpuCount === 0
      ? undefined
      : { gpuId, count: wire.gpuCount },
    place: readPlace(wire),
    addresses: toAddresses(mapped),
    pricePerHour: toPricePerHour(state, wire.costPerHr, wire.containerDiskInGb),
    createdAt: parseMoment(wire.createdAt),
  };
}

function decideState(wire: WirePod, mapped: readonly RunpodPort[]): InstanceState {
  const state = lookUp(states, wire.desiredStatus) ?? "unknown";
  if (state !== "running") return state;
  // After a stop, runtime may be stale for seconds; before the container runs it is null.
  const runs = wire.runtime !== null && wire.runtime !== undefined;
  return runs && hasWantedPorts((wire.ports ?? "").split(","), mapped) ? "running" : "booting";
}

/** `Exited by Runpod: Mon Nov 23 2026 09:14:05 GMT+0000 (…)` without its date. */
function readCause({ lastStatusChange = "" }: WirePod): string {
  return lastStatusChange.replace(/: (Mon|Tue|Wed|Thu|Fri|Sat|Sun) .*$/s, "").trim().slice(0, 100);
}

/** The vendor stopped it: image, disk or host. Whoever was outbid or stopped it ran before. */
function decideBootFailure(wire: WirePod, cause: string): BootFailure | undefined {
  if (wire.desiredStatus === "DEAD") {
    return { kind: "unknown", message: cause || "the pod is dead (DEAD)" };
  }
  if (wire.desiredStatus !== "EXITED") return undefined;
  if (/^outbid\b/i.test(cause)) return { kind: "availability", message: cause };
  return /^exited by runpod\b/i.test(cause) ? { kind: "unknown", message: cause } : undefined;
}

/** COMMUNITY has no data center; its location is a country code. SECURE's is a loose name. */
function readPlace({ machine }: WirePod): string | undefined {
  if (machine?.dataCenterId !== undefined) return toRunpodPlace(machine.dataCenterId);
  const country = machine?.location?.trim() ?? "";
  return /^[A-Za-z]{2}$/.test(country) ? toRunpodPlace(country) : undefined;
}

/** `KEY=value`, split at the first `=`. */
function splitVariable(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
