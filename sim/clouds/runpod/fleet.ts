/**
 * The pods of one account and what they cost, as time goes by.
 *
 * @module
 */

import type { Clock } from "../../../runtime/clock.ts";
import type { Random } from "../../../runtime/random.ts";
import { type MicroUsd, parseUsd, sumUsd } from "../../../schemas/money.ts";
import { PowerWatch } from "../power_watch.ts";
import type { BillLine } from "../simulated_cloud.ts";
import type { RunpodBehaviour } from "./behaviour.ts";
import { makePod, makeRun, type PodMaker } from "./make_pod.ts";
import type { Market, Placement } from "./market.ts";
import type { PodOrder } from "./order.ts";
import { type Cause, isOn, lastRun, type Pod, rateOf, stateAt, toBillLine } from "./pod.ts";

/** What a fleet stands on. */
export interface FleetDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly market: Market;
  readonly behaviour: () => RunpodBehaviour;
}

/** Something that happens by itself. */
interface Event {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly happen: () => void;
}

const hourMs = 3_600_000;

/** Pods and money. Everything that asks or changes settles first. */
export class Fleet {
  readonly #deps: FleetDeps;
  readonly #pods = new Map<string, Pod>();
  /** Watches containers. */
  readonly watch: PowerWatch<Pod | undefined>;
  #paidIn: MicroUsd;
  #settledAt: number;

  /** @param balanceUsd What there is to spend. */
  constructor(deps: FleetDeps, balanceUsd: number) {
    this.#deps = deps;
    this.#paidIn = parseUsd(balanceUsd.toFixed(6));
    this.#settledAt = deps.clock.now();
    this.watch = new PowerWatch<Pod | undefined>(deps.clock, {
      settle: () => this.settle(),
      running: () => this.#running().map(({ id }) => id),
      view: (id) => this.#pods.get(id),
      moments: () => this.#moments(),
    });
  }

