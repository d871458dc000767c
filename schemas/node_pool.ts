/**
 * GPUNodePool: what to buy, and under which limits.
 *
 * @module
 */

import { z } from "zod";
import { conditionsSchema } from "./conditions.ts";
import { durationSchema } from "./duration.ts";
import { limitsSchema } from "./limits.ts";
import {
  labelMapSchema,
  labelSelectorSchema,
  metadataSchema,
  nameSchema,
  requirementSchema,
  taintsSchema,
} from "./meta.ts";
import { positiveUsdSchema, usdSchema } from "./money.ts";
import { resourcesSchema } from "./quantity.ts";

/** `spec` of a GPUNodePool. */
export const nodePoolSpecSchema = z.object({
  nodeClassRef: z.object({
    name: nameSchema.describe("Name of the GPUNodeClass"),
  }).describe("Where to buy and how machines join"),
  podSelector: labelSelectorSchema.optional().describe(
    "Serve only pods that match; all pods when absent",
  ),
  template: z.object({
    metadata: z.object({
      labels: labelMapSchema.optional().describe("Labels that nodes get"),
      annotations: z.record(z.string(), z.string().max(4096)).meta({ maxProperties: 32 }).optional()
        .describe("Annotations that nodes get"),
    }).optional().describe("Metadata of the nodes"),
    spec: z.object({
      requirements: z.array(requirementSchema).max(32).optional().describe(
        "What every offer must meet. Arm machines, spot machines and GPU models that are not in the catalogue are bought only when a requirement of the pool or the pod lists them by value",
      ),
      taints: taintsSchema.optional().describe("Taints that nodes get; pods must tolerate them"),
      startupTaints: taintsSchema.optional().describe(
        "Taints that nodes start with and something else removes; pods need not tolerate them",
      ),
      terminationGracePeriod: durationSchema.optional().describe(
        "How long draining may take before pods are deleted outright. Default 1h",
      ),
    }).optional().describe("Shape of the nodes"),
  }).optional().describe("The nodes to make"),
  limits: limitsSchema.optional(),
  price: z.object({
    maxPerHour: positiveUsdSchema.optional().describe("Most US dollars per hour for one machine"),
    maxPerGpuHour: positiveUsdSchema.optional().describe("Most US dollars per hour for one GPU"),
  }).optional().describe("Price caps; dearer offers are not bought"),
  weight: z.int32().min(1).max(100).optional().describe(
    "Higher is tried first, strictly; among equals price decides. Default 10",
  ),
  disruption: z.object({
    consolidationPolicy: z.enum(["WhenEmpty", "Never"]).optional().describe(
      "When nodes are given back. Default WhenEmpty",
    ),
    consolidateAfter: durationSchema.optional().describe(
      "How long a node must have been empty. Default 5m",
    ),
  }).optional().describe("When nodes are given back"),
  paused: z.boolean().optional().describe("Stop buying; running nodes stay. Default false"),
}).describe("What to buy, and under which limits");

/** `status` of a GPUNodePool. */
export const nodePoolStatusSchema = z.object({
  observedGeneration: z.int().min(0).optional().describe("metadata.generation this was judged on"),
  conditions: conditionsSchema.optional(),
  nodes: z.int32().min(0).optional().describe("Machines bought or being bought"),
  readyNodes: z.int32().min(0).optional().describe("Machines whose GPUs can be used"),
  resources: resourcesSchema.optional().describe("Resources of these machines"),
  spendPerHour: usdSchema.optional().describe("What these machines cost per hour"),
  spentToday: usdSchema.optional().describe("What was spent since 00:00 UTC"),
  pendingPods: z.int32().min(0).optional().describe("Pods that wait for this pool"),
}).describe("What is running and what it costs");

/** A GPUNodePool. */
export const nodePoolSchema = z.object({
  apiVersion: z.literal("tgp.io/v1"),
  kind: z.literal("GPUNodePool"),
  metadata: metadataSchema,
  spec: nodePoolSpecSchema,
  status: nodePoolStatusSchema.optional(),
});

/** A GPUNodePool. */
export type GPUNodePool = z.infer<typeof nodePoolSchema>;

/** `status` of a GPUNodePool. */
export type NodePoolStatus = z.infer<typeof nodePoolStatusSchema>;
