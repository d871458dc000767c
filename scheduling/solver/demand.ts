/**
 * The pods of one class that still wait for a place.
 *
 * @module
 */

import { labels as labelKeys } from "../../schemas/labels.ts";
import type { PodRef } from "../plan.ts";
import type { PodClass } from "./pod_classes.ts";
import type { Relevance } from "./topology.ts";

/** One class, its size as a vector, and who of it still waits. */
export class Demand {
  /** Position in the order in which classes are served. */
  readonly rank: number;
  readonly podClass: PodClass;
  readonly size: Float64Array;
  readonly relevance: Relevance;
  readonly #waiting: PodRef[];

  constructor(
    { rank, podClass, size, relevance, waiting = podClass.pods }: {
      readonly rank: number;
      readonly podClass: PodClass;
      readonly size: Float64Array;
      readonly relevance: Relevance;
      readonly waiting?: readonly PodRef[];
    },
  ) {
    this.rank = rank;
    this.podClass = podClass;
    this.size = size;
    this.relevance = relevance;
    // Reversed, so that the oldest is taken from the end at no cost.
    this.#waiting = [...waiting].reverse();
  }

  /** How many wait. */
  get count(): number {
    return this.#waiting.length;
  }

  /** Those who wait, oldest first. */
  get waiting(): readonly PodRef[] {
    return [...this.#waiting].reverse();
  }

  /** Whether nothing but room on a machine matters to where its pods go. */
  get isFree(): boolean {
    return this.relevance.isFree && this.podClass.hostPorts.length === 0;
  }

  /**
   * Whether machines can be bought for its pods all at once: where one goes does not change where the
   * next may go, but for the domain that attracts them all.
   */
  get isPackable(): boolean {
    return this.podClass.hostPorts.length === 0 &&
      this.relevance.own.every(({ group: { term } }) =>
        term.kind === "affinity" && term.key !== labelKeys.hostname
      ) && this.relevance.selecting.every(({ term }) => term.kind !== "antiAffinity");
  }

  /** Removes and returns the oldest ones. */
  take(count: number): readonly PodRef[] {
    return this.#waiting.splice(Math.max(0, this.#waiting.length - count)).reverse();
  }

  /** Removes one certain pod; false if it does not wait. */
  takeByUid(uid: string): PodRef | undefined {
    const index = this.#waiting.findIndex((pod) => pod.uid === uid);
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  /** An independent copy. */
  clone(relevance: Relevance = this.relevance): Demand {
    const { rank, podClass, size } = this;
    return new Demand({ rank, podClass, size, relevance, waiting: this.waiting });
  }
}
