/**
 * What every GPU cloud must do for us, and what it must promise.
 *
 * One {@linkcode Provider} is one account: its own key, rate limits, breakers and stock. All prices
 * are all-in US dollars; all times are epoch milliseconds of the injected clock.
 *
 * @module
 */

import type { DurationMs } from "../schemas/duration.ts";
import type { GpuVendor } from "../schemas/gpu_models.ts";
import type { MicroUsd } from "../schemas/money.ts";
import type { Resources } from "../schemas/quantity.ts";

/** `spot` may be taken back by the vendor; `reserved` was paid for in advance. */
export type CapacityType = "on-demand" | "spot" | "reserved";

/** The GPUs of a machine. */
export interface OfferGpu {
  /** Canonical id such as `H100-SXM5-80GB`, or the vendor's own name when `known` is false. */
  readonly model: string;
  /** Whether the model is in our table; an unknown one is bought only if a pool names it. */
  readonly known: boolean;
  /** Who made it, where the model is unknown but the cloud says so; read it with `gpuVendorOf`. */
  readonly vendor?: GpuVendor | undefined;
  readonly count: number;
  /** Memory of one GPU in GB, nominal. */
  readonly memoryGb: number;
}

/** Where a machine would stand. */
export interface OfferLocation {
  /** The vendor's region code; absent when the vendor does not say where a sold-out type exists. */
  readonly region: string | undefined;
  /** ISO 3166-1 alpha-2, lower case (`us`). */
  readonly country: string | undefined;
  /** `na`, `sa`, `eu`, `as`, `me`, `af`, `oc`. */
  readonly continent: string | undefined;
}

/** What an offer costs. */
export interface OfferPrice {
  readonly perHour: MicroUsd;
  /** `perHour` divided by the GPU count, rounded up; equal to `perHour` without GPUs. */
  readonly perGpuHour: MicroUsd;
  readonly currency: "USD";
  readonly billingIncrement: DurationMs;
  /** `api`: read from the vendor; `table`: our dated table. */
  readonly source: "api" | "table";
  /** When it was read. */
  readonly readAt: number;
  /** What the vendor lists, per hour, where the account pays less; the prices above are what it pays. */
  readonly listPerHour?: MicroUsd | undefined;
  /** Why the price is not to be believed; such an offer is shown but never bought. */
  readonly suspect?: string | undefined;
}

/** One thing an account will rent: instance type × region × capacity type. */
export interface Offer {
  /** Stable short id, `of-` and eight characters, the same for the same account, type, region and capacity type. */
  readonly id: string;
  /** The entry of the class's providers whose account pays. */
  readonly account: string;
  readonly provider: string;
  /** The vendor's own name of the machine type. */
  readonly instanceType: string;
  readonly capacityType: CapacityType;
  readonly location: OfferLocation;
  /** `undefined` for machines without GPUs. */
  readonly gpu: OfferGpu | undefined;
  readonly arch: "amd64" | "arm64";
  /** What the node will have: cpu, memory, ephemeral-storage, pods, nvidia.com/gpu or amd.com/gpu. */
  readonly capacity: Resources;
  /** What the node will offer to pods: capacity less what kubelet and system reserve. */
  readonly allocatable: Resources;
  /** Labels that the node will have, predicted GPU feature discovery labels included. */
  readonly labels: Readonly<Record<string, string>>;
  readonly price: OfferPrice;
  readonly available: boolean;
  /** The vendor's words for stock, if it has any. */
  readonly stock?: string | undefined;
  /** Why its machine could not join the cluster, or no claim record it; shown, but never bought. */
  readonly notJoinable?: string | undefined;
}

/** Who a machine belongs to, judged by tag or name; both are written, either is enough. */
export type Ownership =
  | { readonly kind: "ours"; readonly claimName: string }
  | { readonly kind: "otherCluster"; readonly cluster: string }
  | { readonly kind: "foreign" };

