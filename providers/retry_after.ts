/**
 * The `Retry-After` header.
 *
 * @module
 */

/**
 * Milliseconds that a `Retry-After` header asks to wait, given as seconds or as an HTTP date;
 * `undefined` when absent or unreadable. A date in the past is zero.
 *
 * @param now Epoch milliseconds, for dates.
 */
export function parseRetryAfterMs(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}(\.\d{1,3})?$/.test(text)) return Math.ceil(Number(text) * 1000);
  // Date.parse reads far more than HTTP dates; only what starts with a weekday is one.
  const date = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
