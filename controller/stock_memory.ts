/**
 * Remembers which offers were sold out, so that the next order goes elsewhere first.
 *
 * One entry per (account, region, instance type, capacity type), growing from a minute to an hour,
 * halved when the vendor's own stock signal turns from no to yes. The memory survives restarts in a
 * ConfigMap per account.
 *
 * @module
 */

import type { Offer } from "../providers/contract.ts";
import { computeBackoffMs } from "../runtime/backoff.ts";
import type { Random } from "../runtime/random.ts";
import { formatTime, parseTime } from "../schemas/conditions.ts";

/** What is remembered about one sold-out offer. */
export interface StockEntry {
  readonly failures: number;
  /** Not tried before this time; epoch milliseconds. */
  readonly until: number;
  /** The vendor's last words. */
  readonly message: string;
}

/** Entries by offer id. */
export type StockMemory = ReadonlyMap<string, StockEntry>;

/** One minute: long enough not to probe stock with launches. One hour: sold-out types come back within a day, not a minute. */
const backoff = { initialMs: 60_000, maxMs: 3_600_000 } as const;

/** The memory after one more refusal for lack of capacity. */
export function rememberSoldOut(
  memory: StockMemory,
  offerId: string,
  message: string,
  now: number,
  random: Random,
): StockMemory {
  const failures = (memory.get(offerId)?.failures ?? 0) + 1;
  const until = now + computeBackoffMs(backoff, failures, random);
  return new Map(memory).set(offerId, { failures, until, message });
}

/** The memory after a machine of an offer has run: nothing is held against it. */
export function forget(memory: StockMemory, offerId: string): StockMemory {
  const next = new Map(memory);
  next.delete(offerId);
  return next;
}

/** Whether an offer is not to be tried now. */
export function isSoldOut(memory: StockMemory, offerId: string, now: number): boolean {
  const entry = memory.get(offerId);
  return entry !== undefined && entry.until > now;
}

/** The memory after a refresh: what turned from unavailable to available waits half as long. */
export function applyStockSignal(
  memory: StockMemory,
  previous: readonly Offer[],
  next: readonly Offer[],
  now: number,
): StockMemory {
  const wasAvailable = new Set(previous.filter((offer) => offer.available).map(({ id }) => id));
  const updated = new Map(memory);
  for (const offer of next) {
    const entry = updated.get(offer.id);
    if (!entry || entry.until <= now || !offer.available || wasAvailable.has(offer.id)) continue;
    updated.set(offer.id, { ...entry, until: now + (entry.until - now) / 2 });
  }
  return updated;
}

/** Drops entries that ended more than a day ago; until then they keep their growth. */
export function pruneStock(memory: StockMemory, now: number): StockMemory {
  return new Map([...memory].filter(([, entry]) => entry.until > now - 86_400_000));
}

/** The ConfigMap data of a memory: one JSON line per offer. */
export function encodeStock(memory: StockMemory): Record<string, string> {
  return Object.fromEntries(
    [...memory].sort(([left], [right]) => left < right ? -1 : 1).map(([id, entry]) => [
      id,
      JSON.stringify({ ...entry, until: formatTime(entry.until) }),
    ]),
  );
}

/** Reads ConfigMap data; lines that cannot be read are dropped, which only costs a probe. */
export function decodeStock(data: Readonly<Record<string, string>> | undefined): StockMemory {
  const memory = new Map<string, StockEntry>();
  for (const [id, line] of Object.entries(data ?? {})) {
    try {
      const { failures, until, message } = JSON.parse(line);
      if (typeof failures !== "number" || typeof until !== "string") continue;
      memory.set(id, { failures, until: parseTime(until), message: String(message) });
    } catch {
      continue;
    }
  }
  return memory;
}
