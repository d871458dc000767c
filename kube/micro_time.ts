/**
 * Kubernetes' `MicroTime`: RFC 3339 in UTC with exactly six digits of a second.
 *
 * @module
 */

/**
 * @param epochMs Milliseconds since the Unix epoch.
 * @returns For example `2026-01-01T00:00:00.000000Z`.
 */
export function toMicroTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace("Z", "000Z");
}
