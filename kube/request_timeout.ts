/**
 * The value of `--request-timeout`.
 *
 * @module
 */

import { KubeconfigError } from "./errors.ts";

const unitsMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/**
 * Parses what kubectl accepts: whole seconds (`30`), or a duration (`1m30s`, `500ms`); 0 is no limit.
 *
 * @returns Milliseconds.
 * @throws {KubeconfigError} If the value is neither.
 */
export function parseRequestTimeoutMs(value: string): number {
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  if (/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(value)) {
    let totalMs = 0;
    for (const [, amount, unit] of value.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)) {
      totalMs += Number(amount) * (unitsMs[unit ?? ""] ?? 0);
    }
    return totalMs;
  }
  throw new KubeconfigError(
    `Cannot use --request-timeout "${value}": it must be whole seconds or a duration, such as 30s or 2m`,
  );
}
