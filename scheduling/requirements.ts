/**
 * The algebra of conditions on labels.
 *
 * Per label key a condition says which values are allowed and whether the label may be absent. The
 * values are a finite set, or everything but a finite set, within integer bounds; that form is closed
 * under intersection, so any mix of In, NotIn, Exists, DoesNotExist, Gt and Lt on one key has exactly
 * one canonical form.
 *
 * | operator     | values allowed       | absent allowed |
 * | ------------ | -------------------- | -------------- |
 * | In           | the listed           | no             |
 * | NotIn        | all but the listed   | yes            |
 * | Exists       | all                  | no             |
 * | DoesNotExist | none                 | yes            |
 * | Gt, Lt       | integers in bounds   | no             |
 *
 * @module
 */

import { labelOf } from "./label_of.ts";
import type { Requirement } from "../schemas/meta.ts";

/** Largest integer that Gt and Lt can name: nine digits, as the resources' schema allows. */
export const maxInteger = 999_999_999;
const integerPattern = /^[0-9]+$/;

/** What is allowed for one label. */
export interface Condition {
  /** Allowed values, or with `complement` the forbidden ones; already within the bounds if finite. */
  readonly values: ReadonlySet<string>;
  readonly complement: boolean;
  /** Smallest integer allowed; set together with `complement` only. */
  readonly min?: number | undefined;
  /** Largest integer allowed. */
  readonly max?: number | undefined;
  /** Whether the label may be missing. */
  readonly absent: boolean;
}

/** Conditions by label key; a key that is missing is unconstrained. */
export type Requirements = ReadonlyMap<string, Condition>;

/** No condition at all. */
export const noRequirements: Requirements = new Map();

/** Two requirements on one key that exclude each other. */
export interface Conflict {
  readonly key: string;
  readonly left: Condition;
  readonly right: Condition;
}

const anything: Condition = Object.freeze({
  values: new Set<string>(),
  complement: true,
  absent: true,
});

/**
 * Reads requirements as they are written in resources and node selectors; several on one key must all
 * hold. A result can be unsatisfiable: see {@linkcode findUnsatisfiable}.
 *
 * @throws {RangeError} If Gt or Lt do not have exactly one integer of at most nine digits.
 */
export function parseRequirements(
  requirements: readonly {
    readonly key: string;
    readonly operator: Requirement["operator"];
    readonly values?: readonly string[] | undefined;
  }[] = [],
): Requirements {
  const parsed = new Map<string, Condition>();
  for (const { key, operator, values = [] } of requirements) {
    const condition = parseCondition(key, operator, values);
    const previous = parsed.get(key);
    parsed.set(key, previous ? intersectConditions(previous, condition) : condition);
  }
  return parsed;
}

/** The requirements that labels with exactly these values meet: In for each. */
export function requirementsOfLabels(labels: Readonly<Record<string, string>>): Requirements {
  return new Map(
    Object.entries(labels).map(([key, value]) => [key, oneOf([value])]),
  );
}

/** Everything that both sides allow. */
export function intersect(left: Requirements, right: Requirements): Requirements {
  if (right.size === 0) return left;
  const both = new Map(left);
  for (const [key, condition] of right) {
    const other = both.get(key);
    both.set(key, other ? intersectConditions(other, condition) : condition);
  }
  return both;
}

/** The first key (in alphabetical order) on which the two sides have nothing in common. */
export function findConflict(left: Requirements, right: Requirements): Conflict | undefined {
  const shared = [...right.keys()].filter((key) => left.has(key)).sort();
  for (const key of shared) {
    const [ours = anything, theirs = anything] = [left.get(key), right.get(key)];
    if (isUnsatisfiable(intersectConditions(ours, theirs))) {
      return { key, left: ours, right: theirs };
    }
  }
  return undefined;
}

/** The first key (in alphabetical order) that no label, present or absent, can satisfy. */
export function findUnsatisfiable(requirements: Requirements): string | undefined {
  return [...requirements.keys()].sort().find((key) =>
    isUnsatisfiable(requirements.get(key) ?? anything)
  );
}

/** Whether a value, or with `undefined` the label's absence, is allowed. */
export function allows(condition: Condition, value: string | undefined): boolean {
  if (value === undefined) return condition.absent;
  if (!condition.complement) return condition.values.has(value);
  return !condition.values.has(value) && withinBounds(condition, value);
}

/** The first key (in order of insertion) whose label is not allowed. */
export function findViolated(
  requirements: Requirements,
  labels: Readonly<Record<string, string>>,
): string | undefined {
  for (const [key, condition] of requirements) {
    if (!allows(condition, labelOf(labels, key))) return key;
  }
  return undefined;
}

