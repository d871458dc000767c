/**
 * Pieces that the three resources share.
 *
 * @module
 */

import { z } from "zod";
import type { ObjectMeta } from "./kubernetes.ts";
import { listOf, mapOf, recordOf } from "./lists.ts";
import type { CelRule } from "./rules/cel.ts";
import { keyPattern, keyRule, mapKeyRule } from "./rules/keys.ts";
import { text } from "./text.ts";

/** `metadata`: the API server's business, passed through as it is. */
export const metadataSchema: z.ZodCustom<ObjectMeta, ObjectMeta> = z.custom<ObjectMeta>(
  (value) => typeof value === "object" && value !== null && "name" in value,
);

/** A name of a cluster-scoped object: an RFC 1123 label, so that it fits into labels and host names. */
export const nameSchema = z.string().min(1).max(63).regex(
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  "must be lower-case letters, digits and dashes",
);

/** A label key: optional DNS prefix, slash, name. */
export const labelKeySchema = z.string().min(1).max(317).regex(
  keyPattern,
  "must be a label key such as tgp.io/gpu-model",
);

/** A label value. */
export const labelValueSchema = z.string().max(63).regex(
  /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/,
  "must be a label value: letters, digits, dashes, underscores and dots",
);

/** Labels by key. */
export const labelMapSchema = recordOf(labelValueSchema, 64);

/** Annotations by key. */
export const annotationMapSchema = recordOf(text({ max: 4096 }), 32);

/** Which values each operator takes. */
export const requirementRules: readonly CelRule[] = [
  {
    rule: "self.operator in ['In', 'NotIn'] ? has(self.values) && self.values.size() > 0 : true",
    message: "In and NotIn need at least one value",
  },
  {
    rule:
      "self.operator in ['Exists', 'DoesNotExist'] ? !has(self.values) || self.values.size() == 0 : true",
    message: "Exists and DoesNotExist take no values",
  },
  {
    rule:
      "self.operator in ['Gt', 'Lt'] ? has(self.values) && self.values.size() == 1 && self.values[0].matches('^[0-9]{1,9}$') : true",
    message: "Gt and Lt need exactly one non-negative integer",
  },
];

/** A condition on a label that an offer, and so the future node, must meet. */
export const requirementSchema = z.object({
  key: labelKeySchema.describe(
    "Label key, for example tgp.io/gpu-model, tgp.io/gpu-count, tgp.io/capacity-type, topology.kubernetes.io/region or node.kubernetes.io/instance-type",
  ),
  operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]).describe(
    "How the label's value relates to `values`; Gt and Lt compare whole numbers",
  ),
  values: listOf(labelValueSchema, 64).optional().describe(
    "One or more values for In and NotIn; exactly one whole number for Gt and Lt; none otherwise",
  ),
}).meta({ cel: requirementRules }).describe(
  "A condition on one label of the machine; all requirements must hold",
);

/** A condition on one label of the offer. */
export type Requirement = z.infer<typeof requirementSchema>;

/** A taint that nodes get. */
export const taintSchema = z.object({
  key: labelKeySchema.describe("Taint key, for example example.com/team"),
  value: labelValueSchema.optional().describe("Taint value. Default none"),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).describe(
    "What happens to pods that do not tolerate it: not scheduled, scheduled elsewhere if possible, or evicted as well",
  ),
}).describe("A taint");

/** Taints, one per key and effect. */
export const taintsSchema = mapOf(taintSchema, ["key", "effect"], 32);

/** A label selector with exact matches and expressions. */
export const labelSelectorSchema = z.object({
  matchLabels: labelMapSchema.meta({ cel: [mapKeyRule] }).optional().describe(
    "Labels that must have exactly these values",
  ),
  matchExpressions: listOf(
    z.object({
      key: labelKeySchema.describe("Label key"),
      operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]).describe(
        "How the label's value relates to `values`",
      ),
      values: listOf(labelValueSchema, 64).optional().describe(
        "One or more values for In and NotIn; none otherwise",
      ),
    }).meta({
      cel: [
        {
          rule:
            "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
          message: "In and NotIn need at least one value, Exists and DoesNotExist take none",
          fieldPath: ".values",
        },
        keyRule,
      ] satisfies CelRule[],
    }),
    32,
  ).optional().describe("Expressions that must all hold"),
}).describe("A label selector; matchLabels and matchExpressions must all hold");
