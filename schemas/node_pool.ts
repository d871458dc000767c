/**
 * GPUNodePool: what to buy, and under which limits.
 *
 * @module
 */

import { z } from "zod";
import { conditionsSchema } from "./conditions.ts";
import { boundedDuration } from "./duration.ts";
import { limitsSchema } from "./limits.ts";
import { listOf, mapOf } from "./lists.ts";
import {
  annotationMapSchema,
  labelMapSchema,
  labelSelectorSchema,
  metadataSchema,
  nameSchema,
  requirementRules,
  requirementSchema,
  taintSchema,
} from "./meta.ts";
import { positiveUsdSchema, usdSchema } from "./money.ts";
import { resourcesSchema } from "./quantity.ts";
import {
  keyRule,
  mapKeyRule,
  reservedAnnotationsRule,
  reservedLabelsRule,
  reservedTaintRule,
} from "./rules/keys.ts";

/** Whoever waits longer means never, and there is a word for that. */
const patience = boundedDuration({ max: "720h", zero: true });

/** Taints that a user may put on nodes. */
const ownTaints = mapOf(
  taintSchema.meta({ cel: [keyRule, reservedTaintRule] }),
  ["key", "effect"],
  32,
);

/** `spec` of a GPUNodePool. */
export const nodePoolSpecSchema = z.object({
  nodeClassRef: z.object({
    name: nameSchema.describe(
      "Name of the GPUNodeClass; while it does not exist, nothing is bought",
    ),
  }).describe("Where to buy and how machines join"),
  podSelector: labelSelectorSchema.optional().describe(
    "Serve only pods whose labels match, so that another autoscaler can serve the rest. Default all pods",
  ),
  template: z.object({
    metadata: z.object({
      labels: labelMapSchema.meta({ cel: [mapKeyRule, reservedLabelsRule] }).optional().describe(
        "Labels that nodes get, besides those of the machine; pods that select them are served",
      ),
      annotations: annotationMapSchema.meta({ cel: [mapKeyRule, reservedAnnotationsRule] })
        .optional().describe(
          'Annotations that nodes get. With tgp.io/do-not-disrupt: "true", empty nodes stay',
        ),
    }).optional().describe("Metadata of the nodes"),
    spec: z.object({
      requirements: listOf(
        requirementSchema.meta({ cel: [...requirementRules, keyRule] }),
        32,
      ).optional().describe(
        "What every machine must meet. Arm machines, spot machines and GPU models that are not in the catalogue are bought only when a requirement of the pool or the pod lists them by value. Default anything",
      ),
      taints: ownTaints.optional().describe(
        "Taints that nodes get; only pods that tolerate them are served",
      ),
      startupTaints: ownTaints.optional().describe(
        "Taints that nodes start with and that something else removes, such as a network agent; pods need not tolerate them, and the node counts as usable once they are gone",
      ),
      terminationGracePeriod: patience.optional().describe(
        "How long draining a node may take; then its pods are deleted outright, disruption budgets or not. 0s: at once. Default 1h",
      ),
    }).meta({
      cel: [{
        rule: "!has(self.taints) || !has(self.startupTaints) || " +
          "!self.startupTaints.exists(s, self.taints.exists(t, t.key == s.key && t.effect == s.effect))",
        message:
          "a taint is in taints and in startupTaints: list it in taints if pods must tolerate it, in startupTaints if something removes it",
        fieldPath: ".startupTaints",
      }],
    }).optional().describe("Shape of the nodes"),
  }).optional().describe("The nodes to make"),
  limits: limitsSchema.optional(),
  price: z.object({
    maxPerHour: positiveUsdSchema.optional().describe(
      'Most US dollars per hour for one machine, as a string such as "2.39". Default no cap',
    ),
    maxPerGpuHour: positiveUsdSchema.optional().describe(
      'Most US dollars per hour for each GPU of a machine, as a string such as "2.39"; machines without GPUs are not held to it. Default no cap',
    ),
  }).optional().describe(
    "Price caps: dearer machines are not bought. Prices are those that the account pays, disk and address included where the cloud bills them",
  ),
  weight: z.int32().min(1).max(100).optional().describe(
    "Where several pools could serve a pod, the one of the higher number is used first, strictly; among equals price decides. Default 10",
  ),
  disruption: z.object({
    consolidationPolicy: z.enum(["WhenEmpty", "Never"]).optional().describe(
      "When nodes are given back: once they have been empty for `consolidateAfter`, or never by themselves. Nodes keep the policy that they were bought with. Default WhenEmpty",
    ),
    consolidateAfter: patience.optional().describe(
      "How long a node must have been empty before it is given back; pods of DaemonSets do not count. Default 5m",
    ),
  }).optional().describe("When nodes are given back"),
  paused: z.boolean().optional().describe(
    "True stops buying for this pool; nodes that it has go on. Default false",
  ),
}).describe("What to buy, and under which limits");

/** `status` of a GPUNodePool. */
export const nodePoolStatusSchema = z.object({
  observedGeneration: z.int().min(0).optional().describe(
    "metadata.generation of the spec that this was judged on",
  ),
  conditions: conditionsSchema.optional(),
  nodes: z.int32().min(0).optional().describe("Machines that exist or are on order"),
  readyNodes: z.int32().min(0).optional().describe("Machines whose GPUs can be used"),
  resources: resourcesSchema.optional().describe("Resources of these machines together"),
  spendPerHour: usdSchema.optional().describe(
    "US dollars per hour that these machines cost together, orders at the most that they may cost",
  ),
  spentToday: usdSchema.optional().describe(
    "US dollars spent since 00:00 UTC, machines that are gone included",
  ),
  pendingPods: z.int32().min(0).optional().describe("Pods that wait for a machine of this pool"),
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
