/**
 * Durations in Kubernetes notation (`"15m"`, `"1h30m"`), turned into milliseconds once.
 *
 * @module
 */

import { z } from "zod";
import { celMatches } from "./rules/cel.ts";

declare const brand: unique symbol;

/** A length of time in whole milliseconds. */
export type DurationMs = number & { readonly [brand]: "DurationMs" };

const pattern = /^([0-9]{1,6}(ms|s|m|h))+$/;
const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/**
 * Reads a duration such as `"15m"` or `"1h30m"`; units are h, m, s and ms.
 *
 * @throws {RangeError} If the text is not such a duration.
 */
export function parseDuration(text: string): DurationMs {
  if (!pattern.test(text)) {
    throw new RangeError(
      `Cannot read duration "${text}": write hours, minutes and seconds such as "1h30m"`,
    );
  }
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|s|m|h)/g)) {
    total += Number(amount) * unitMs[unit as keyof typeof unitMs];
  }
  return total as DurationMs;
}

/** The canonical notation: `"1h30m"`, `"45s"`, `"0s"`. */
export function formatDuration(durationMs: DurationMs): string {
  let rest: number = durationMs;
  let text = "";
  for (const unit of ["h", "m", "s", "ms"] as const) {
    const count = Math.floor(rest / unitMs[unit]);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * unitMs[unit];
  }
  return text || "0s";
}

/** A duration given in minutes, for documented defaults. */
export function minutes(count: number): DurationMs {
  return (count * unitMs.m) as DurationMs;
}

/** A duration given in seconds, for documented defaults. */
export function seconds(count: number): DurationMs {
  return (count * unitMs.s) as DurationMs;
}

/** A duration in a resource: a Kubernetes string on the wire, {@linkcode DurationMs} in code. */
export const durationSchema: z.ZodCodec<z.ZodString, z.ZodCustom<DurationMs, DurationMs>> = z.codec(
  z.string().max(32).regex(pattern, 'must be a duration such as "15m" or "1h30m"'),
  z.custom<DurationMs>((value) => typeof value === "number"),
  { decode: parseDuration, encode: formatDuration },
);

/**
 * Like {@linkcode durationSchema}, within bounds that the API server checks when somebody writes it. What
 * was stored before stays readable.
 *
 * @param bounds `max` as a duration such as `"24h"`; `zero`: whether no time at all makes sense.
 */
export function boundedDuration(
  { max, zero }: { readonly max: string; readonly zero: boolean },
): typeof durationSchema {
  const least = zero ? "" : " && duration(self) > duration('0s')";
  return durationSchema.meta({
    cel: [{
      // What is no duration at all is told so by the other rule.
      rule: `!${celMatches("self", pattern)} || (duration(self) <= duration('${max}')${least})`,
      message: zero ? `must be at most ${max}` : `must be more than zero and at most ${max}`,
    }],
  });
}
