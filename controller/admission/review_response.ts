/**
 * Verdicts as the API server wants them, in words that kubectl shows well. Pure.
 *
 * A denial reads like one by the API server itself: 422 `Invalid` with one cause per field. `kubectl`
 * makes a list of the causes:
 *
 * ```
 * The GPUNodePool "gpu" is invalid:
 * * spec.template.spec.taints[0].key: taints of tgp.io are set …
 * ```
 *
 * Clients that know no causes show the message, which says the same.
 *
 * @module
 */

import { type AdmissionRequest, reviewVersion } from "./admission_review.ts";
import { judgedKinds } from "./judged_kinds.ts";
import type { Verdict } from "./judge_review.ts";
import { explainViolation, formatViolation, type Violation } from "./rules/violation.ts";
import { cutText, toWarningTexts } from "./warning_texts.ts";

/** The answer to an AdmissionReview. */
export interface ReviewResponse {
  readonly apiVersion: typeof reviewVersion;
  readonly kind: "AdmissionReview";
  readonly response: {
    readonly uid: string;
    readonly allowed: boolean;
    readonly status?: ReviewStatus;
    readonly warnings?: readonly string[];
  };
}

/** Why not, as a Kubernetes `Status`. */
export interface ReviewStatus {
  readonly code: number;
  readonly reason: "Invalid" | "BadRequest";
  readonly message: string;
  readonly details?: {
    readonly name?: string;
    readonly group: string;
    readonly kind: string;
    readonly causes: readonly {
      readonly reason: "FieldValueInvalid";
      readonly message: string;
      readonly field: string;
    }[];
  };
}

/** Denials that are listed; nobody corrects more at a time. */
const maxDenials = 24;
/** Longest text of one denial, should a field of the object be quoted in it. */
const maxDenialLength = 600;

/** The answer that a verdict makes. */
export function toReviewResponse(request: AdmissionRequest, verdict: Verdict): ReviewResponse {
  const { uid } = request;
  switch (verdict.kind) {
    case "allowed":
      return toReview({ uid, allowed: true, ...toWarnings(verdict.warnings) });
    case "denied": {
      const status = toStatus(request, verdict.denials);
      return toReview({ uid, allowed: false, status, ...toWarnings(verdict.warnings) });
    }
    case "misdirected": {
      const message = explainMisdirection(request);
      return toReview({
        uid,
        allowed: false,
        status: { code: 400, reason: "BadRequest", message },
      });
    }
  }
}

function toReview(response: ReviewResponse["response"]): ReviewResponse {
  return { apiVersion: reviewVersion, kind: "AdmissionReview", response };
}

function toWarnings(warnings: readonly Violation[]): { readonly warnings?: readonly string[] } {
  return warnings.length === 0 ? {} : { warnings: toWarningTexts(warnings) };
}

function toStatus({ kind, name }: AdmissionRequest, denials: readonly Violation[]): ReviewStatus {
  const listed = denials.slice(0, maxDenials);
  const more = denials.length - listed.length;
  const lines = listed.map((denial) => cutText(formatViolation(denial), maxDenialLength));
  return {
    code: 422,
    reason: "Invalid",
    message: joinLines(more > 0 ? [...lines, `and ${more} more`] : lines),
    details: {
      ...(name ? { name } : {}),
      group: kind.group,
      kind: kind.kind,
      causes: listed.map((denial) => ({
        reason: "FieldValueInvalid",
        message: cutText(explainViolation(denial), maxDenialLength),
        field: cutText(denial.path, maxDenialLength),
      })),
    },
  };
}

/** One line stays in the sentence that the API server puts before it; several become a list. */
function joinLines(lines: readonly string[]): string {
  return lines.length === 1 ? lines[0] ?? "" : lines.map((line) => `\n* ${line}`).join("");
}

function explainMisdirection({ kind: { group, version, kind } }: AdmissionRequest): string {
  const asked = `${kind} of ${group === "" ? "" : `${group}/`}${version}`;
  return `This webhook judges ${judgedKinds.join(", ")} of tgp.io/v1, not ${asked}: ` +
    "correct the rules of its ValidatingWebhookConfiguration";
}
