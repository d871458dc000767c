/**
 * The simulated Paperspace's things on the wire. What the vendor's schema requires is there; what its
 * samples leave null is null.
 *
 * @module
 */

import type { PaperspaceBehaviour, PaperspaceWire } from "./behaviour.ts";
import { simDiskPrices, simRegions } from "./catalog.ts";
import { eventStateAt, type MachineEvent } from "./events.ts";
import { type Machine, stateAt } from "./machine.ts";
import type { PrivateNetwork } from "./private_networks.ts";
import type { StartupScript } from "./startup_scripts.ts";
import type { StaticIp } from "./static_ips.ts";

/** One thing on the wire. */
export type Rendered = Readonly<Record<string, unknown>>;

/** What a machine's rendering needs beside it. */
export interface MachineSurroundings {
  readonly now: number;
  readonly behaviour: PaperspaceBehaviour;
  readonly publicIp: string | undefined;
  readonly defaultNetworkId: string;
}

const gib = 2 ** 30;

/** A moment, in UTC with milliseconds. */
export function renderTime(at: number): string {
  return new Date(at).toISOString();
}

/** A machine. */
export function renderMachine(machine: Machine, surroundings: MachineSurroundings): Rendered {
  const { now, behaviour, publicIp, defaultNetworkId } = surroundings;
  const { type, region, deletedAt } = machine;
  const { diskSizeGb, networkId, ...settings } = machine.settings;
  const state = stateAt(machine, now);
  const built = state !== "provisioning";
  const bytes = (count: number) => behaviour.byteCounts === "text" ? String(count) : count;
  const shownState = deletedAt === undefined ? state : behaviour.stateWhileDeleting ?? state;
  return {
    id: machine.id,
    ...settings,
    state: behaviour.inventedState ?? shownState,
    // The agent reports it.
    os: state === "ready" ? `${machine.operatingSystemLabel}; uname: 5.15.0-124-generic` : "",
    machineType: type.label,
    agentType: machine.agentType,
    cpus: type.cpus,
    ram: bytes(type.memoryGiB * gib),
    storageTotal: bytes(diskSizeGb * gib),
    storageUsed: bytes(built ? 110_080 : 0),
    ...renderAccelerators(machine, behaviour),
    region: simRegions[region],
    privateIp: built ? machine.privateIp : null,
    networkId: networkId ?? (built ? defaultNetworkId : null),
    publicIp: publicIp ?? null,
    updatesPending: false,
    usageRate: machine.rates.at(-1)?.usageRate ?? type.usageRate,
    storageRate: simDiskPrices.get(diskSizeGb)?.perHour ?? 0,
    dtCreated: renderTime(machine.createdAt),
    dtModified: renderTime(machine.modifiedAt),
    dtDeleted: deletedAt !== undefined && behaviour.showsDeletion ? renderTime(deletedAt) : null,
    reservation: null,
  };
}

function renderAccelerators({ type }: Machine, wire: PaperspaceWire): Rendered {
  const { gpuName, gpuCount, gpuMemoryGiB } = type;
  if (gpuName === undefined) {
    const none = { null: { accelerators: null }, missing: {}, empty: { accelerators: [] } };
    return none[wire.noAccelerators];
  }
  const bytes = gpuMemoryGiB * gib;
  const memory = { number: bytes, text: String(bytes), null: null }[wire.acceleratorMemory];
  return { accelerators: [{ name: gpuName, memory, count: gpuCount }] };
}

/** An event. */
export function renderEvent(event: MachineEvent, now: number): Rendered {
  const end = event.end !== undefined && event.end.at <= now ? event.end : undefined;
  return {
    id: event.id,
    name: event.name,
    state: eventStateAt(event, now),
    machineId: event.machineId,
    dtCreated: renderTime(event.createdAt),
    dtStarted: event.startedAt <= now ? renderTime(event.startedAt) : null,
    dtFinished: end?.shown ? renderTime(end.at) : null,
    error: end?.error ?? null,
  };
}

/** A startup script, without its text. */
export function renderScript(
  script: StartupScript,
  assignedMachineIds: readonly string[],
): Rendered {
  const { id, name, isEnabled, isRunOnce, createdAt, deletedAt } = script;
  return {
    id,
    name,
    description: null,
    isEnabled,
    isRunOnce,
    assignedMachineIds,
    dtCreated: renderTime(createdAt),
    dtDeleted: deletedAt === undefined ? null : renderTime(deletedAt),
  };
}

/** A static address; the key is absent while it leads nowhere. */
export function renderIp(
  { ip, region, createdAt }: StaticIp,
  machineId: string | undefined,
): Rendered {
  return {
    ip,
    region: simRegions[region],
    ...(machineId !== undefined && { assignedMachineId: machineId }),
    dtCreated: renderTime(createdAt),
  };
}

/** A private network. */
export function renderNetwork({ id, name, region, network, createdAt }: PrivateNetwork): Rendered {
  return {
    id,
    name,
    region: simRegions[region],
    network,
    netmask: "255.255.255.0",
    dtCreated: renderTime(createdAt),
    dtDeleted: null,
  };
}
