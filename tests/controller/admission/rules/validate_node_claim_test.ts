import assert from "node:assert/strict";
import { validateNodeClaim } from "../../../../controller/admission/rules/validate_node_claim.ts";
import { nodeClaimSchema } from "../../../../schemas/node_claim.ts";
import {
  createTestContext,
  lambdaOffers,
  readClass,
  soundClassSpec,
  type Surroundings,
  toLines,
  toObject,
} from "../../../support/admission.ts";

const around: Surroundings = { classes: [readClass(soundClassSpec)], offers: lambdaOffers };

/** What is wrong with a claim of these parts. */
function judge(spec: object, change: Surroundings = {}): readonly string[] {
  const claim = nodeClaimSchema.parse(toObject("GPUNodeClaim", "mine", {
    nodeClassRef: { name: "default" },
    resources: { "nvidia.com/gpu": "1" },
    maxPricePerHour: "5",
    ...spec,
  }));
  return toLines(validateNodeClaim(claim, createTestContext({ ...around, ...change })));
}

Deno.test("validateNodeClaim() finds nothing wrong with a sound claim", () => {
  assert.deepEqual(judge({}), []);
});

Deno.test("validateNodeClaim() warns of a class that is not there yet", () => {
  assert.deepEqual(judge({}, { classes: [], offers: [] }), [
    'warn spec.nodeClassRef.name: there is no GPUNodeClass "default" yet; until then, nothing is bought ' +
    "for this claim",
  ]);
});

Deno.test("validateNodeClaim() warns of wishes without a cap, and caps without a wish", () => {
  assert.deepEqual(judge({ resources: undefined, maxPricePerHour: undefined }), [
    "warn spec: this claim asks for nothing in particular, so the cheapest machine of any kind is " +
    "bought; set resources or requirements",
    "warn spec.maxPricePerHour: nothing limits what this machine may cost; set maxPricePerHour",
  ]);
});

Deno.test("validateNodeClaim() warns of what no offer could ever give, with the closest", () => {
  assert.deepEqual(judge({ resources: { "nvidia.com/gpu": "16" } }), [
    'warn spec.requirements: nothing that class "default" offers could ever serve this claim; the ' +
    "smallest change that helps: ask for at most 8 of nvidia.com/gpu instead of 16 (lambda us-south-1 " +
    "gpu_8x_h100-sxm5-80gb, $23.92 an hour)",
  ]);
  assert.deepEqual(judge({ resources: { "nvidia.com/gpu": "8" } }), [
    "warn spec.maxPricePerHour: $5.00 an hour is less than every machine that fits costs; the cheapest " +
    "is lambda us-south-1 gpu_8x_h100-sxm5-80gb, $23.92 an hour",
  ]);
});

Deno.test("validateNodeClaim() refuses contradictions, and names mistyped values", () => {
  const requirements = [
    { key: "tgp.io/gpu-model", operator: "In", values: ["A10"] },
    { key: "tgp.io/gpu-model", operator: "DoesNotExist" },
  ];
  assert.deepEqual(judge({ requirements }), [
    'warn spec.requirements[0].values[0]: no GPU model is called "A10"; did you mean A10-24GB?',
    "deny spec.requirements[1]: tgp.io/gpu-model must be absent here, and in (A10) by " +
    "requirements[0]; no machine can be both: remove or correct one of them",
  ]);
});

Deno.test("validateNodeClaim() lets claims of pools pass, whatever rules came after the pool", () => {
  const nodePoolRef = { name: "gpu" };
  const requirements = [{ key: "tgp.io/unheard-of", operator: "In", values: ["x"] }];
  const labels = { "nvidia.com/gpu.product": "NVIDIA-A10" };
  assert.deepEqual(judge({ nodePoolRef, requirements, labels, resources: undefined }), []);
});
