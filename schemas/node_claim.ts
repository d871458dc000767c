/**
 * GPUNodeClaim: one request for one machine, and the record of its life.
 *
 * The spec never changes. A claim has at most one machine, ever.
 *
 * @module
 */

import { z } from "zod";
import { conditionsSchema } from "./conditions.ts";
import { durationSchema } from "./duration.ts";
import { listOf, mapOf } from "./lists.ts";
import {
  annotationMapSchema,
  labelMapSchema,
  metadataSchema,
  nameSchema,
  requirementSchema,
  taintsSchema,
} from "./meta.ts";
import { positiveUsdSchema, usdSchema } from "./money.ts";
import { providerEntrySchema } from "./node_class.ts";
import { resourcesSchema } from "./quantity.ts";
import type { CelRule } from "./rules/cel.ts";
import {
  mapKeyRule,
  reservedAnnotationsRule,
  reservedLabelsRule,
  reservedTaintRule,
} from "./rules/keys.ts";
import { text } from "./text.ts";
import { timeSchema } from "./time.ts";
import { vendorWordLimits } from "./vendor_words.ts";

/**
 * A rule on a field of claims that people write. Those of pools pass: a pool from before a rule goes on
 * being served.
 */
function ofHandMade(field: string, { rule, messageExpression, ...rest }: CelRule): CelRule {
  const onField = (expression: string) => expression.replaceAll(/\bself\b/g, `self.${field}`);
  return {
    ...rest,
    rule: `has(self.nodePoolRef) || !has(self.${field}) || ${onField(rule)}`,
    ...(messageExpression === undefined ? {} : { messageExpression: onField(messageExpression) }),
    fieldPath: `.${field}`,
  };
}

/** A rule on every taint, as one on the list. */
function ofTaints(field: string, { rule, ...rest }: CelRule): CelRule {
  return ofHandMade(field, { ...rest, rule: `self.all(t, ${rule.replaceAll("self", "t")})` });
}

/** `spec` of a GPUNodeClaim. */
export const nodeClaimSpecSchema = z.object({
  nodeClassRef: z.object({
    name: nameSchema.describe("Name of the GPUNodeClass; until it exists, nothing is bought"),
  }).describe("Where to buy and how the machine joins"),
  nodePoolRef: z.object({
    name: nameSchema.describe("Name of the GPUNodePool"),
  }).optional().describe(
    "The pool that asked for it, whose limits and price caps hold. A claim without one is made by hand: it is bought whether or not pods wait for it",
  ),
  requirements: listOf(requirementSchema, 64).optional().describe(
    "What the machine must meet. Default anything",
  ),
  resources: resourcesSchema.optional().describe(
    'What the machine must at least offer to pods, for example nvidia.com/gpu: 8, memory: "500Gi". Default nothing',
  ),
  labels: labelMapSchema.optional().describe(
    "Labels that the node gets, besides those of the machine",
  ),
  annotations: annotationMapSchema.optional().describe("Annotations that the node gets"),
  taints: taintsSchema.optional().describe("Taints that the node gets"),
  startupTaints: taintsSchema.optional().describe(
    "Taints that the node starts with and that something else removes; the node counts as usable once they are gone",
  ),
  maxPricePerHour: positiveUsdSchema.optional().describe(
    'Most US dollars per hour, as a string such as "2.39"; reserved in limits until the machine\'s price is known. Default no cap',
  ),
  terminationGracePeriod: durationSchema.optional().describe(
    "How long draining the node may take; then its pods are deleted outright, disruption budgets or not. Default 1h",
  ),
  consolidationPolicy: z.enum(["WhenEmpty", "Never"]).optional().describe(
    "When the node is given back: once it has been empty for `consolidateAfter`, or never by itself. Default WhenEmpty",
  ),
  consolidateAfter: durationSchema.optional().describe(
    "How long the node must have been empty before it is given back; pods of DaemonSets do not count. Default 5m",
  ),
}).meta({
  cel: [
    {
      rule: "self == oldSelf",
      message: "spec is immutable: a claim is one machine at most; delete it and create another",
    },
    ofHandMade("labels", mapKeyRule),
    ofHandMade("labels", reservedLabelsRule),
    ofHandMade("annotations", mapKeyRule),
    ofHandMade("annotations", reservedAnnotationsRule),
    ofTaints("taints", reservedTaintRule),
    ofTaints("startupTaints", reservedTaintRule),
  ] satisfies CelRule[],
}).describe("What is asked for; never changes");

/** The offer that an order names: enough to send it, judge it and count it. */
export const chosenOfferSchema = z.object({
  id: text({ max: 64 }).describe("Id of the offer"),
  provider: text({ max: 63 }).describe("The cloud"),
  account: text({ max: 63 }).describe("The entry of the class's providers whose account pays"),
  instanceType: text({ max: vendorWordLimits.instanceType }).describe(
    "The cloud's name of the machine type",
  ),
  region: text({ max: vendorWordLimits.region }).describe(
    "The cloud's region code; empty where it does not say",
  ),
  capacityType: text({ max: 32 }).describe("on-demand, spot or reserved"),
  gpuModel: text({ max: vendorWordLimits.gpuModel }).optional().describe(
    "Canonical GPU model, for example H100-SXM5-80GB; absent for machines without GPUs",
  ),
  gpuCount: z.int32().min(0).describe("GPUs of the machine"),
  pricePerHour: usdSchema.describe("US dollars per hour for the whole machine"),
  billingIncrement: durationSchema.describe(
    "Smallest time that the cloud bills; a started one counts whole",
  ),
  capacity: resourcesSchema.describe("What the machine offers to pods"),
  labels: labelMapSchema.describe("Labels that its node will have"),
}).describe("The offer that the order names");

