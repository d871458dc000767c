/**
 * What the makers of demos and tests hold in their hands.
 *
 * @module
 */

import type { SimulatedCloud } from "../simulated_cloud.ts";
import type { PaperspaceBehaviour } from "./behaviour.ts";
import type { IpBillLine } from "./bill.ts";
import type { SimStock } from "./catalog.ts";
import type { PaperspaceFault } from "./faults.ts";
import type { MachineView } from "./machine_view.ts";

/** A startup script, with its text. */
export interface ScriptView {
  readonly id: string;
  readonly name: string;
  /** Secret. */
  readonly text: string;
  readonly isRunOnce: boolean;
  readonly deleted: boolean;
  readonly assignedMachineIds: readonly string[];
}

/** A static address. */
export interface StaticIpView {
  readonly ip: string;
  readonly region: string;
  readonly machineId: string | undefined;
  readonly released: boolean;
}

/** A simulated Paperspace with one team; a second one, without anything, for keys that are its. */
export interface PaperspaceCloud extends SimulatedCloud {
  /** Every machine there ever was, with its script. */
  machines(): readonly MachineView[];
  /** Every startup script there ever was, with its text. */
  startupScripts(): readonly ScriptView[];
  /** Every static address there ever was. */
  publicIps(): readonly StaticIpView[];
  /** What every address cost so far: static ones bill on after their machine. */
  ipBill(): readonly IpBillLine[];
  /** Free machines by type and region code, without zeros. */
  stock(): SimStock;
  /** @param region Code or long name. @throws {RangeError} For no such type or region. */
  setStock(machineType: string, region: string, count: number): void;
  /** Changes what `usageRate` says, in US dollars per hour, of machines created from now on. */
  setPrice(machineType: string, usd: number): void;
  /** Turns switches. */
  setBehaviour(change: Partial<PaperspaceBehaviour>): void;
  /** Spoils coming requests. */
  addFault(fault: PaperspaceFault): void;
  clearFaults(): void;
  /** Rents machines with names that are not ours, behind the API's back. */
  addForeignMachines(count: number): void;
  /** Somebody deletes a machine elsewhere: it is gone. @throws {Error} If it is gone already. */
  vanish(machineId: string): void;
  /** A machine goes off: its host fails, or somebody stops it elsewhere. @throws {Error} If it is gone. */
  switchOff(machineId: string): void;
}