/** Whether labels meet all requirements. */
export function satisfies(
  labels: Readonly<Record<string, string>>,
  requirements: Requirements,
): boolean {
  return findViolated(requirements, labels) === undefined;
}

/**
 * Whether everything that `narrow` allows is allowed by `wide`: a node of which only `narrow` is known
 * is certain to meet `wide`.
 */
export function isSubset(narrow: Requirements, wide: Requirements): boolean {
  for (const [key, condition] of wide) {
    if (!isSubsetCondition(narrow.get(key) ?? anything, condition)) return false;
  }
  return true;
}

/** Whether the requirements list `value` for `key` by name (In), as unknown GPU models demand. */
export function names(requirements: Requirements, key: string, value: string): boolean {
  const condition = requirements.get(key);
  return condition !== undefined && !condition.complement && condition.values.has(value);
}

function parseCondition(
  key: string,
  operator: Requirement["operator"],
  values: readonly string[],
): Condition {
  switch (operator) {
    case "In":
      return oneOf(values);
    case "NotIn":
      return { values: new Set(values), complement: true, absent: true };
    case "Exists":
      return { values: new Set(), complement: true, absent: false };
    case "DoesNotExist":
      return { values: new Set(), complement: false, absent: true };
    case "Gt":
      return { ...anything, min: parseBound(key, operator, values) + 1, absent: false };
    case "Lt":
      return { ...anything, max: parseBound(key, operator, values) - 1, absent: false };
  }
}

function parseBound(key: string, operator: string, values: readonly string[]): number {
  const [value = ""] = values;
  // A label value cannot begin with a minus sign, so any negative bound is as good as -1.
  if (values.length === 1 && /^-[0-9]+$/.test(value)) return -1;
  if (values.length !== 1 || !integerPattern.test(value) || Number(value) > maxInteger) {
    throw new RangeError(
      `Cannot read requirement on "${key}": ${operator} needs exactly one integer of at most nine digits, not (${
        values.join(", ")
      })`,
    );
  }
  return Number(value);
}

function oneOf(values: Iterable<string>): Condition {
  return { values: new Set(values), complement: false, absent: false };
}

function intersectConditions(left: Condition, right: Condition): Condition {
  const absent = left.absent && right.absent;
  if (!left.complement || !right.complement) {
    const [finite, other] = left.complement ? [right, left] : [left, right];
    const values = new Set([...finite.values].filter((value) => allows(other, value)));
    return { values, complement: false, absent };
  }
  const min = larger(left.min, right.min);
  const max = smaller(left.max, right.max);
  if (min !== undefined && max !== undefined && min > max) {
    return { values: new Set(), complement: false, absent };
  }
  const values = new Set([...left.values, ...right.values]);
  // Forbidden values outside the bounds say nothing; dropping them keeps the form canonical.
  const bounded = { values: new Set<string>(), complement: true, min, max, absent };
  const relevant = [...values].filter((value) => withinBounds(bounded, value));
  return { ...bounded, values: new Set(relevant) };
}

/** Whether neither any value nor the label's absence is allowed. */
export function isUnsatisfiable({ values, complement, min, max, absent }: Condition): boolean {
  if (absent) return false;
  if (!complement) return values.size === 0;
  if (max === undefined) return false;
  // Bounds with everything between them forbidden, as in Gt 1, Lt 3, NotIn 2. Labels such as "02" are
  // other spellings of the same integer and stay possible in theory; nobody writes them.
  const lowest = min ?? 0;
  if (max - lowest >= values.size) return false;
  for (let integer = lowest; integer <= max; integer++) {
    if (!values.has(String(integer))) return false;
  }
  return true;
}

function isSubsetCondition(narrow: Condition, wide: Condition): boolean {
  if (narrow.absent && !wide.absent) return false;
  if (!narrow.complement) return [...narrow.values].every((value) => allows(wide, value));
  if (!wide.complement) return false;
  if (wide.min !== undefined && (narrow.min ?? -Infinity) < wide.min) {
    if (wide.min > 0 || !hasBounds(narrow)) return false;
  }
  if (wide.max !== undefined && (narrow.max ?? Infinity) > wide.max) return false;
  return [...wide.values].every((value) => !allows(narrow, value));
}

function withinBounds(condition: Condition, value: string): boolean {
  if (!hasBounds(condition)) return true;
  if (!integerPattern.test(value)) return false;
  const integer = Number(value);
  return integer >= (condition.min ?? -Infinity) && integer <= (condition.max ?? Infinity);
}

/** Whether only integers are allowed. */
export function hasBounds({ min, max }: Condition): boolean {
  return min !== undefined || max !== undefined;
}

function larger(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.max(left, right);
}

function smaller(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.min(left, right);
}
