/**
 * What worlds of all clouds stand on: time and chance, the line between adapter and cloud, the switches that
 * every simulated cloud has.
 *
 * @module
 */

import type { LaunchRequest, Provider } from "../../providers/contract.ts";
import { createProvider } from "../../providers/registry.ts";
import type { Clock } from "../../runtime/clock.ts";
import { createSeededRandom, type Random } from "../../runtime/random.ts";
import type { ProviderEntry } from "../../schemas/node_class.ts";
import type { Handler } from "../../sim/handler.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { skewClock } from "../support/skew_clock.ts";
import { connect } from "./connection.ts";
import {
  type ProviderWorld,
  type Purpose,
  Recorder,
  type SeenRequest,
  type Spoiling,
  strangersKey,
  type Transport,
} from "./provider_world.ts";

/** Time and chance, of adapter and cloud. */
export interface Ground {
  readonly clock: FakeClock;
  /** As far ahead as was asked for. */
  readonly cloudClock: Clock;
  readonly random: Random;
}

/** Lays the ground. @param skewMs How far the cloud's clock is ahead of ours, in milliseconds. */
export function createGround(skewMs = 0): Ground {
  const clock = new FakeClock();
  return { clock, cloudClock: skewClock(clock, skewMs), random: createSeededRandom(7) };
}

/** What requests are for, by patterns of method and path; the first that fits counts. */
export type Purposes = readonly (readonly [RegExp, Purpose])[];

/** Tells what a REST request is for. */
export function classifyBy(purposes: Purposes, { method, url }: Request): SeenRequest {
  const text = `${method} ${new URL(url).pathname}`;
  const [, purpose = "other" as const] = purposes.find(([pattern]) => pattern.test(text)) ?? [];
  return { purpose, text };
}

/** How adapters reach a cloud. */
export interface Line {
  readonly transport: Transport;
  readonly handler: Handler;
  readonly classify: (request: Request) => SeenRequest | Promise<SeenRequest>;
  readonly entry: ProviderEntry;
}

/** What of a world has nothing to do with which cloud it is. */
export type ConnectedWorld =
  & Pick<
    ProviderWorld,
    "stranger" | "clock" | "recorder" | "inFlight" | "requests" | "disconnect" | "close"
  >
  & {
    /** Another adapter with a key; it remembers nothing. */
    readonly connectWith: (apiKey: string) => Provider;
  };

/** Connects adapters with a cloud. */
export async function connectWorld(
  { clock, random }: Ground,
  { transport, handler, classify, entry }: Line,
): Promise<ConnectedWorld> {
  const recorder = new Recorder();
  const connection = await connect(transport, handler, classify);
  const connectWith = (apiKey: string) =>
    createProvider(entry, {
      apiKey,
      clusterId: "abc123",
      fetch: connection.fetch,
      baseUrl: connection.url,
      clock,
      random,
      log: recorder.log,
      metrics: recorder.metrics,
    });
  return {
    connectWith,
    stranger: () => connectWith(strangersKey),
    clock,
    recorder,
    inFlight: connection.inFlight,
    requests: () => connection.requests,
    disconnect: connection.disconnect,
    close: () => connection.close(),
  };
}

/** A simulated cloud as far as all have the same switches. */
export interface SwitchedCloud<Operation, Answer> {
  setBehaviour(
    change: {
      readonly listLagMs?: number;
      readonly inventedState?: string | null;
      readonly unknownFields?: boolean;
    },
  ): void;
  addForeignMachines(count: number): void;
  addFault(
    fault: {
      readonly operation: Operation;
      readonly answer: Answer;
      readonly times: number;
      readonly takesEffect: boolean;
    },
  ): void;
}

/** What every cloud is made to do in the same way. */
export function createSwitches<Operation, Answer>(
  cloud: SwitchedCloud<Operation, Answer>,
  operations: Readonly<Record<Purpose, Operation>>,
  answers: Readonly<Record<Spoiling, Answer>>,
): Pick<
  ProviderWorld,
  "spoil" | "lagLists" | "addForeignMachines" | "inventState" | "addUnknownFields"
> {
  return {
    spoil: (purpose, spoiling, { takesEffect = false, times = 1 } = {}) =>
      cloud.addFault({
        operation: operations[purpose],
        answer: answers[spoiling],
        takesEffect,
        times,
      }),
    lagLists: (ms) => cloud.setBehaviour({ listLagMs: ms }),
    addForeignMachines: (count) => cloud.addForeignMachines(count),
    inventState: (word) => cloud.setBehaviour({ inventedState: word }),
    addUnknownFields: () => cloud.setBehaviour({ unknownFields: true }),
  };
}

/** Fills up an order. @param sendBefore Epoch milliseconds. */
export function buildOrder(
  what: Pick<LaunchRequest, "name" | "instanceType" | "region" | "workload" | "sendBefore">,
): LaunchRequest {
  return {
    claimUid: "5f0c0f3e-9d7d-4c51-8a3c-0f4f8c1d2e3f",
    nodePool: "train",
    capacityType: "on-demand",
    ...what,
  };
}
