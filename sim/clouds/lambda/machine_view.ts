/**
 * Machines from inside, as tests, demo and kubelets see them.
 *
 * @module
 */

import type { SimInstanceType } from "./catalog.ts";
import { type Machine, type MachineState, stateAt } from "./machine.ts";

/** A machine as seen by what plays its inside: the fake kubelet. */
export interface MachineView {
  readonly id: string;
  readonly name: string;
  readonly state: MachineState;
  readonly instanceType: SimInstanceType;
  readonly region: string;
  readonly ip: string;
  readonly privateIp: string;
  readonly userData: string;
  readonly launchedAt: number;
}

/** Told of a machine. */
export type MachineListener = (machine: MachineView) => void;

/** A machine as it stands at a moment. */
export function toMachineView(machine: Machine, now: number): MachineView {
  const { id, name = id, type, region, ip, privateIp, userData = "", launchedAt } = machine;
  const state = stateAt(machine, now);
  return { id, name, state, instanceType: type, region, ip, privateIp, userData, launchedAt };
}
