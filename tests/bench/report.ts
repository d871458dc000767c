/**
 * Results of benchmarks, printed as a table and as JSON.
 *
 * @module
 */

/** One number and what it must stay within. */
export interface Measurement {
  readonly what: string;
  readonly measured: number;
  /** Most that it may be. */
  readonly limit: number;
  readonly unit: string;
  /** Further facts for the reader. */
  readonly note?: string;
}

/** Prints measurements; the process ends with 1 if one is over its limit. */
export function report(bench: string, measurements: readonly Measurement[]): void {
  const rows = measurements.map(({ measured, limit, ...rest }) => ({
    ...rest,
    measured: Math.round(measured * 1000) / 1000,
    limit,
    pass: measured <= limit,
  }));
  // deno-lint-ignore no-console -- a benchmark's output
  console.table(Object.fromEntries(
    rows.map(({ what, measured, limit, unit, note, pass }) => [what, {
      measured,
      limit,
      unit,
      verdict: pass ? "pass" : "FAIL",
      note: note ?? "",
    }]),
  ));
  // deno-lint-ignore no-console -- a benchmark's output
  console.log(JSON.stringify({ bench, pass: rows.every(({ pass }) => pass), rows }));
  if (!rows.every(({ pass }) => pass)) Deno.exitCode = 1;
}

/** The middle one of several numbers. */
export function medianOf(numbers: readonly number[]): number {
  return rankedAt(numbers, 0.5);
}

/** The number that a tenth of them are below: times of runs that neighbours on the machine left alone. */
export function lowDecileOf(numbers: readonly number[]): number {
  return rankedAt(numbers, 0.1);
}

function rankedAt(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length * part)] ?? NaN;
}