/** The life of a machine in words every cloud shares. `unknown` keeps the machine: it may bill. */
export type InstanceState =
  | "booting"
  | "running"
  | "unhealthy"
  | "stopped"
  | "terminating"
  | "terminated"
  | "unknown";

/** Why a machine that was rented will never run. It still bills until it is ended. */
export interface BootFailure {
  /** `availability`: the vendor had no capacity after all, so that the offer counts as sold out. */
  readonly kind: "availability" | "unknown";
  /** The vendor's words. */
  readonly message: string;
}

/** A rented machine. */
export interface Instance {
  readonly id: string;
  /** The vendor-side name. */
  readonly name: string | undefined;
  readonly state: InstanceState;
  /** The vendor's own word. */
  readonly rawState: string;
  readonly ownership: Ownership;
  readonly instanceType: string;
  readonly region: string | undefined;
  /** Public and private IP addresses. */
  readonly addresses: readonly string[];
  /** What it costs now, if the vendor says. */
  readonly pricePerHour: MicroUsd | undefined;
  /** `spec.providerID` of its Node. */
  readonly providerID: string;
  /** When it was launched, if a tag or the vendor says. */
  readonly launchedAt: number | undefined;
  /** Set once the vendor has said that it will never run. */
  readonly bootFailure?: BootFailure | undefined;
}

/** What the machine runs. */
export type Workload =
  | { readonly kind: "machine"; readonly userData: string }
  | {
    readonly kind: "container";
    readonly image: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly ports: readonly string[];
    readonly diskGb: number;
  };

/** One order. */
export interface LaunchRequest {
  /** Unique name: claim, Node, hostname and vendor-side machine share it. */
  readonly name: string;
  readonly claimUid: string;
  readonly nodePool: string;
  readonly instanceType: string;
  readonly region: string;
  readonly capacityType: CapacityType;
  readonly workload: Workload;
  /** The order must not be sent at or after this time. */
  readonly sendBefore: number;
}

/**
 * What became of an order. `launched` and `unknown` mean that a machine exists or may exist; all
 * others are definite: nothing was rented and nothing will appear.
 */
export type LaunchOutcome =
  | { readonly kind: "launched"; readonly instanceId: string; readonly providerID: string }
  | { readonly kind: "notSent"; readonly message: string }
  | { readonly kind: "outOfCapacity"; readonly message: string }
  | { readonly kind: "quotaExceeded"; readonly message: string }
  | { readonly kind: "billing"; readonly message: string }
  | { readonly kind: "unauthorized"; readonly message: string }
  | {
    readonly kind: "rateLimited";
    readonly message: string;
    readonly retryAfterMs?: number | undefined;
  }
  | { readonly kind: "rejected"; readonly message: string }
  | { readonly kind: "unknown"; readonly message: string };

/** A place in the vendor's queue, taken before the intent is written. Single use. */
export interface LaunchPermit {
  /** Gives the place back unused. */
  release(): void;
}

/** Which offers to list; absent fields do not filter. */
export interface OfferScope {
  readonly gpuModel?: string | undefined;
  readonly region?: string | undefined;
}

/** Who answered. */
export interface AccountIdentity {
  /** The vendor's identity of the account, where it has one. */
  readonly account: string | undefined;
}

/** One thing about an account that was looked at before money hangs on it. */
export interface AccountCheck {
  readonly what: "billing" | "quota" | "launch";
  /** `unknown`: the vendor has no way to tell, or did not answer. */
  readonly state: "ok" | "warn" | "fail" | "unknown";
  /** For people; with the remedy unless ok. */
  readonly message: string;
}

/** A breaker that is not closed: calls of this operation are held back. */
export interface OpenBreaker {
  readonly operation: string;
  readonly state: "half-open" | "open";
}

