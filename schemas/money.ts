/**
 * Money: exact, in US dollars, never a bare number.
 *
 * @module
 */

import { z } from "zod";

declare const brand: unique symbol;

/** US dollars in whole micro-dollars (millionths), exact up to nine billion dollars. */
export type MicroUsd = number & { readonly [brand]: "MicroUsd" };

const microsPerDollar = 1_000_000;
const hourMs = 3_600_000;
const pattern = /^\d{1,9}(\.\d{1,6})?$/;

/** No money. */
export const zeroUsd: MicroUsd = 0 as MicroUsd;

/**
 * Reads a decimal string such as `"2.39"`.
 *
 * @throws {RangeError} If the text is not a non-negative decimal with at most six places.
 */
export function parseUsd(text: string): MicroUsd {
  if (!pattern.test(text)) {
    throw new RangeError(
      `Cannot read price "${text}": write US dollars as a decimal string such as "2.39", at most six places`,
    );
  }
  const [whole = "0", fraction = ""] = text.split(".");
  return (Number(whole) * microsPerDollar + Number(fraction.padEnd(6, "0"))) as MicroUsd;
}

/** Whole US cents, as vendors such as Lambda write prices. */
export function usdFromCents(cents: number): MicroUsd {
  return Math.round(cents * 10_000) as MicroUsd;
}

/** US dollars as vendors such as RunPod write prices: as a number, to the nearest millionth. */
export function usdFromDollars(dollars: number): MicroUsd {
  return Math.round(dollars * microsPerDollar) as MicroUsd;
}

/** The shortest exact decimal string, with at least two places: `"2.39"`, `"0.125"`. */
export function formatUsd(amount: MicroUsd): string {
  const whole = Math.floor(amount / microsPerDollar);
  const fraction = String(amount % microsPerDollar).padStart(6, "0");
  return `${whole}.${fraction.replace(/0{1,4}$/, "")}`;
}

/** Rounded to cents for people: `"$2.39"`. Never parse this. */
export function displayUsd(amount: MicroUsd): string {
  return `$${(amount / microsPerDollar).toFixed(2)}`;
}

/** The sum of amounts. */
export function sumUsd(amounts: Iterable<MicroUsd>): MicroUsd {
  let total = 0;
  for (const amount of amounts) total += amount;
  return total as MicroUsd;
}

/** `amount` times a factor, rounded up: estimates err on the dear side. */
export function multiplyUsd(amount: MicroUsd, factor: number): MicroUsd {
  return Math.ceil(amount * factor) as MicroUsd;
}

/** One `count`th of an amount, rounded up. */
export function divideUsd(amount: MicroUsd, count: number): MicroUsd {
  return Math.ceil(amount / count) as MicroUsd;
}

/** The larger of two amounts. */
export function maxUsd(left: MicroUsd, right: MicroUsd): MicroUsd {
  return left > right ? left : right;
}

/**
 * What `durationMs` milliseconds at `perHour` cost when the vendor bills started increments.
 *
 * @param incrementMs The vendor's billing increment; partial increments count whole.
 */
export function costUsd(perHour: MicroUsd, durationMs: number, incrementMs: number): MicroUsd {
  const billedMs = Math.ceil(Math.max(0, durationMs) / incrementMs) * incrementMs;
  return Math.ceil((perHour * billedMs) / hourMs) as MicroUsd;
}

/** A price or an amount in a resource: a decimal string on the wire, {@linkcode MicroUsd} in code. */
export const usdSchema: z.ZodCodec<z.ZodString, z.ZodCustom<MicroUsd, MicroUsd>> = z.codec(
  z.string().max(17).regex(pattern, 'must be US dollars as a decimal string such as "2.39"'),
  z.custom<MicroUsd>((value) => typeof value === "number"),
  { decode: parseUsd, encode: formatUsd },
);

/**
 * More than zero, no leading zeros; spelled out because the API server's regular expressions have no
 * lookahead.
 */
const positivePattern =
  /^([1-9]\d{0,8}(\.\d{1,6})?|0\.([1-9]\d{0,5}|0[1-9]\d{0,4}|00[1-9]\d{0,3}|000[1-9]\d{0,2}|0000[1-9]\d?|00000[1-9]))$/;

/** Like {@linkcode usdSchema}, but more than zero: a cap or a limit of nothing would be a trap. */
export const positiveUsdSchema: typeof usdSchema = z.codec(
  z.string().max(17).regex(
    positivePattern,
    'must be more than zero US dollars as a decimal string such as "2.39"',
  ),
  z.custom<MicroUsd>((value) => typeof value === "number"),
  { decode: parseUsd, encode: formatUsd },
);
