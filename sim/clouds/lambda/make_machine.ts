/**
 * Makes a machine out of an order, with the moments of its life as far as they are certain.
 *
 * @module
 */

import type { Random } from "../../../runtime/random.ts";
import type { LambdaBehaviour } from "./behaviour.ts";
import type { SimInstanceType } from "./catalog.ts";
import type { LaunchOrder } from "./launch_request.ts";
import type { Machine } from "./machine.ts";

/** What an order turns into a machine with. */
export interface Making {
  readonly order: LaunchOrder;
  readonly type: SimInstanceType;
  readonly behaviour: LambdaBehaviour;
  /** How many machines there were before. */
  readonly number: number;
  readonly now: number;
  readonly random: Random;
}

/** Documentation addresses only: RFC 5737. */
const publicPrefixes = ["203.0.113.", "198.51.100.", "192.0.2."];

/** See the module. */
export function makeMachine({ order, type, behaviour, number, now, random }: Making): Machine {
  const { bootMs, boot, addressAfterMs, listLagMs } = behaviour;
  const readyAt = now + (type.specs.gpus > 1 ? bootMs.multiple : bootMs.single);
  return {
    id: toHex(random, 32),
    name: order.name,
    hostname: order.hostname,
    type,
    region: order.region,
    sshKeyNames: [order.sshKeyName],
    filesystemNames: order.filesystemNames,
    tags: order.tags,
    userData: order.userData,
    ip: `${publicPrefixes[Math.floor(number / 254) % 3]}${(number % 254) + 1}`,
    privateIp: `10.19.${Math.floor(number / 254) % 256}.${(number % 254) + 1}`,
    jupyterToken: "0".repeat(32),
    launchedAt: now,
    addressAt: Math.min(now + addressAfterMs, readyAt),
    listedAt: now + listLagMs,
    activeAt: boot === "normal" ? readyAt : undefined,
    unhealthyAt: boot === "unhealthy" ? readyAt : undefined,
    terminatingAt: undefined,
    terminatedAt: undefined,
    preempted: false,
  };
}

/** An order of somebody else's. */
export function toForeignOrder(number: number, sshKeyName: string): LaunchOrder {
  return {
    name: `somebody-elses-${number}`,
    hostname: undefined,
    image: undefined,
    instanceType: "gpu_1x_a10",
    region: "us-east-1",
    sshKeyName,
    filesystemNames: [],
    rulesetIds: [],
    tags: undefined,
    userData: undefined,
  };
}

function toHex(random: Random, length: number): string {
  let text = "";
  while (text.length < length) text += Math.floor(random.next() * 16).toString(16);
  return text;
}
