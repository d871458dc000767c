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
 * @param date The answer's `Date` header: the other side's clock need not agree with ours.
 */
export function parseRetryAfterMs(
  header: string | null,
  now: number,
  date: string | null = null,
): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}(\.\d{1,3})?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const until = parseHttpDate(text);
  return until === undefined ? undefined : Math.max(0, until - (parseHttpDate(date ?? "") ?? now));
}

/** `Date.parse` reads far more than HTTP dates; only what starts with a weekday is one. */
function parseHttpDate(text: string): number | undefined {
  const date = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : date;
}