/** The offer that an order names. */
export type ChosenOffer = z.infer<typeof chosenOfferSchema>;

/** The intent to order, written before the order is sent. */
export const launchSchema = z.object({
  offer: chosenOfferSchema,
  machineName: text({ max: 63 }).describe("Name of the machine at the cloud, which is the claim's"),
  accountID: text({ max: 253 }).optional().describe(
    "Identity of the account at the cloud, where the cloud tells one",
  ),
  entry: providerEntrySchema.optional().describe(
    "The class's entry at that time: what the machine can be ended with, even if the class no longer lists it",
  ),
  credentialFingerprint: text({ max: 64 }).optional().describe(
    "First characters of the SHA-256 of the key that the order was sent with; tells keys apart, reveals nothing",
  ),
  intentTime: timeSchema.describe("When the intent was written"),
  sendBefore: timeSchema.describe("The order is not sent at or after this time"),
  outcome: z.enum(["Pending", "Launched", "Unknown", "Refused"]).describe(
    "What became of the order; Pending and Unknown both mean that a machine may exist, Refused that none does",
  ),
  message: text({ max: 2048 }).optional().describe("The cloud's words"),
}).describe("The last order, written before it was sent");

/** The intent to order. */
export type Launch = z.infer<typeof launchSchema>;

/** `status` of a GPUNodeClaim. */
export const nodeClaimStatusSchema = z.object({
  observedGeneration: z.int().min(0).optional().describe(
    "metadata.generation of the spec that this was judged on",
  ),
  conditions: conditionsSchema.optional(),
  launch: launchSchema.optional(),
  offers: listOf(text({ max: 64 }), 16).optional().describe(
    "Ids of the best offers when the last order was written, cheapest first",
  ),
  refusedOffers: listOf(
    z.object({
      id: text({ max: 64 }).describe("Id of the offer"),
      description: text({ max: 256 }).describe("The offer in words"),
      reason: text({ max: 64 }).describe("Machine-readable word for why"),
      message: text({ max: 1024 }).describe("The cloud's words"),
      time: timeSchema.describe("When it was refused"),
    }),
    64,
  ).optional().describe(
    "Offers that were refused for certain, the latest last; the next one was tried",
  ),
  providerID: text({ max: vendorWordLimits.providerId }).optional().describe(
    "Joins claim, Node and machine: spec.providerID of the Node",
  ),
  instanceID: text({ max: vendorWordLimits.instanceId }).optional().describe(
    "The cloud's id of the machine",
  ),
  instanceState: text({ max: vendorWordLimits.instanceState }).optional().describe(
    "The cloud's own word for its state",
  ),
  addresses: listOf(text({ max: vendorWordLimits.address }), 8).optional().describe(
    "IP addresses of the machine",
  ),
  prices: listOf(
    z.object({
      from: timeSchema.describe("Since when this price counts"),
      perHour: usdSchema.describe("US dollars per hour"),
      source: z.enum(["Offer", "Instance"]).describe(
        "Where the price was read: from the offer that was ordered, or from the machine itself",
      ),
    }),
    32,
  ).optional().describe(
    "What the machine has cost per hour, segment by segment; the first one starts the bill",
  ),
  nodeName: text({ max: 253 }).optional().describe("Name of the Node"),
  nodeUID: text({ max: 64 }).optional().describe("UID of the Node"),
  approvedCSRs: z.int32().min(0).optional().describe(
    "Certificate requests of the machine that were signed off",
  ),
  steps: mapOf(
    z.object({
      step: z.enum([
        "Ordered",
        "Accepted",
        "Running",
        "Registered",
        "Initialized",
        "EndDecided",
        "Drained",
        "TerminateSent",
        "Gone",
      ]).describe("What happened"),
      time: timeSchema.describe("When it happened"),
    }),
    ["step"],
    16,
  ).optional().describe("What happened when"),
  lastPodTime: timeSchema.optional().describe("When the node last had a pod that counts"),
  end: z.object({
    reason: text({ max: 64 }).describe("Machine-readable word for why the claim ends"),
    message: text({ max: 2048 }).describe("For people: why the claim ends"),
  }).optional().describe("Why the claim ends; the first reason stands"),
}).describe("The record of its life");

/** A GPUNodeClaim. */
export const nodeClaimSchema = z.object({
  apiVersion: z.literal("tgp.io/v1"),
  kind: z.literal("GPUNodeClaim"),
  metadata: metadataSchema,
  spec: nodeClaimSpecSchema,
  status: nodeClaimStatusSchema.optional(),
});

/** A GPUNodeClaim. */
export type GPUNodeClaim = z.infer<typeof nodeClaimSchema>;

/** `spec` of a GPUNodeClaim. */
export type NodeClaimSpec = z.infer<typeof nodeClaimSpecSchema>;

/** `status` of a GPUNodeClaim. */
export type NodeClaimStatus = z.infer<typeof nodeClaimStatusSchema>;
