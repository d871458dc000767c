/**
 * Requirements that contradict each other, or the labels that nodes get.
 *
 * @module
 */

import {
  allows,
  type Condition,
  findUnsatisfiable,
  intersect,
  isUnsatisfiable,
  parseRequirements,
  type Requirements,
} from "../../../scheduling/requirements.ts";
import { describeCondition } from "../../../scheduling/requirement_text.ts";
import type { Requirement } from "../../../schemas/meta.ts";
import type { NodeTerms } from "./node_terms.ts";
import { deny, type Violation } from "./violation.ts";

/** What requirements come to, or why they come to nothing. */
export type ReadRequirements =
  | { readonly kind: "possible"; readonly requirements: Requirements }
  | { readonly kind: "impossible"; readonly violations: readonly Violation[] };

/** Reads requirements. */
export function readRequirements(terms: NodeTerms): ReadRequirements {
  const read = tryParseRequirements(terms.requirements.value);
  if (read !== undefined && findUnsatisfiable(read) === undefined) {
    const violations = findForbiddenLabels(terms, read);
    if (violations.length === 0) return { kind: "possible", requirements: read };
    return { kind: "impossible", violations };
  }
  return { kind: "impossible", violations: findContradictions(terms) };
}

/** Reads requirements; `undefined` where one is not as the schema's rules want it. */
export function tryParseRequirements(
  requirements: readonly Requirement[],
): Requirements | undefined {
  try {
    return parseRequirements(requirements);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

/** Goes through the requirements one by one, and names each that cannot hold beside those before it. */
function findContradictions({ requirements: { value, path } }: NodeTerms): readonly Violation[] {
  const violations: Violation[] = [];
  const earlier = new Map<
    string,
    { readonly index: number; readonly requirements: Requirements }
  >();
  for (const [index, requirement] of value.entries()) {
    const { key } = requirement;
    const own = tryParseRequirements([requirement]);
    const wanted = own?.get(key);
    if (own === undefined || wanted === undefined || isUnsatisfiable(wanted)) {
      violations.push(deny(`${path}[${index}]`, explainAlone(requirement)));
      continue;
    }
    const before = earlier.get(key);
    const both = before === undefined ? own : intersect(before.requirements, own);
    if (before !== undefined && findUnsatisfiable(both) !== undefined) {
      const other = describe(before.requirements.get(key));
      violations.push(deny(
        `${path}[${index}]`,
        `${key} must be ${describe(wanted)} here, and ${other} by requirements[${before.index}]`,
        "no machine can be both: remove or correct one of them",
      ));
    } else earlier.set(key, { index, requirements: both });
  }
  return violations;
}

/** Mostly what the schema's rules say; they come first, so that only tests get here. */
function explainAlone({ key, operator, values = [] }: Requirement): string {
  if (operator === "In") return "In needs at least one value";
  const [value = ""] = values;
  return values.length === 1 && /^[0-9]{1,9}$/.test(value)
    ? `no value of ${key} is less than ${value}`
    : `${operator} needs exactly one integer of up to nine digits`;
}

/** The template's labels are on every node, so requirements on them are decided already. */
function findForbiddenLabels(
  { requirements, labels }: NodeTerms,
  read: Requirements,
): readonly Violation[] {
  const violations: Violation[] = [];
  for (const key in labels.value) {
    const condition = read.get(key);
    const value = labels.value[key];
    if (condition === undefined || allows(condition, value)) continue;
    const index = requirements.value.findIndex((one) =>
      one.key === key && !allows(parseRequirements([one]).get(key) ?? condition, value)
    );
    violations.push(deny(
      `${requirements.path}[${index}]`,
      `${key} must be ${describe(condition)}, but ${labels.path} gives every node "${value}"`,
      "correct the label or the requirement",
    ));
  }
  return violations;
}

function describe(condition: Condition | undefined): string {
  return condition === undefined ? "anything" : describeCondition(condition);
}