  /** Adds a pod and takes its GPUs. */
  add(order: PodOrder, placement: Placement): Pod {
    const pod = makePod(order, placement, this.#pods.size, this.#maker());
    this.#pods.set(pod.id, pod);
    this.#moveStock(pod, -1);
    this.#changed();
    return pod;
  }

  /** Starts a pod that is off, and takes its GPUs. */
  begin(pod: Pod): void {
    pod.runs.push(makeRun(this.#maker()));
    pod.change = { cause: "Resumed by user", at: this.#deps.clock.now() };
    this.#moveStock(pod, -1);
    this.#changed();
  }

  /** Stops a pod that is on, and gives its GPUs back. @param at Epoch milliseconds; now if absent. */
  stop(pod: Pod, cause: Cause, at: number = this.#deps.clock.now()): void {
    lastRun(pod).endedAt = at;
    pod.change = { cause, at };
    this.#moveStock(pod, 1);
    this.#changed();
  }

  /** Ends a pod for good. @param at Epoch milliseconds; now if absent. */
  end(pod: Pod, cause: Cause, at: number = this.#deps.clock.now()): void {
    if (isOn(pod)) this.stop(pod, cause, at);
    pod.change = { cause, at };
    pod.terminatedAt = at;
    pod.forgottenAt = at + this.#deps.behaviour().terminateMs;
    this.#changed();
  }

  /** A pod that can be looked up by id. */
  find(id: string): Pod | undefined {
    this.settle();
    const pod = this.#pods.get(id);
    return pod !== undefined && this.#isShown(pod) ? pod : undefined;
  }

  /** The pods in lists. */
  listed(): Pod[] {
    const now = this.#deps.clock.now();
    return this.all().filter((pod) => pod.listedAt <= now && this.#isShown(pod));
  }

  /** Every pod there ever was. */
  all(): Pod[] {
    this.settle();
    return [...this.#pods.values()];
  }

  /** What every pod cost so far. */
  bill(): BillLine[] {
    this.settle();
    return this.#billAt(this.#deps.clock.now());
  }

  /** What is left to spend, in micro-dollars; below zero for debts. */
  balance(): number {
    this.settle();
    return this.#balanceAt(this.#deps.clock.now());
  }

  /** Sets what is left to spend. */
  setBalance(usd: number): void {
    const spent = sumUsd(this.bill().map(({ amount }) => amount));
    this.#paidIn = sumUsd([parseUsd(usd.toFixed(6)), spent]);
    this.#changed();
  }

  /** Brings pods, stock and balance up to date with time, one event after the other. */
  settle(): void {
    const now = this.#deps.clock.now();
    for (let next = this.#nextEvent(now); next !== undefined; next = this.#nextEvent(now)) {
      this.#settledAt = next.at;
      next.happen();
    }
    this.#settledAt = now;
    this.watch.announce();
  }

  /** The first thing that has happened and is not yet known. */
  #nextEvent(now: number): Event | undefined {
    return this.#events()
      .filter(({ at }) => at <= now)
      .sort((left, right) => left.at - right.at)[0];
  }

  #events(): Event[] {
    const events = [...this.#pods.values()].flatMap((pod) => [...this.#eventsOf(pod)]);
    const emptyAt = this.#emptyAt();
    if (emptyAt !== undefined) events.push({ at: emptyAt, happen: () => this.#runDry(emptyAt) });
    return events;
  }

  *#eventsOf(pod: Pod): Generator<Event> {
    if (pod.terminatedAt !== undefined) return;
    const { failsAt, startedAt } = lastRun(pod);
    const { stopAt, terminateAt } = pod.order;
    if (isOn(pod) && failsAt !== undefined) {
      yield { at: failsAt, happen: () => this.stop(pod, "Exited by Runpod", failsAt) };
    }
    // A pod that was started again after that moment goes on.
    if (isOn(pod) && stopAt !== undefined && stopAt > startedAt) {
      yield { at: stopAt, happen: () => this.stop(pod, "Exited by user", stopAt) };
    }
    if (terminateAt !== undefined) {
      const at = Math.max(terminateAt, pod.createdAt);
      yield { at, happen: () => this.end(pod, "Terminated by RunPod", at) };
    }
  }

  /** When the money is gone, if pods are on. */
  #emptyAt(): number | undefined {
    if (![...this.#pods.values()].some(isOn)) return undefined;
    const rate = sumUsd([...this.#pods.values()].map(rateOf));
    const left = Math.max(0, this.#balanceAt(this.#settledAt));
    return rate === 0 ? undefined : this.#settledAt + Math.ceil((left / rate) * hourMs);
  }

  #runDry(at: number): void {
    for (const pod of [...this.#pods.values()].filter(isOn)) {
      this.stop(pod, "Exited by RunPod: Insufficient balance", at);
    }
  }

  #billAt(moment: number): BillLine[] {
    return [...this.#pods.values()].map((pod) => toBillLine(pod, moment));
  }

  #balanceAt(moment: number): number {
    return this.#paidIn - sumUsd(this.#billAt(moment).map(({ amount }) => amount));
  }

  #running(): Pod[] {
    const now = this.#deps.clock.now();
    return [...this.#pods.values()].filter((pod) => stateAt(pod, now) === "RUNNING");
  }

  #isShown({ forgottenAt }: Pod): boolean {
    return forgottenAt === undefined || this.#deps.clock.now() < forgottenAt;
  }

  #moments(): number[] {
    const ofPods = [...this.#pods.values()].flatMap((pod) => [lastRun(pod).containerAt ?? 0]);
    return [...ofPods, ...this.#events().map(({ at }) => at)];
  }

  #moveStock({ order, placement }: Pod, sign: 1 | -1): void {
    this.#deps.market.move(order.gpuTypeId, placement.place, sign * order.gpuCount);
  }

  #maker(): PodMaker {
    const { random, clock, behaviour } = this.#deps;
    return { random, behaviour: behaviour(), now: clock.now() };
  }

  #changed(): void {
    this.watch.wake();
  }
}
