/**
 * The verdict on one write. Pure.
 *
 * Deletions always pass, and so does what leaves the spec as it is: status, labels, finalizers. Nothing
 * that is on its way out can be held up here, whatever rules came after it was stored.
 *
 * @module
 */

import type { AdmissionContext } from "./admission_context.ts";
import type { AdmissionRequest } from "./admission_review.ts";
import { findJudge } from "./judged_kinds.ts";
import { isSameJson } from "./same_json.ts";
import type { Violation } from "./violation.ts";

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

const allowed: Verdict = Object.freeze({ kind: "allowed", warnings: [] });

/** Judges a write. */
export function judgeReview(request: AdmissionRequest, context: AdmissionContext): Verdict {
  const judge = findJudge(request.kind);
  if (judge === undefined) return { kind: "misdirected" };
  if (request.operation === "DELETE" || request.operation === "CONNECT") return allowed;
  if (request.subResource !== undefined && request.subResource !== "") return allowed;
  const isUpdate = request.operation === "UPDATE";
  if (isUpdate && isSameJson(specOf(request.object), specOf(request.oldObject))) return allowed;
  const violations = judge(request.object, context);
  const warnings = violations.filter(({ effect }) => effect === "warn");
  const denials = violations.filter(({ effect }) => effect === "deny");
  return denials.length === 0
    ? { kind: "allowed", warnings }
    : { kind: "denied", denials, warnings };
}

function specOf(object: unknown): unknown {
  return typeof object === "object" && object !== null && "spec" in object
    ? object.spec
    : undefined;
}
