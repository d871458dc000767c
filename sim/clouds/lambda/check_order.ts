/**
 * Whether what is asked for can be done: rules between a request and what the account has.
 *
 * @module
 */

import type { LambdaBehaviour } from "./behaviour.ts";
import type { SimInstanceType } from "./catalog.ts";
import { Refusal } from "./errors.ts";
import type { LaunchOrder } from "./launch_request.ts";
import type { MachineState } from "./machine.ts";

/** Something in a region that launches may name. */
export interface RegionalThing {
  readonly id: string;
  readonly name: string;
  readonly region: string;
}

/** What launches may name. */
export interface Inventory {
  readonly sshKeyNames: readonly string[];
  readonly filesystems: readonly RegionalThing[];
  readonly rulesets: readonly RegionalThing[];
}

/** What the vendor knows that an order is judged by. */
export interface OrderContext extends Inventory {
  type(name: string): SimInstanceType | undefined;
  /** Machines that are not being ended. */
  readonly aliveCount: number;
  /** `null`: no limit. */
  readonly maxMachines: number | null;
}

/** The machine type of an order that makes sense. @throws {Refusal} As the vendor does. */
export function checkOrder(order: LaunchOrder, context: OrderContext): SimInstanceType {
  const type = context.type(order.instanceType);
  if (type === undefined) throw missing(`Instance type '${order.instanceType}' does not exist.`);
  if (!context.sshKeyNames.includes(order.sshKeyName)) {
    throw missing(`SSH key '${order.sshKeyName}' does not exist.`);
  }
  for (const name of order.filesystemNames) {
    const filesystem = context.filesystems.find((candidate) => candidate.name === name);
    if (filesystem === undefined) throw missing(`Filesystem '${name}' does not exist.`);
    if (filesystem.region !== order.region) {
      throw new Refusal("instance-operations/launch/file-system-in-wrong-region");
    }
  }
  for (const id of order.rulesetIds) {
    const ruleset = context.rulesets.find((candidate) => candidate.id === id);
    if (ruleset?.region !== order.region) {
      throw missing(`Firewall ruleset '${id}' does not exist.`);
    }
  }
  const { aliveCount, maxMachines } = context;
  if (maxMachines !== null && aliveCount >= maxMachines) throw new Refusal("global/quota-exceeded");
  return type;
}

/** Whether a machine in a state may be ended. @throws {Refusal} As the vendor does. */
export function checkTermination(
  state: MachineState,
  { repeatedTerminate, terminateWhileBooting }: LambdaBehaviour,
): void {
  if (state === "booting" && terminateWhileBooting === "refuse") {
    throw new Refusal(
      "global/invalid-parameters",
      "The instance has not finished launching (vm-has-not-launched).",
    );
  }
  if (state !== "terminating" && state !== "terminated" && state !== "preempted") return;
  switch (repeatedTerminate) {
    case "accept":
      return;
    case "unknown":
      throw new Refusal("global/unknown");
    case "notFound":
      throw new Refusal("global/object-does-not-exist");
    case "conflict":
      throw new Refusal("global/conflict");
  }
}

function missing(what: string): Refusal {
  return new Refusal("global/object-does-not-exist", what);
}
