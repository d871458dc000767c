/**
 * Pods as REST v2 shows them.
 *
 * @module
 */

import type { InstanceState } from "../../contract.ts";
import { lookUp } from "../../look_up.ts";
import type { RunpodPod } from "../api.ts";
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

/** What RunPod says is observed, not only wanted; the set is open. */
const states: Readonly<Record<string, InstanceState>> = {
  PROVISIONING: "booting",
  STARTING: "booting",
  RUNNING: "running",
  EXITED: "stopped",
  ERROR: "unhealthy",
  TERMINATED: "terminated",
};

/** A pod, in words of both protocols. */
export function fromRestPod(wire: WirePod): RunpodPod {
  const mapped = (wire.runtime?.ports ?? []).flatMap((entry): RunpodPort[] =>
    typeof entry.private === "number" ? [{ port: entry.private, ip: entry.ip }] : []
  );
  const state = decideState(wire, mapped);
  return {
    id: wire.id,
    name: wire.name,
    state,
    rawState: wire.status,
    bootFailure: wire.status === "ERROR"
      ? { kind: "unknown", message: "the container is in an unrecoverable error state (ERROR)" }
      : undefined,
    marks: selectMarks(
      Object.entries(wire.env ?? {}).flatMap(([name, value]) =>
        typeof value === "string" ? [[name, value] as const] : []
      ),
    ),
    shape: wire.gpu ? { gpuId: wire.gpu.id, count: wire.gpu.count } : undefined,
    place: wire.dataCenterId === undefined ? undefined : toRunpodPlace(wire.dataCenterId),
    addresses: toAddresses(mapped),
    pricePerHour: toPricePerHour(state, wire.cost ?? undefined, wire.disk ?? undefined),
    createdAt: parseMoment(wire.createdAt),
  };
}

/** A new pod has been recorded as `RUNNING` from the start, long before its container runs. */
function decideState(wire: WirePod, mapped: readonly RunpodPort[]): InstanceState {
  const state = lookUp(states, wire.status) ?? "unknown";
  if (state !== "running") return state;
  const runs = wire.runtime !== null && wire.runtime !== undefined;
  return runs && hasWantedPorts(wire.ports ?? [], mapped) ? "running" : "booting";
}
