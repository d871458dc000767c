/**
 * What RunPod can do, whichever of its protocols is spoken.
 *
 * Two implementations: REST v2 in `rest/`, GraphQL in `graphql/`.
 *
 * @module
 */

import type { MicroUsd } from "../../schemas/money.ts";
import type { BootFailure, InstanceState } from "../contract.ts";
import type { LaunchSending } from "../http/launch_sending.ts";
import type { RunpodShape } from "./instance_type.ts";

/** Where pods run. SECURE: data centers of RunPod and its partners. COMMUNITY: hosts of third parties. */
export type RunpodCloud = "SECURE" | "COMMUNITY";

/** A pod, in words of both protocols. */
export interface RunpodPod {
  readonly id: string;
  readonly name: string | undefined;
  readonly state: InstanceState;
  /** RunPod's status, and why it is what it is where it says so. */
  readonly rawState: string;
  readonly bootFailure: BootFailure | undefined;
  /** Environment, as far as it is ours: other values may be secrets and are not kept. */
  readonly marks: ReadonlyMap<string, string>;
  /** Absent for pods without GPUs. */
  readonly shape: RunpodShape | undefined;
  /** Data center or country, where it is known. */
  readonly place: string | undefined;
  readonly addresses: readonly string[];
  /** All-in, in what state it is now. */
  readonly pricePerHour: MicroUsd | undefined;
  /** Epoch milliseconds. */
  readonly createdAt: number | undefined;
}

/** One order. */
export interface RunpodOrder {
  readonly name: string;
  readonly image: string;
  /** As RunPod takes it; `undefined` leaves the image's own. */
  readonly args: string | undefined;
  readonly shape: RunpodShape;
  /** Data center or country; `undefined` leaves it to RunPod. */
  readonly place: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** `22/tcp`, `8080/http`. */
  readonly ports: readonly string[];
  readonly diskGb: number;
  readonly spot: boolean;
}

/** A GPU type that is sold on the account's cloud. */
export interface RunpodGpu {
  readonly id: string;
  readonly manufacturer: string;
  /** Of one GPU; 0 if RunPod does not say. */
  readonly memoryGb: number;
  /** USD per hour, without disk. */
  readonly pricePerGpu: MicroUsd;
  /** Most GPUs of one pod. */
  readonly maxCount: number;
}

/** Stock of pods with so many GPUs of a type. */
export interface RunpodStock extends RunpodShape {
  /** Data center or country; `undefined` when RunPod speaks of its whole cloud. */
  readonly place: string | undefined;
  readonly available: boolean;
  /** RunPod's word, if it has one. */
  readonly word: string | undefined;
  /** What such a pod has at least, if RunPod says. */
  readonly least: { readonly vcpus: number; readonly memoryGb: number } | undefined;
}

/** What there is to buy. */
export interface RunpodCatalog {
  readonly gpus: readonly RunpodGpu[];
  readonly stock: readonly RunpodStock[];
  /** USD per hour of one interruptible GPU, by GPU type; empty where there is no spot. */
  readonly spotPrices: ReadonlyMap<string, MicroUsd>;
}

/** One account at RunPod. All but `launchPod` may be repeated by it; all throw `ProviderError`. */
export interface RunpodApi {
  /** Every pod but serverless workers: complete, or an error. */
  listPods(signal: AbortSignal): Promise<readonly RunpodPod[]>;
  /**
   * One pod; `undefined` only on RunPod's positive word.
   *
   * @param ending Whether ending it waits for the answer.
   */
  getPod(id: string, signal: AbortSignal, ending?: boolean): Promise<RunpodPod | undefined>;
  /** Rents one pod: one request, never repeated. @returns Its id. */
  launchPod(order: RunpodOrder, sending: LaunchSending, signal: AbortSignal): Promise<string>;
  /** Ends a pod; resolves when RunPod says that it did, or has no such pod. */
  terminatePod(id: string, signal: AbortSignal): Promise<void>;
  /** @param places Data centers or countries to look at; all when absent. */
  readCatalog(places: readonly string[] | undefined, signal: AbortSignal): Promise<RunpodCatalog>;
  /** Shows that the key is good, with no more than that. */
  proveKey(signal: AbortSignal): Promise<void>;
}

/** GPUs of the pods that are offered: the sizes people buy. Each asks the vendor for one more answer. */
export const offeredCounts = Object.freeze([1, 2, 4, 8] as const);

/** Words for stock that mean that there is some; every other word means none. */
export function meansStock(word: string | undefined): boolean {
  return /^(high|medium|low)$/i.test(word ?? "");
}

/** RunPod's placeholder among the GPU types. */
export const placeholderGpuId = "unknown";
