/**
 * Requirements as text: in the canonical form that resources store, and in words.
 *
 * @module
 */

import type { Requirement } from "../schemas/meta.ts";
import {
  type Condition,
  hasBounds,
  isUnsatisfiable,
  maxInteger,
  type Requirements,
} from "./requirements.ts";

/** A requirement lists at most this many values (the resources' schema). */
const maxValues = 64;

/**
 * The canonical list for a resource: sorted by key; In, or Exists, NotIn, Gt and Lt as needed.
 *
 * @throws {RangeError} If a key is unsatisfiable: there is no way to write that.
 */
export function formatRequirements(requirements: Requirements): Requirement[] {
  const byKey = [...requirements].sort(([left], [right]) => left < right ? -1 : 1);
  return byKey.flatMap(([key, condition]) => formatCondition(key, condition));
}

/** One condition for people: `in (us, ca)`, `not in (arm64)`, `> 4`, `present`, `absent`. */
export function describeCondition(condition: Condition): string {
  if (isUnsatisfiable(condition)) return "nothing";
  const parts = formatCondition("key", condition).map(({ operator, values = [] }) => {
    switch (operator) {
      case "In":
        return `in (${values.join(", ")})`;
      case "NotIn":
        return `not in (${values.join(", ")})`;
      case "Gt":
        return `> ${values[0]}`;
      case "Lt":
        return `< ${values[0]}`;
      case "Exists":
        return "present";
      case "DoesNotExist":
        return "absent";
    }
  });
  return parts.join(" and ") || "anything";
}

function formatCondition(key: string, condition: Condition): Requirement[] {
  if (isUnsatisfiable(condition)) {
    throw new RangeError(`Cannot write requirement on "${key}": nothing satisfies it`);
  }
  const { values, complement, min, max, absent } = condition;
  const sorted = [...values].sort();
  if (!complement) {
    if (sorted.length === 0) return [{ key, operator: "DoesNotExist" }];
    return [{ key, operator: "In", values: sorted }];
  }
  const lines: Requirement[] = [];
  if (min !== undefined && min > 0) lines.push({ key, operator: "Gt", values: [String(min - 1)] });
  if (max !== undefined && max < maxInteger) {
    lines.push({ key, operator: "Lt", values: [String(max + 1)] });
  }
  // "An integer of any size" has no bound of its own to write.
  if (hasBounds(condition) && lines.length === 0) {
    lines.push({ key, operator: "Lt", values: [String(maxInteger)] });
  }
  if (!absent && !hasBounds(condition)) lines.push({ key, operator: "Exists" });
  for (let start = 0; start < sorted.length; start += maxValues) {
    lines.push({ key, operator: "NotIn", values: sorted.slice(start, start + maxValues) });
  }
  return lines;
}
