/**
 * What the makers of demos and tests hold in their hands.
 *
 * @module
 */

import type { LambdaBehaviour } from "./behaviour.ts";
import type { Stock } from "./catalog.ts";
import type { LambdaFault } from "./faults.ts";
import type { MachineListener, MachineView } from "./machine_view.ts";
import type { SimulatedCloud } from "../simulated_cloud.ts";

/** A simulated Lambda Cloud with one account. */
export interface LambdaCloud extends SimulatedCloud {
  /** Every machine there ever was, with its user data. */
  machines(): readonly MachineView[];
  /** Calls back when a machine starts to run. @returns A function that ends it. */
  onMachineRunning(listener: MachineListener): () => void;
  /** Calls back when a machine that ran stops. @returns A function that ends it. */
  onMachineGone(listener: MachineListener): () => void;
  /** Free machines by type and region, without zeros. */
  stock(): Stock;
  setStock(instanceType: string, region: string, count: number): void;
  /** Changes a type's price, in US cents per hour, for machines launched from now on. */
  setPrice(instanceType: string, cents: number): void;
  /** Turns switches. */
  setBehaviour(change: Partial<LambdaBehaviour>): void;
  /** Spoils coming requests. */
  addFault(fault: LambdaFault): void;
  clearFaults(): void;
  /** Rents machines with names that are not ours, behind the API's back. */
  addForeignMachines(count: number): void;
  /** The vendor takes a machine away. */
  preempt(machineId: string): void;
  /** A machine fails its health checks from now on. */
  breakDown(machineId: string): void;
}
