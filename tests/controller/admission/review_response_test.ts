import assert from "node:assert/strict";
import {
  type AdmissionRequest,
  parseReview,
} from "../../../controller/admission/admission_review.ts";
import { toReviewResponse } from "../../../controller/admission/review_response.ts";
import { deny, warn } from "../../../controller/admission/rules/violation.ts";
import { toReview } from "../../support/admission.ts";

const request: AdmissionRequest = parseReview(JSON.stringify(toReview({ object: {} })));

Deno.test("toReviewResponse() allows with warnings, or with nothing", () => {
  assert.deepEqual(toReviewResponse(request, { kind: "allowed", warnings: [] }), {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    response: { uid: request.uid, allowed: true },
  });
  const warnings = [warn("spec.a", "wrong")];
  assert.deepEqual(toReviewResponse(request, { kind: "allowed", warnings }).response.warnings, [
    "spec.a: wrong",
  ]);
});

Deno.test("toReviewResponse() denies as the API server itself does: 422, with one cause per field", () => {
  const denials = [deny("spec.a", "wrong", "do this")];
  const { response } = toReviewResponse(request, { kind: "denied", denials, warnings: [] });
  assert.deepEqual(response, {
    uid: request.uid,
    allowed: false,
    status: {
      code: 422,
      reason: "Invalid",
      message: "spec.a: wrong; do this",
      details: {
        name: "gpu",
        group: "tgp.io",
        kind: "GPUNodePool",
        causes: [{ reason: "FieldValueInvalid", message: "wrong; do this", field: "spec.a" }],
      },
    },
  });
});

Deno.test("toReviewResponse() lists several denials, and counts the rest", () => {
  const denials = Array.from({ length: 30 }, (_, index) => deny(`spec.a[${index}]`, "wrong"));
  const two = toReviewResponse(request, {
    kind: "denied",
    denials: denials.slice(0, 2),
    warnings: [],
  });
  assert.equal(two.response.status?.message, "\n* spec.a[0]: wrong\n* spec.a[1]: wrong");
  const all = toReviewResponse(request, { kind: "denied", denials, warnings: [] });
  assert.equal(all.response.status?.details?.causes.length, 24);
  assert.match(all.response.status?.message ?? "", /\n\* and 6 more$/);
});

Deno.test("toReviewResponse() tells whoever asks about other kinds what to correct", () => {
  const other = { ...request, kind: { group: "apps", version: "v1", kind: "Deployment" } };
  assert.deepEqual(toReviewResponse(other, { kind: "misdirected" }).response.status, {
    code: 400,
    reason: "BadRequest",
    message: "This webhook judges GPUNodeClass, GPUNodePool, GPUNodeClaim of tgp.io/v1, not " +
      "Deployment of apps/v1: correct the rules of its ValidatingWebhookConfiguration",
  });
});
