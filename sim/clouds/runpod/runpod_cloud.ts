/**
 * What the makers of demos and tests hold in their hands.
 *
 * @module
 */

import type { SimulatedCloud } from "../simulated_cloud.ts";
import type { RunpodBehaviour } from "./behaviour.ts";
import type { RunpodFault } from "./faults.ts";
import type { Cloud } from "./order.ts";
import type { PodState } from "./pod.ts";
import type { Stock } from "./stock.ts";

/** A pod as seen from inside. */
export interface PodView {
  readonly id: string;
  readonly name: string;
  readonly state: PodState;
  readonly gpuTypeId: string;
  readonly gpuCount: number;
  readonly vcpuCount: number;
  readonly memoryGb: number;
  readonly containerDiskGb: number;
  readonly isSpot: boolean;
  /** Data center, or country of the community cloud. */
  readonly region: string;
  readonly image: string;
  readonly args: string;
  /** With the keys that the vendor adds. */
  readonly env: Readonly<Record<string, string>>;
  readonly ports: readonly string[];
  readonly launchedAt: number;
}

/** A simulated RunPod with one account. Its pods are containers: no machine of it can join a cluster. */
export interface RunpodCloud extends SimulatedCloud {
  /** As `myself` shows it. */
  readonly userId: string;
  /** Every pod of the account there ever was. */
  machines(): readonly PodView[];
  /** Free GPUs by type and place; a place with zero sells the type, too. */
  stock(): Stock;
  /**
   * Sets how many GPUs are free.
   *
   * @param place Data center, or country of the community cloud.
   * @throws {RangeError} For no such type or place, or one whose cloud does not sell the type.
   */
  setStock(gpuTypeId: string, place: string, count: number): void;
  /** Changes a price, in USD per GPU-hour, for pods created from now on; null: not for sale. */
  setPrice(gpuTypeId: string, cloud: Cloud, usd: number | null): void;
  /** Sets what the account has left to spend, in USD. */
  setBalance(usd: number): void;
  /** Turns switches. */
  setBehaviour(change: Partial<RunpodBehaviour>): void;
  /** Spoils coming requests. */
  addFault(fault: RunpodFault): void;
  clearFaults(): void;
  /** Rents pods with names that are not ours, behind the API's back. */
  addForeignMachines(count: number): void;
  /** Adds workers of a serverless endpoint; GraphQL lists them among the pods. */
  addServerlessWorkers(count: number): void;
  /** The vendor takes a pod away, as it does with spot pods. */
  preempt(podId: string): void;
}
