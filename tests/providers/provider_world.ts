/**
 * What the conformance suite needs of a cloud: a provider on a simulated cloud, and the truth beside it.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { Log, LogFields } from "../../runtime/log.ts";
import type { MetricLabels, Metrics } from "../../runtime/metrics.ts";
import type { LaunchRequest, Provider } from "../../providers/contract.ts";
import type { FakeClock } from "../support/fake_clock.ts";

/** What a request is for, in words every cloud shares; `launch` is the one that rents. */
export type Purpose = "launch" | "terminate" | "get" | "list" | "offers" | "verify";

/** A request that reached the cloud. */
export interface SeenRequest {
  /** `other`: whatever else an adapter asks on its way. */
  readonly purpose: Purpose | "other";
  /** Method and path, and the operation where the path does not tell. */
  readonly text: string;
}

/** How an answer is spoilt. */
export type Spoiling =
  | "cut"
  | "hang"
  | "truncate"
  | "stall"
  | "html502"
  | "unavailable"
  | "htmlOk"
  | "mistyped"
  | "redirect";

/** A state of the account in which nothing can be bought. */
export type Misfortune = "quota" | "billing" | "revoked" | "throttled";

/** A machine at the cloud, as the cloud knows it. */
export interface SeenMachine {
  readonly id: string;
  readonly name: string;
  /** `ended`: accepted to be ended, or gone. */
  readonly state: "alive" | "ended";
}

/** A provider, its cloud, and what lies between. */
export interface ProviderWorld {
  readonly provider: Provider;
  /** Another adapter, with a key of another account at the same cloud. */
  stranger(): Provider;
  readonly clock: FakeClock;
  /** Key and user data: must appear nowhere. */
  readonly secrets: readonly string[];
  /** Everything logged and measured. */
  readonly recorder: Recorder;
  /** Requests that were handed to the network and have no answer yet. */
  inFlight(): number;
  /** Requests that reached the cloud. */
  requests(): readonly SeenRequest[];
  /** Machines that exist or existed at the cloud. */
  machines(): readonly SeenMachine[];
  /** An order that will succeed. */
  order(name: string): LaunchRequest;
  /** An order of something sold out. */
  soldOutOrder(name: string): LaunchRequest;
  spoil(
    purpose: Purpose,
    spoiling: Spoiling,
    options?: { readonly takesEffect?: boolean; readonly times?: number },
  ): void;
  strike(misfortune: Misfortune): void;
  /** Machines are missing from lists for so long after launch. */
  lagLists(ms: number): void;
  /** Machines that boot cannot be ended. */
  refuseTerminateWhileBooting(): void;
  /** Rents so many machines that are nobody's of ours, behind the API's back. */
  addForeignMachines(count: number): void;
  /**
   * The next full list comes incomplete: a later page fails for good, or the answer itself says so.
   *
   * @returns False if the vendor's lists cannot be incomplete.
   */
  breakList(): boolean;
  /** From now on machines are in a state that no document knows. @param word Its name. */
  inventState(word: string): void;
  /** Every answer has fields that no document knows. */
  addUnknownFields(): void;
  /** Throttles the next requests for that purpose; without a header when `retryAfterSeconds` is absent. */
  throttle(purpose: Purpose, times: number, retryAfterSeconds?: number): void;
  /** Lets machines that boot now finish booting. */
  boot(): Promise<void>;
  /** Lets machines that are being ended end. */
  end(): Promise<void>;
  /** Refuses connections from now on. */
  disconnect(): void;
  close(): Promise<void>;
}

/** A key of another account at the cloud. */
export const strangersKey = "strangers_Pw6Jx2Dn9Fs4Gb7Ty1";

/** How a world differs from the usual. */
export interface WorldChange {
  /** Key of the adapter; the cloud goes on to know only the right one. */
  readonly apiKey?: string | undefined;
  /** How far the cloud's clock is ahead of ours, in milliseconds. */
  readonly skewMs?: number | undefined;
}

/** Makes worlds of one cloud. */
export interface ProviderHarness {
  /** Named in tests: `RunPod REST`. */
  readonly cloud: string;
  /** Whether offers can be read without a key. @default {false} */
  readonly anonymousOffers?: boolean | undefined;
  create(transport: Transport, change?: WorldChange): Promise<ProviderWorld>;
}

/** What lies between adapter and cloud: nothing, or sockets on loopback. */
export type Transport = "in process" | "over sockets";

/** Keeps everything that is logged or measured. */
export class Recorder {
  readonly lines: string[] = [];
  readonly gauges = new Map<string, number>();
  readonly counts = new Map<string, number>();

  readonly log: Log = this.#createLog({});

  readonly metrics: Metrics = {
    count: (name, labels, by = 1) => {
      const key = toKey(name, labels);
      this.counts.set(key, (this.counts.get(key) ?? 0) + by);
    },
    gauge: (name, value, labels) => void this.gauges.set(toKey(name, labels), value),
    observe: (name, value, labels) => void this.gauges.set(toKey(name, labels), value),
  };

  /** All of it as one text. */
  get text(): string {
    return [...this.lines, ...this.gauges.keys(), ...this.counts.keys()].join("\n");
  }

  #createLog(base: LogFields): Log {
    const write = (level: string) => (message: string, fields: LogFields = {}) =>
      void this.lines.push(JSON.stringify({ level, message, ...base, ...fields }));
    return {
      debug: write("debug"),
      info: write("info"),
      warn: write("warn"),
      error: write("error"),
      with: (fields) => this.#createLog({ ...base, ...fields }),
    };
  }
}

function toKey(name: string, labels: MetricLabels = {}): string {
  return `${name}${JSON.stringify(labels)}`;
}

/**
 * Waits for a promise, turning the clock whenever something sleeps on it; but not while a request is
 * under way, which takes no time at all on that clock.
 */
export async function drive<T>(
  { clock, inFlight }: Pick<ProviderWorld, "clock" | "inFlight">,
  promise: Promise<T>,
): Promise<T> {
  let settled = false;
  promise.then(() => settled = true, () => settled = true);
  while (!settled) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    const due = clock.nextDueMs;
    if (settled || inFlight() > 0 || due === undefined) continue;
    await clock.advance(Math.max(0, due - clock.now()));
  }
  return promise;
}
