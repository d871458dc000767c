/**
 * Durations as `kubectl get` shows them.
 *
 * Follows k8s.io/apimachinery `pkg/util/duration/duration.go` (`HumanDuration`), v0.36.0.
 *
 * @module
 */

/** A duration in milliseconds as two to three significant digits: `5s`, `3m12s`, `26h`, `12d`. */
export function toHumanDuration(durationMs: number): string {
  const seconds = Math.trunc(durationMs / 1000);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return withRest(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return withRest(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  if (hours < 24 * 8) return withRest(Math.trunc(hours / 24), "d", hours % 24, "h");
  if (hours < 24 * 365 * 2) return `${Math.trunc(hours / 24)}d`;
  const years = Math.trunc(hours / 24 / 365);
  if (hours < 24 * 365 * 8) return withRest(years, "y", Math.trunc(hours / 24) % 365, "d");
  return `${years}y`;
}

function withRest(value: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${value}${unit}` : `${value}${unit}${rest}${restUnit}`;
}

/** The time since a timestamp, or `<unknown>` without one. */
export function toAge(timestamp: unknown, nowMs: number): string {
  const sinceMs = typeof timestamp === "string" ? Date.parse(timestamp) : NaN;
  return Number.isNaN(sinceMs) ? "<unknown>" : toHumanDuration(nowMs - sinceMs);
}
