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
import {
  labelMapSchema,
  metadataSchema,
  nameSchema,
  requirementSchema,
  taintsSchema,
} from "./meta.ts";
import { positiveUsdSchema, usdSchema } from "./money.ts";
import { providerEntrySchema } from "./node_class.ts";
import { resourcesSchema } from "./quantity.ts";

const timeSchema = z.iso.datetime({ offset: true });

/** `spec` of a GPUNodeClaim. */
export const nodeClaimSpecSchema = z.object({
  nodeClassRef: z.object({ name: nameSchema.describe("Name of the GPUNodeClass") }).describe(
    "Where to buy and how the machine joins",
  ),
  nodePoolRef: z.object({ name: nameSchema.describe("Name of the GPUNodePool") }).optional()
    .describe("The pool that asked for it; absent for a claim made by hand"),
  requirements: z.array(requirementSchema).max(64).optional().describe("What the offer must meet"),
  resources: resourcesSchema.optional().describe("What the machine must at least have"),
  labels: labelMapSchema.optional().describe("Labels that the node gets"),
  annotations: z.record(z.string(), z.string().max(4096)).meta({ maxProperties: 32 }).optional()
    .describe("Annotations that the node gets"),
  taints: taintsSchema.optional().describe("Taints that the node gets"),
  startupTaints: taintsSchema.optional().describe(
    "Taints that the node starts with and something else removes",
  ),
  maxPricePerHour: positiveUsdSchema.optional().describe(
    "Most US dollars per hour; what is reserved in budgets until the machine's price is known",
  ),
  terminationGracePeriod: durationSchema.optional().describe(
    "How long draining may take before pods are deleted outright. Default 1h",
  ),
  consolidationPolicy: z.enum(["WhenEmpty", "Never"]).optional().describe(
    "When the node is given back. Default WhenEmpty",
  ),
  consolidateAfter: durationSchema.optional().describe(
    "How long the node must have been empty. Default 5m",
  ),
}).meta({ cel: [{ rule: "self == oldSelf", message: "spec is immutable: create a new claim" }] })
  .describe("What is asked for; never changes");

/** The offer that an order names: enough to send it, judge it and count it. */
export const chosenOfferSchema = z.object({
  id: z.string().max(64).describe("Id of the offer"),
  provider: z.string().max(63).describe("The cloud"),
  account: z.string().max(63).describe("The entry of the class's providers whose account pays"),
  instanceType: z.string().max(128).describe("The cloud's name of the machine type"),
  region: z.string().max(63).describe("The cloud's region code"),
  capacityType: z.string().max(32).describe("on-demand, spot or reserved"),
  gpuModel: z.string().max(63).optional().describe("Canonical GPU model"),
  gpuCount: z.int32().min(0).describe("GPUs of the machine"),
  pricePerHour: usdSchema.describe("Price of the whole machine"),
  billingIncrement: durationSchema.describe("Smallest time the cloud bills"),
  capacity: resourcesSchema.describe("Resources of the machine"),
  labels: labelMapSchema.describe("Labels its node will have"),
}).describe("The offer an order names");

/** The offer that an order names. */
export type ChosenOffer = z.infer<typeof chosenOfferSchema>;

/** The intent to order, written before the order is sent. */
export const launchSchema = z.object({
  offer: chosenOfferSchema,
  machineName: z.string().max(63).describe("Name of the machine at the cloud"),
  accountID: z.string().max(253).optional().describe(
    "Identity of the account, where the cloud has one",
  ),
  entry: providerEntrySchema.optional().describe(
    "The class's entry at that time: what the machine can be ended with, even if the class no longer lists it",
  ),
  credentialFingerprint: z.string().max(64).optional().describe(
    "First characters of the SHA-256 of the key that the order was sent with",
  ),
  intentTime: timeSchema.describe("When the intent was written"),
  sendBefore: timeSchema.describe("The order is not sent at or after this time"),
  outcome: z.enum(["Pending", "Launched", "Unknown", "Refused"]).describe(
    "What became of the order; Pending and Unknown both mean that a machine may exist",
  ),
  message: z.string().max(2048).optional().describe("The cloud's words"),
}).describe("The order");

/** The intent to order. */
export type Launch = z.infer<typeof launchSchema>;

/** `status` of a GPUNodeClaim. */
export const nodeClaimStatusSchema = z.object({
  observedGeneration: z.int().min(0).optional().describe("metadata.generation this was judged on"),
  conditions: conditionsSchema.optional(),
  launch: launchSchema.optional(),
  offers: z.array(z.string().max(64)).max(16).optional().describe(
    "Ids of the best offers when the last order was written, cheapest first",
  ),
  refusedOffers: z.array(
    z.object({
      id: z.string().max(64).describe("Id of the offer"),
      description: z.string().max(256).describe("The offer in words"),
      reason: z.string().max(64).describe("Machine-readable word for why"),
      message: z.string().max(1024).describe("The cloud's words"),
      time: timeSchema.describe("When it was refused"),
    }),
  ).max(64).optional().describe("Offers that were refused for certain; the next was tried"),
  providerID: z.string().max(253).optional().describe("Joins claim, Node and machine"),
  instanceID: z.string().max(128).optional().describe("The cloud's id of the machine"),
  instanceState: z.string().max(64).optional().describe("The cloud's own word for its state"),
  addresses: z.array(z.string().max(64)).max(8).optional().describe("IP addresses of the machine"),
  prices: z.array(
    z.object({
      from: timeSchema.describe("Since when this price counts"),
      perHour: usdSchema.describe("US dollars per hour"),
      source: z.enum(["Offer", "Instance"]).describe("Where the price was read"),
    }),
  ).max(32).optional().describe("What the machine has cost per hour, segment by segment"),
  nodeName: z.string().max(253).optional().describe("Name of the Node"),
  nodeUID: z.string().max(64).optional().describe("UID of the Node"),
  approvedCSRs: z.int32().min(0).optional().describe("Certificate requests signed off for it"),
  steps: z.array(
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
  ).max(16).meta({ listType: "map", listMapKeys: ["step"] }).optional().describe(
    "What happened when",
  ),
  lastPodTime: timeSchema.optional().describe("When the node last had a pod that counts"),
  end: z.object({
    reason: z.string().max(64).describe("Machine-readable word for why the claim ends"),
    message: z.string().max(2048).describe("For people: why the claim ends"),
  }).optional().describe("Why the claim ends"),
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
