/**
 * Pieces that the three resources share.
 *
 * @module
 */

import { z } from "zod";
import type { ObjectMeta } from "./kubernetes.ts";

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
  /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
  "must be a label key such as tgp.io/gpu-model",
);

/** A label value. */
export const labelValueSchema = z.string().max(63).regex(
  /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/,
  "must be a label value: letters, digits, dashes, underscores and dots",
);

/** Labels by key. */
export const labelMapSchema = z.record(z.string(), labelValueSchema).meta({ maxProperties: 64 });

/** A condition on a label that an offer, and so the future node, must meet. */
export const requirementSchema = z.object({
  key: labelKeySchema.describe("Label key, for example tgp.io/gpu-model"),
  operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]).describe(
    "How the label's value relates to `values`",
  ),
  values: z.array(labelValueSchema).max(64).optional().describe(
    "Values for In and NotIn; exactly one integer for Gt and Lt; none otherwise",
  ),
}).meta({
  cel: [
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
  ],
}).describe("A condition on one label of the offer");

/** A condition on one label of the offer. */
export type Requirement = z.infer<typeof requirementSchema>;

/** A taint that nodes get. */
export const taintSchema = z.object({
  key: labelKeySchema.describe("Taint key"),
  value: labelValueSchema.optional().describe("Taint value"),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).describe(
    "What happens to pods that do not tolerate it",
  ),
}).describe("A taint");

/** Taints, one per key and effect. */
export const taintsSchema = z.array(taintSchema).max(32).meta({
  listType: "map",
  listMapKeys: ["key", "effect"],
});

/** A label selector with exact matches and expressions. */
export const labelSelectorSchema = z.object({
  matchLabels: labelMapSchema.optional().describe("Labels that must have exactly these values"),
  matchExpressions: z.array(
    z.object({
      key: labelKeySchema.describe("Label key"),
      operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]).describe("How to compare"),
      values: z.array(labelValueSchema).max(64).optional().describe("Values for In and NotIn"),
    }).meta({
      cel: [{
        rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
        message: "In and NotIn need at least one value, Exists and DoesNotExist take none",
        fieldPath: ".values",
      }],
    }),
  ).max(32).optional().describe("Expressions that must all hold"),
}).describe("Which pods");
