/**
 * Lengths of time as kubectl writes them.
 *
 * @module
 */

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const yearMs = 365 * dayMs;

/**
 * A length of time in at most two units, as `k8s.io/apimachinery/pkg/util/duration` `HumanDuration`:
 * `40s`, `6m5s`, `90m`, `3h12m`, `12h`, `2d3h`, `12d`, `2y30d`.
 *
 * @param ms Milliseconds; slightly negative ones, from clocks that disagree, count as zero.
 */
export function formatAge(ms: number): string {
  if (ms < -secondMs) return "<invalid>";
  if (ms < 0) return "0s";
  const whole = (unit: number) => Math.floor(ms / unit);
  if (ms < 2 * minuteMs) return `${whole(secondMs)}s`;
  if (ms < 10 * minuteMs) return pair(whole(minuteMs), "m", whole(secondMs) % 60, "s");
  if (ms < 3 * hourMs) return `${whole(minuteMs)}m`;
  if (ms < 8 * hourMs) return pair(whole(hourMs), "h", whole(minuteMs) % 60, "m");
  if (ms < 2 * dayMs) return `${whole(hourMs)}h`;
  if (ms < 8 * dayMs) return pair(whole(dayMs), "d", whole(hourMs) % 24, "h");
  if (ms < 2 * yearMs) return `${whole(dayMs)}d`;
  if (ms < 8 * yearMs) return pair(whole(yearMs), "y", whole(dayMs) % 365, "d");
  return `${whole(yearMs)}y`;
}

/** The age of a moment; `<unknown>` without one. @param time RFC 3339. */
export function formatAgeOf(time: string | undefined, now: number): string {
  const at = time === undefined ? NaN : Date.parse(time);
  return Number.isNaN(at) ? "<unknown>" : formatAge(now - at);
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}
