/**
 * Which published records have lost what they are about. Pure.
 *
 * @module
 */

/** A record has outlived its subject for certain when nothing has referred to it for this long, in milliseconds. */
const patienceMs = 60_000;

/** Since when each record has been missed by everybody; `undefined` while somebody refers to it. */
export type KnownRecords = ReadonlyMap<string, number | undefined>;

/** What is known now, and what is to go. */
export interface StaleRecords {
  readonly known: KnownRecords;
  readonly stale: readonly string[];
}

/**
 * Compares what is stored with what is referred to. A class that is replaced is away for a moment: only
 * what has been missed for a minute goes.
 *
 * @param wanted Keys that somebody refers to; they count as stored from now on.
 */
export function findStaleRecords(
  known: KnownRecords,
  wanted: ReadonlySet<string>,
  now: number,
): StaleRecords {
  const next = new Map<string, number | undefined>();
  const stale: string[] = [];
  for (const key of new Set([...known.keys(), ...wanted])) {
    const missedSince = wanted.has(key) ? undefined : known.get(key) ?? now;
    if (missedSince !== undefined && now - missedSince >= patienceMs) stale.push(key);
    else next.set(key, missedSince);
  }
  return { known: next, stale };
}

/**
 * Names with a dash where today's have a dot: before, class `a-b` with account `c` shared its records with
 * class `a` and account `b-c`.
 */
export function isOldName(name: string): boolean {
  return /^tgp-(offers|stock)-[^.]+$/.test(name);
}