/** Fixed facts about a cloud. */
export interface ProviderInfo {
  /** Canonical cloud name: `lambda`. */
  readonly provider: string;
  readonly displayName: string;
  readonly joinsAs: "node" | "virtual-node";
  readonly capacityTypes: readonly CapacityType[];
  readonly canStop: boolean;
  readonly hasTags: boolean;
  readonly acceptsUserData: boolean;
  /** What reads user data: cloud-init, or a root shell at boot. */
  readonly userDataFormat: "cloud-config" | "script";
  readonly maxUserDataBytes: number;
  /** From when a machine bills: when the order was accepted, or when the machine runs. */
  readonly billingStarts: "accepted" | "running";
  /** What machines are said to cost: the list price, or what this account is billed. */
  readonly instancePrices: "listed" | "billed";
  /** Longest time a launched machine may stay invisible in complete lists. */
  readonly settle: DurationMs;
  /** Time limit of one call, body included. */
  readonly callTimeout: DurationMs;
}

/** Documented limits of one account. */
export interface RateLimits {
  readonly requestsPerSecond: number;
  readonly launchesPerMinute: number;
}

/** How long each step of a boot may take. */
export interface BootTimeouts {
  readonly launch: DurationMs;
  readonly registration: DurationMs;
  readonly initialization: DurationMs;
}

/** One account at one cloud. Everything but `launch` throws `ProviderError` and nothing else (or the signal's reason). */
export interface Provider {
  /** The entry of the class's providers. */
  readonly account: string;
  info(): ProviderInfo;
  rateLimits(): RateLimits;
  /** Default time limits for a machine of so many GPUs. */
  bootTimeouts(gpuCount: number): BootTimeouts;
  /**
   * Waits for a place in the account's launch queue. Taken before the intent is written, so that an
   * intent never waits.
   */
  acquireLaunch(signal: AbortSignal): Promise<LaunchPermit>;
  /**
   * Rents one machine. Never repeats a call by itself, never throws for an expected outcome; an
   * aborted signal after the request left gives `unknown`.
   */
  launch(
    request: LaunchRequest,
    permit: LaunchPermit,
    signal: AbortSignal,
  ): Promise<LaunchOutcome>;
  /** Ends a machine. Safe to repeat; resolves when the vendor accepted it or has no such machine. */
  terminate(instanceId: string, signal: AbortSignal): Promise<void>;
  /** One machine; `null` only when the vendor says there is none. */
  getInstance(instanceId: string, signal: AbortSignal): Promise<Instance | null>;
  /** Everything in the account: complete, or an error. */
  listInstances(signal: AbortSignal): Promise<readonly Instance[]>;
  /** Every offer the vendor's answers distinguish, sold-out ones too. */
  listOffers(filter: OfferScope, signal: AbortSignal): Promise<readonly Offer[]>;
  /**
   * Price of one machine type of a canonical GPU model with one GPU (or the smallest count sold).
   *
   * @throws ProviderError `not_found` when the account does not sell it there.
   */
  getPricing(gpuModel: string, region: string, signal: AbortSignal): Promise<OfferPrice>;
  /** The cheapest authenticated call; `unauthorized` for a wrong key, `transient` for no network. */
  verifyCredentials(signal: AbortSignal): Promise<AccountIdentity>;
  /** What can be found out about the account without renting anything. Throws only for the signal. */
  checkAccount(signal: AbortSignal): Promise<readonly AccountCheck[]>;
  /** Breakers that hold back calls now. */
  openBreakers(): readonly OpenBreaker[];
  /**
   * Removes what outlived its machine at the vendor (startup scripts). Only things that are ours by
   * name, of claims that are not kept, and that no machine uses.
   *
   * @param isKept Whether a claim of that name still exists.
   * @returns What was removed, for the log.
   */
  removeLeftovers(
    isKept: (claimName: string) => boolean,
    signal: AbortSignal,
  ): Promise<readonly string[]>;
  /** The vendor's instance types or names for a canonical model. @throws RangeError listing candidates if ambiguous or unknown. */
  toNativeGpu(model: string): string;
  fromNativeGpu(native: string): OfferGpu["model"] | undefined;
  /** The vendor's code for a provider-qualified region label (`lambda-us-east-1`). @throws RangeError listing candidates. */
  toNativeRegion(label: string): string;
  fromNativeRegion(native: string): OfferLocation & { readonly label: string };
}
