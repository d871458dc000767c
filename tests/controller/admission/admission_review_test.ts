import assert from "node:assert/strict";
import { parseReview, ReviewFormatError } from "../../../controller/admission/admission_review.ts";
import { toReview } from "../../support/admission.ts";

/** Why a body is no review. */
function complain(body: string): string {
  try {
    parseReview(body);
  } catch (error) {
    if (error instanceof ReviewFormatError) return error.message;
    throw error;
  }
  assert.fail("it was read");
}

Deno.test("parseReview() reads what the API server sends", () => {
  const request = parseReview(JSON.stringify(toReview({ operation: "DELETE", oldObject: {} })));
  assert.equal(request.operation, "DELETE");
  assert.equal(request.object, null);
  assert.deepEqual(request.kind, { group: "tgp.io", version: "v1", kind: "GPUNodePool" });
});

Deno.test("parseReview() says what is wrong with anything else", () => {
  const review = toReview({});
  const change = (part: object) => JSON.stringify({ ...review, ...part });
  const cases: readonly (readonly [body: string, words: RegExp])[] = [
    ["", /not JSON/],
    ["{", /not JSON/],
    ["null", /the body: /],
    ["[]", /the body: /],
    ["{}", /apiVersion/],
    [change({ apiVersion: "admission.k8s.io/v1beta1" }), /apiVersion: .*admission\.k8s\.io\/v1/],
    [change({ kind: "Review" }), /kind/],
    [change({ request: undefined }), /request/],
    [change({ request: {} }), /request\.uid/],
  ];
  for (const [body, words] of cases) assert.match(complain(body), words);
});

Deno.test("parseReview() bounds what is echoed", () => {
  const review = toReview({}) as { readonly request: object };
  const request = { ...review.request, uid: "u".repeat(1_000) };
  assert.match(complain(JSON.stringify({ ...review, request })), /request\.uid/);
});
