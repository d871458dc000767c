/**
 * Amounts of US dollars in tables. JSON and YAML never round.
 *
 * @module
 */

/**
 * A decimal string rounded to cents: `"2.390001"` → `"2.39"`. An amount of less than half a cent keeps
 * its first digit that is not zero, so that it does not read as free.
 *
 * @param amount As in a resource.
 */
export function roundAmount(amount: string): string {
  const value = Number(amount);
  if (value > 0 && value < 0.005) return value.toPrecision(1);
  return value.toFixed(2);
}

/** The sum of decimal strings, exact to millionths. */
export function sumAmounts(amounts: Iterable<string>): string {
  let micros = 0;
  for (const amount of amounts) micros += Math.round(Number(amount) * 1e6);
  return String(micros / 1e6);
}
