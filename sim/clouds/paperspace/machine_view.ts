/**
 * Machines from inside, as demos, tests and kubelets see them.
 *
 * @module
 */

import type { Machine as PoweredMachine } from "../../kubelet/machine.ts";
import type { SimMachineType, SimRegion } from "./catalog.ts";
import { isGone, type Machine, servedScript, stateAt } from "./machine.ts";
import type { MachineState } from "./plans.ts";

/** A machine, with what no answer shows. */
export interface MachineView {
  readonly id: string;
  readonly name: string;
  /** The vendor's word; for a deleted machine the last one. */
  readonly state: MachineState;
  /** Being deleted, or gone. */
  readonly deleted: boolean;
  /** Whether it can no longer be looked up. */
  readonly gone: boolean;
  readonly type: SimMachineType;
  readonly region: SimRegion;
  readonly diskSizeGb: number;
  readonly publicIpType: "static" | "dynamic" | "none";
  readonly publicIp: string | undefined;
  readonly privateIp: string;
  /** Text of the startup script that it has, or had last. Secret. */
  readonly script: string | undefined;
  /** Text that it was handed out at its last boot. Secret. */
  readonly servedScript: string | undefined;
  readonly emailsPassword: boolean;
  readonly launchedAt: number;
}

/** Shows a machine. */
export function toMachineView(
  machine: Machine,
  now: number,
  publicIp: string | undefined,
): MachineView {
  const { id, type, region, privateIp, emailsPassword, createdAt } = machine;
  const { name, diskSizeGb, publicIpType } = machine.settings;
  return {
    id,
    name,
    state: stateAt(machine, now),
    deleted: machine.deletedAt !== undefined,
    gone: isGone(machine, now),
    type,
    region,
    diskSizeGb,
    publicIpType,
    publicIp,
    privateIp,
    script: machine.assignments.at(-1)?.script.text,
    servedScript: servedScript(machine, now),
    emailsPassword,
    launchedAt: createdAt,
  };
}

/** As kubelets see it: the startup script is what joins. */
export function toPoweredMachine(view: MachineView): PoweredMachine {
  return {
    id: view.id,
    userData: view.servedScript,
    userDataReader: "shell",
    privateAddress: view.privateIp,
    publicAddress: view.publicIp,
    gpuCount: view.type.gpuCount,
    cpuCount: view.type.cpus,
    memoryGiB: view.type.memoryGiB,
    storageGiB: view.diskSizeGb,
    // The vendor has nothing else.
    arch: "amd64",
  };
}
