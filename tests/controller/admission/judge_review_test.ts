import assert from "node:assert/strict";
import { parseReview } from "../../../controller/admission/admission_review.ts";
import { judgeReview, type Verdict } from "../../../controller/admission/judge_review.ts";
import {
  createTestContext,
  type ReviewParts,
  soundClassSpec,
  soundPoolSpec,
  toLines,
  toObject,
  toReview,
} from "../../support/admission.ts";

const context = createTestContext();
const judge = (parts: ReviewParts): Verdict =>
  judgeReview(parseReview(JSON.stringify(toReview(parts))), context);

const pool = (spec: object, metadata: object = {}) =>
  toObject("GPUNodePool", "gpu", { ...soundPoolSpec, ...spec }, metadata);
const broken = pool({
  template: { spec: { requirements: [{ key: "tgp.io/typo", operator: "Exists" }] } },
});
const brokenMore = pool({
  template: {
    spec: {
      requirements: [
        { key: "tgp.io/typo", operator: "Exists" },
        { key: "tgp.io/another", operator: "Exists" },
      ],
    },
  },
});

Deno.test("judgeReview() allows what is sound, and warns", () => {
  const verdict = judge({ object: pool({}) });
  assert.equal(verdict.kind, "allowed");
  assert.equal(verdict.warnings.length, 1);
});

Deno.test("judgeReview() denies what cannot work, created or updated", () => {
  assert.equal(judge({ object: broken }).kind, "denied");
  const operation = "UPDATE";
  assert.equal(judge({ operation, object: broken, oldObject: pool({}) }).kind, "denied");
});

Deno.test("judgeReview() judges every kind", () => {
  const vast = { providers: [{ name: "vast", credentialsRef: { name: "a", key: "b" } }] };
  const object = toObject("GPUNodeClass", "default", { ...soundClassSpec, ...vast });
  assert.equal(judge({ kind: "GPUNodeClass", object }).kind, "denied");
  const claim = toObject("GPUNodeClaim", "mine", {
    nodeClassRef: { name: "default" },
    requirements: [{ key: "tgp.io/typo", operator: "Exists" }],
  });
  assert.equal(judge({ kind: "GPUNodeClaim", object: claim }).kind, "denied");
});

Deno.test("judgeReview() lets pass whatever leaves the spec as it is, and all that ends", () => {
  const labelled = { ...broken, metadata: { name: "gpu", labels: { a: "b" }, finalizers: [] } };
  const leaving = { name: "gpu", deletionTimestamp: "2026-01-01T00:00:00Z" };
  const passes: readonly ReviewParts[] = [
    { operation: "DELETE", oldObject: broken },
    { operation: "CONNECT" },
    { operation: "UPDATE", object: labelled, oldObject: broken },
    { operation: "UPDATE", object: { ...broken, status: { nodes: 3 } }, oldObject: broken },
    { operation: "UPDATE", subResource: "status", object: broken, oldObject: pool({}) },
    { operation: "UPDATE", object: { ...broken, metadata: leaving }, oldObject: broken },
    { operation: "UPDATE", object: { ...broken, metadata: leaving }, oldObject: pool({}) },
  ];
  for (const parts of passes) {
    assert.deepEqual(judge(parts), { kind: "allowed", warnings: [] }, JSON.stringify(parts));
  }
});

Deno.test("judgeReview() only warns of what was wrong before and is no worse", () => {
  const operation = "UPDATE";
  const weighty = pool({ ...(broken as { spec: object }).spec, weight: 20 });
  const same = judge({ operation, object: weighty, oldObject: broken });
  assert.equal(same.kind, "allowed");
  assert.match(toLines(same.kind === "allowed" ? same.warnings : [])[0] ?? "", /tgp\.io\/typo/);

  const worse = judge({ operation, object: brokenMore, oldObject: broken });
  assert.ok(worse.kind === "denied");
  assert.deepEqual(worse.denials.map(({ path }) => path), [
    "spec.template.spec.requirements[1].key",
  ]);
  assert.match(toLines(worse.warnings)[0] ?? "", /tgp\.io\/typo/);
});

Deno.test("judgeReview() denies what cannot be read, in words and without reading it all", () => {
  const unreadable: readonly (readonly [unknown, RegExp])[] = [
    [null, /^deny (?!spec)/],
    ["text", /^deny (?!spec)/],
    [{ kind: "GPUNodePool" }, /apiVersion/],
    [pool({ weight: "heavy" }), /^deny spec\.weight: invalid input: expected number/],
    [
      pool({ price: { maxPerHour: "free" } }),
      /^deny spec\.price\.maxPerHour: must be more than zero/,
    ],
    [
      pool({ podSelector: { x: Array(30_000).fill(1) } }),
      /^deny spec: holds more than 20000 values/,
    ],
  ];
  for (const [object, words] of unreadable) {
    const verdict = judge({ object });
    assert.ok(verdict.kind === "denied");
    assert.match(toLines(verdict.denials).join("\n"), words);
  }
});

Deno.test("judgeReview() denies what cannot be read also where the stored object could not", () => {
  const [object, oldObject] = [pool({ weight: "heavy" }), pool({ weight: "heavy", paused: true })];
  assert.equal(judge({ operation: "UPDATE", object, oldObject }).kind, "denied");
});

Deno.test("judgeReview() does not judge other kinds", () => {
  assert.deepEqual(judge({ kind: "Pod", object: {} }), { kind: "misdirected" });
});
