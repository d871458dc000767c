/**
 * The simulated account: what it may do with its pods, and what the vendor says when it may not.
 *
 * @module
 */

import { randomWord } from "../../../runtime/random.ts";
import { type MicroUsd, sumUsd, usdFromCents, zeroUsd } from "../../../schemas/money.ts";
import { Refusal } from "./errors.ts";
import { Fleet, type FleetDeps } from "./fleet.ts";
import { priceOf } from "./make_pod.ts";
import type { Placement } from "./market.ts";
import { type PodOrder, wishFor } from "./order.ts";
import { isOn, type Pod, stateAt } from "./pod.ts";
import { lowestBidOf } from "./spot.ts";

/** The simulated account. */
export class Account {
  readonly #deps: FleetDeps;
  /** Its pods and its money. */
  readonly fleet: Fleet;
  /** As `myself` shows it. */
  readonly userId: string;

  /** @param balanceUsd What there is to spend. */
  constructor(deps: FleetDeps, balanceUsd: number) {
    this.#deps = deps;
    this.fleet = new Fleet(deps, balanceUsd);
    this.userId = `user_${randomWord(deps.random, 27)}`;
  }

  /** Rents a pod. @throws {Refusal} As the vendor does. */
  create(order: PodOrder): Pod {
    this.fleet.settle();
    const [cheapest] = this.#deps.market.placements(order);
    this.#checkMoney(cheapest === undefined ? zeroUsd : priceOf(order, cheapest));
    const placement = order.bidPerGpu === undefined
      ? this.#place(order)
      : this.#placeSpot(order, order.bidPerGpu);
    return this.fleet.add(order, placement);
  }

  /** Stops a pod; one that has stopped stays as it is. @throws {Refusal} `notFound`. */
  stop(id: string): Pod {
    const pod = this.#require(id);
    if (isOn(pod)) this.fleet.stop(pod, "Exited by user");
    return pod;
  }

  /** Starts a stopped pod where it stood. @throws {Refusal} As the vendor does. */
  start(id: string): Pod {
    const pod = this.#require(id);
    if (isOn(pod)) return pod;
    if (pod.order.bidPerGpu !== undefined) throw new Refusal("spotResume");
    this.#checkBalanceToResume(pod.costPerHour);
    const { order, placement } = pod;
    const free = this.#deps.market.stock()[order.gpuTypeId]?.[placement.place] ?? 0;
    if (free < order.gpuCount) throw new Refusal("hostFull");
    this.fleet.begin(pod);
    return pod;
  }

  /** Restarts a pod's container in place. @throws {Refusal} `notFound`. */
  restart(id: string): Pod {
    const pod = this.#require(id);
    this.fleet.stop(pod, "Exited by user");
    this.fleet.begin(pod);
    return pod;
  }

  /** Ends a pod. @throws {Refusal} As the vendor does. */
  terminate(id: string): void {
    const pod = this.fleet.find(id);
    if (pod === undefined || pod.terminatedAt !== undefined) {
      throw new Refusal("podNotFoundToTerminate");
    }
    const { terminate } = this.#deps.behaviour();
    const boots = ["PROVISIONING", "STARTING"].includes(stateAt(pod, this.#deps.clock.now()));
    if (terminate === "refuse" || (terminate === "refuseWhileBooting" && boots)) {
      throw new Refusal("conflict");
    }
    if (terminate !== "ignored") this.fleet.end(pod, "Terminated by user");
  }

  /** The vendor takes a pod away, as it does with spot pods. Does nothing if it is off. */
  preempt(id: string): void {
    const pod = this.fleet.find(id);
    if (pod === undefined || !isOn(pod)) return;
    if (this.#deps.behaviour().outbidAs === "TERMINATED") this.fleet.end(pod, "Outbid");
    else this.fleet.stop(pod, "Outbid");
  }

  /**
   * Rents pods that are not ours, whatever the stock and the balance.
   *
   * @param endpointId Makes them workers of that serverless endpoint.
   */
  addForeignPods(count: number, endpointId?: string): void {
    const gpuTypeId = "NVIDIA GeForce RTX 4090";
    const place = "EU-RO-1";
    if (this.#deps.market.stock()[gpuTypeId]?.[place] === undefined) {
      this.#deps.market.setStock(gpuTypeId, place, 0);
    }
    const wish = wishFor(gpuTypeId, { dataCenterIds: [place] });
    const [placement] = this.#deps.market.placements(wish);
    if (placement === undefined) throw new RangeError(`"${gpuTypeId}" has no price`);
    for (let number = 1; number <= count; number++) {
      this.#deps.market.move(gpuTypeId, place, 1);
      this.fleet.add({
        ...wish,
        name: `somebody-elses-${number}`,
        image: "runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404",
        args: "",
        env: {},
        ports: ["8888/http", "22/tcp"],
        containerDiskGb: 50,
        volumeGb: 0,
        volumePath: "/workspace",
        globalNetworking: false,
        bidPerGpu: undefined,
        stopAt: undefined,
        terminateAt: undefined,
        endpointId,
      }, placement);
    }
  }

  /** What the pods that are on cost per hour, disks aside. */
  spendPerHour(): MicroUsd {
    return sumUsd(this.fleet.all().filter(isOn).map(({ costPerHour }) => costPerHour));
  }

  #place(order: PodOrder): Placement {
    const choice = this.#deps.market.choose(order);
    if ("refusal" in choice) throw new Refusal(choice.refusal);
    return choice;
  }

  #placeSpot(order: PodOrder, bid: number): Placement {
    if (!this.#deps.behaviour().sellsSpot) throw new Refusal("noSpotInstances");
    const choice = this.#deps.market.choose(order);
    if ("refusal" in choice) throw new Refusal("noSpotInstances");
    const { cloud, type } = choice;
    const price = cloud === "SECURE" ? type.securePrice : type.communityPrice;
    const lowest = lowestBidOf(cloud, price);
    if (lowest === null) throw new Refusal("noSpotInstances");
    if (bid < lowest) throw new Refusal("noSpotAtThatBid");
    return choice;
  }

  /** The vendor wants an hour's money at hand. @param price USD per hour. */
  #checkMoney(price: MicroUsd): void {
    if (this.fleet.balance() < price) throw new Refusal("balanceTooLow");
    const { spendLimitUsd, maxMachines } = this.#deps.behaviour();
    const spend = sumUsd([this.spendPerHour(), price]);
    const count = this.fleet.all().filter(({ terminatedAt }) => terminatedAt === undefined).length;
    if (spend > usdFromCents(spendLimitUsd * 100)) throw new Refusal("spendLimit");
    if (maxMachines !== null && count >= maxMachines) throw new Refusal("spendLimit");
  }

  #checkBalanceToResume(price: MicroUsd): void {
    const balance = this.fleet.balance();
    if (balance >= price) return;
    const [need, current, deficit] = [price, balance, price - balance].map((micros) =>
      (micros / 1_000_000).toFixed(2)
    );
    throw new Refusal("balanceTooLowToResume", {
      message:
        `Insufficient balance to resume this on-demand pod. You need at least $${need} (current: $${current}, deficit: $${deficit}).`,
    });
  }

  #require(id: string): Pod {
    const pod = this.fleet.find(id);
    if (pod === undefined) throw new Refusal("notFound");
    return pod;
  }
}
