/**
 * Makes pods: what the vendor decides when an order is accepted.
 *
 * @module
 */

import { type Random, randomWord } from "../../../runtime/random.ts";
import { type MicroUsd, multiplyUsd } from "../../../schemas/money.ts";
import type { RunpodBehaviour } from "./behaviour.ts";
import { type Placement, toUsd } from "./market.ts";
import type { PodOrder } from "./order.ts";
import type { Pod, Run } from "./pod.ts";

/** Documentation addresses only: RFC 5737. */
const publicPrefixes = ["203.0.113.", "198.51.100.", "192.0.2."];

/** What pods are made of. */
export interface PodMaker {
  readonly random: Random;
  readonly behaviour: RunpodBehaviour;
  readonly now: number;
}

/** A new pod. @param number How many there were before. */
export function makePod(
  order: PodOrder,
  placement: Placement,
  number: number,
  maker: PodMaker,
): Pod {
  const { random, behaviour, now } = maker;
  const id = randomWord(random, 14);
  return {
    id,
    machineId: randomWord(random, 12),
    hostId: `${id}-${hex(random, 8)}`,
    order,
    placement,
    env: order.env,
    costPerHour: priceOf(order, placement),
    publicIp: `${publicPrefixes[Math.floor(number / 254) % 3]}${(number % 254) + 1}`,
    privateIp: `100.65.${Math.floor(number / 254) % 256}.${(number % 254) + 1}`,
    gpuIds: Array.from({ length: order.gpuCount }, () => gpuId(random)),
    createdAt: now,
    listedAt: now + behaviour.listLagMs,
    failsAs: behaviour.boot === "error" ? "ERROR" : "EXITED",
    runs: [makeRun(maker)],
    change: { cause: "Rented by User", at: now },
    terminatedAt: undefined,
    forgottenAt: undefined,
  };
}

/** A new start. */
export function makeRun({ random, behaviour, now }: PodMaker): Run {
  const { boot, provisioningMs, pullMs, portMs, crashLoopMs } = behaviour;
  const containerAt = now + pullMs;
  const runs = boot === "normal";
  return {
    startedAt: now,
    provisionedAt: now + Math.min(provisioningMs, pullMs),
    containerAt: runs ? containerAt : undefined,
    portsAt: runs ? containerAt + portMs : undefined,
    failsAt: boot === "exits" || boot === "error" ? containerAt : undefined,
    crashLoopMs: crashLoopMs ?? undefined,
    firstPort: 40_000 + Math.floor(random.next() * 20_000),
    endedAt: undefined,
  };
}

/** What the whole pod costs per hour, disks aside. */
export function priceOf(order: PodOrder, placement: Placement): MicroUsd {
  const perGpu = order.bidPerGpu === undefined ? placement.pricePerGpu : toUsd(order.bidPerGpu);
  return multiplyUsd(perGpu, order.gpuCount);
}

function gpuId(random: Random): string {
  return `GPU-${[8, 4, 4, 4, 12].map((length) => hex(random, length)).join("-")}`;
}

function hex(random: Random, length: number): string {
  let text = "";
  while (text.length < length) text += Math.floor(random.next() * 16).toString(16);
  return text;
}
