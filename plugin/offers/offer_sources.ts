/**
 * Offers, and who gave them.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import { formatAge } from "../output/age.ts";

/** One account that was asked. */
export interface OfferSource {
  readonly provider: string;
  /** The entry of the class's providers. */
  readonly account: string;
  /** The GPUNodeClass; `undefined` with `--local`, unless it was named. */
  readonly nodeClass: string | undefined;
  readonly state: "ok" | "failed";
  /** When its offers were read, in epoch milliseconds; `undefined` if they never were. */
  readonly readAt: number | undefined;
  /** Why it failed, or why nobody asks it any more. */
  readonly error: string | undefined;
  /** Whether it failed because the cloud rejects the key. */
  readonly unauthorized: boolean;
}

/** Offers of every account that answered. */
export interface OfferReading {
  readonly sources: readonly OfferSource[];
  readonly offers: readonly Offer[];
}

/** How far a source is to be relied on. */
export type SourceState = "ok" | "stale" | "failed";

/** Twice as old as the controller lets its published offers become. */
const staleMs = 20 * 60_000;

/** Judges a source. @param now Epoch milliseconds. */
export function judgeSource({ state, readAt }: OfferSource, now: number): SourceState {
  if (state === "failed") return "failed";
  return readAt !== undefined && now - readAt > staleMs ? "stale" : "ok";
}

/** One line for every source that did not answer, and why. @param now Epoch milliseconds. */
export function describeSilentSources(
  sources: readonly OfferSource[],
  now: number,
): readonly string[] {
  const classes = new Set(sources.map(({ nodeClass }) => nodeClass));
  return sources.flatMap((source) => {
    const { account, nodeClass, readAt, error } = source;
    const who = classes.size > 1 ? `${nodeClass}/${account}` : account;
    const old = readAt === undefined ? undefined : `${formatAge(now - readAt)} old`;
    switch (judgeSource(source, now)) {
      case "ok":
        return [];
      case "stale":
        return [`${who}: offers are ${old}${error === undefined ? "" : `: ${error}`}`];
      case "failed":
        return [`${who}: ${error ?? "no answer"}${old ? ` (offers shown are ${old})` : ""}`];
    }
  });
}
