/**
 * Ranges on the command line: `a..b`, `a..`, `..b`, `a`.
 *
 * @module
 */

/** Both ends belong to it; an absent end is open. */
export interface Range {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/**
 * Reads a range.
 *
 * @param parse Reads one end; `undefined` if it cannot.
 * @returns `undefined` if the text is no range.
 */
export function parseRange(
  text: string,
  parse: (end: string) => number | undefined,
): Range | undefined {
  const dots = text.indexOf("..");
  const single = dots < 0 ? parse(text) : undefined;
  if (dots < 0) return single === undefined ? undefined : { min: single, max: single };
  const [low, high] = [text.slice(0, dots), text.slice(dots + 2)];
  if (low === "" && high === "") return undefined;
  const [min, max] = [low, high].map((end) => end === "" ? undefined : parse(end));
  if ((low !== "" && min === undefined) || (high !== "" && max === undefined)) return undefined;
  return { min, max };
}

/** Whether a value lies in a range. */
export function isInRange(value: number, { min, max }: Range): boolean {
  return (min === undefined || value >= min) && (max === undefined || value <= max);
}
