/**
 * The verdict on one write. Pure.
 *
 * Deletions always pass, and so does what leaves the spec as it is (status, labels, finalizers) or is
 * being deleted: nothing that is on its way out can be held up here, whatever rules came after it was stored. Where a spec
 * changes, what was wrong with the stored one already and is no worse now is only warned of, as the API
 * server does for schemas: rules may be added without locking anybody out.
 *
 * @module
 */

import type { AdmissionRequest } from "./admission_review.ts";
import type { AdmissionContext } from "./context/admission_context.ts";
import { findExcess } from "./excess.ts";
import { findJudge, type Judge } from "./judged_kinds.ts";
import { deny, formatViolation, type Violation } from "./rules/violation.ts";
import { isSameJson } from "./same_json.ts";

/** What becomes of a write. */
export type Verdict =
  | { readonly kind: "allowed"; readonly warnings: readonly Violation[] }
  | {
    readonly kind: "denied";
    readonly denials: readonly Violation[];
    readonly warnings: readonly Violation[];
  }
  /** The webhook was asked about what it does not know. */
  | { readonly kind: "misdirected" };

const passed: Verdict = Object.freeze({ kind: "allowed", warnings: [] });

/** Judges a write. */
export function judgeReview(request: AdmissionRequest, context: AdmissionContext): Verdict {
  const judge = findJudge(request.kind);
  if (judge === undefined) return { kind: "misdirected" };
  const { operation, subResource = "", object, oldObject } = request;
  if (operation === "DELETE" || operation === "CONNECT" || subResource !== "") return passed;
  const before = operation === "UPDATE" ? oldObject : undefined;
  if (before !== undefined && (isLeaving(object) || isSameJson(specOf(object), specOf(before)))) {
    return passed;
  }
  const excess = request.isLarge ? findExcess(specOf(object)) : undefined;
  if (excess !== undefined) {
    const denial = deny("spec", `${excess}, more than any such object has`);
    return { kind: "denied", denials: [denial], warnings: [] };
  }
  const { readable, violations } = judge(object, context);
  if (violations.length === 0) return passed;
  const warnings = violations.filter(({ effect }) => effect === "warn");
  const denials = violations.filter(({ effect }) => effect === "deny");
  if (denials.length === 0) return { kind: "allowed", warnings };
  const known = before === undefined || !readable || findExcess(specOf(before)) !== undefined
    ? []
    : findKnown(denials, judge, before, context);
  const left = denials.filter((denial) => !known.includes(denial));
  const told = [...known, ...warnings];
  return left.length === 0
    ? { kind: "allowed", warnings: told }
    : { kind: "denied", denials: left, warnings: told };
}

/** The denials that the stored object would have had, too. */
function findKnown(
  denials: readonly Violation[],
  judge: Judge,
  before: unknown,
  context: AdmissionContext,
): readonly Violation[] {
  const old = new Set(judge(before, context).violations.map(formatViolation));
  return denials.filter((denial) => old.has(formatViolation(denial)));
}

function specOf(object: unknown): unknown {
  return memberOf(object, "spec");
}

function isLeaving(object: unknown): boolean {
  return typeof memberOf(memberOf(object, "metadata"), "deletionTimestamp") === "string";
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
