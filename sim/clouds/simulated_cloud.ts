/**
 * What every simulated cloud is, whatever the vendor.
 *
 * @module
 */

import type { MicroUsd } from "../../schemas/money.ts";
import type { Handler } from "../handler.ts";
import type { Machine } from "../kubelet/machine.ts";

/** What a machine costs, by the vendor's rule. */
export interface BillLine {
  readonly id: string;
  readonly name: string | undefined;
  readonly instanceType: string;
  readonly region: string;
  /** When billing started; absent while it has not. */
  readonly start: number | undefined;
  /** When billing ended; absent while it goes on. */
  readonly end: number | undefined;
  readonly pricePerHour: MicroUsd;
  /** Started billing increments, in milliseconds. */
  readonly billedMs: number;
  readonly amount: MicroUsd;
}

/** One cloud with one account. */
export interface SimulatedCloud {
  /** Canonical name: `lambda`. */
  readonly provider: string;
  /** The vendor's API under its own paths, and switches under `/_control`. */
  readonly handler: Handler;
  /** Calls the listeners on time until `signal` aborts; without it they are called on requests. */
  run(signal: AbortSignal): Promise<void>;
  /** What every machine cost so far. */
  bill(): readonly BillLine[];
  /** Machines that run and could join a cluster, as kubelets see them. */
  poweredMachines(): readonly Machine[];
  /** Calls back when a machine starts or stops to run. @returns A function that ends it. */
  onPowerChange(listener: () => void): () => void;
}
