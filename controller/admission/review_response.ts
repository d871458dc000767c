/**
 * Verdicts as the API server wants them, in words that kubectl shows well. Pure.
 *
 * @module
 */

import { type AdmissionRequest, reviewVersion } from "./admission_review.ts";
import { judgedKinds } from "./judged_kinds.ts";
import type { Verdict } from "./judge_review.ts";
import { explainViolation, formatViolation, type Violation } from "./violation.ts";

/** The answer to an AdmissionReview. */
export interface ReviewResponse {
  readonly apiVersion: typeof reviewVersion;
  readonly kind: "AdmissionReview";
  readonly response: {
    readonly uid: string;
    readonly allowed: boolean;
    readonly status?: Readonly<Record<string, unknown>>;
    readonly warnings?: readonly string[];
  };
}

/** The answer that a verdict makes. */
export function toReviewResponse(request: AdmissionRequest, verdict: Verdict): ReviewResponse {
  const { uid } = request;
  switch (verdict.kind) {
    case "allowed":
      return toReview({ uid, allowed: true, ...toWarnings(verdict.warnings) });
    case "denied":
      return toReview({
        uid,
        allowed: false,
        status: toStatus(request, verdict.denials),
        ...toWarnings(verdict.warnings),
      });
    case "misdirected":
      return toReview({
        uid,
        allowed: false,
        status: { code: 400, reason: "BadRequest", message: explainMisdirection(request) },
      });
  }
}

function toReview(response: ReviewResponse["response"]): ReviewResponse {
  return { apiVersion: reviewVersion, kind: "AdmissionReview", response };
}

function toWarnings(warnings: readonly Violation[]): { readonly warnings?: readonly string[] } {
  return warnings.length === 0 ? {} : { warnings: warnings.map(formatViolation) };
}

function toStatus({ kind }: AdmissionRequest, denials: readonly Violation[]) {
  return {
    code: 422,
    reason: "Invalid",
    message: denials.map(formatViolation).join("; "),
    details: {
      group: kind.group,
      kind: kind.kind,
      causes: denials.map((denial) => ({
        reason: "FieldValueInvalid",
        message: explainViolation(denial),
        field: denial.path,
      })),
    },
  };
}

function explainMisdirection({ kind: { group, version, kind } }: AdmissionRequest): string {
  return `This webhook judges ${judgedKinds.join(", ")} of tgp.io/v1, not ${kind} of ` +
    `${
      group === "" ? "" : `${group}/`
    }${version}: correct the rules of its ValidatingWebhookConfiguration`;
}
