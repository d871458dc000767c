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

/** What a request is for, in words every cloud shares. */
export type Purpose = "launch" | "terminate" | "get" | "list" | "offers" | "verify";

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

/** A provider, its cloud, and what lies between. */
export interface ProviderWorld {
  readonly provider: Provider;
  readonly clock: FakeClock;
  /** Key and user data: must appear nowhere. */
  readonly secrets: readonly string[];
  /** Everything logged and measured. */
  readonly recorder: Recorder;
  /** Requests that were handed to the network and have no answer yet. */
  inFlight(): number;
  /** Requests that reached the cloud. */
  requests(): readonly string[];
  /** Machines that exist or existed at the cloud. */
  machines(): readonly { readonly id: string; readonly name: string; readonly state: string }[];
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
  /** Lets machines that boot now finish booting. */
  boot(): Promise<void>;
  /** Refuses connections from now on. */
  disconnect(): void;
  close(): Promise<void>;
}

/** Makes worlds of one cloud. */
export interface ProviderHarness {
  readonly cloud: string;
  create(transport: "in process" | "over sockets"): Promise<ProviderWorld>;
}

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
