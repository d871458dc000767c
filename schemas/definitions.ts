/**
 * The three resources as the API server knows them: names, columns, conditions.
 *
 * @module
 */

import type { z } from "zod";
import { conditionTypes } from "./conditions.ts";
import { nodeClaimSpecSchema, nodeClaimStatusSchema } from "./node_claim.ts";
import { nodeClassSpecSchema, nodeClassStatusSchema } from "./node_class.ts";
import { nodePoolSpecSchema, nodePoolStatusSchema } from "./node_pool.ts";

/** The kinds of this project. */
export type ResourceKind = "GPUNodeClass" | "GPUNodePool" | "GPUNodeClaim";

/** A column of `kubectl get`. */
export interface PrinterColumn {
  /** As shown, which is in upper case. */
  readonly name: string;
  readonly type: "string" | "integer" | "date";
  readonly jsonPath: string;
  readonly description: string;
  /** Shown with `-o wide` only. @default {false} */
  readonly wide?: boolean;
}

/** One resource. */
export interface ResourceDefinition {
  readonly kind: ResourceKind;
  /** The lower-case plural in paths. */
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** What `kubectl explain` says first. */
  readonly description: string;
  readonly spec: z.ZodType;
  readonly status: z.ZodType;
  readonly columns: readonly PrinterColumn[];
  /** Paths that `kubectl get --field-selector` can select by, besides name. @default {[]} */
  readonly selectableFields?: readonly string[];
  /** The condition types it states, and what each means when it is `True`. */
  readonly conditions: Readonly<Record<string, string>>;
}

const age: PrinterColumn = {
  name: "Age",
  type: "date",
  jsonPath: ".metadata.creationTimestamp",
  description: "Time since it was created",
};

/** The status, reason or message of a condition, as a column. */
function condition(
  type: string,
  field: "status" | "reason" | "message",
  column: Pick<PrinterColumn, "name" | "description" | "wide">,
): PrinterColumn {
  return {
    ...column,
    type: "string",
    jsonPath: `.status.conditions[?(@.type=="${type}")].${field}`,
  };
}

const nodeClass: ResourceDefinition = {
  kind: "GPUNodeClass",
  plural: "gpunodeclasses",
  singular: "gpunodeclass",
  shortNames: ["gnc"],
  description:
    "Where GPU machines are bought, and how they join the cluster: accounts at clouds, in which order, with which keys. GPUNodePools refer to it.",
  spec: nodeClassSpecSchema,
  status: nodeClassStatusSchema,
  columns: [
    condition("Ready", "status", { name: "Ready", description: "Whether machines can be bought" }),
    condition("Ready", "reason", { name: "Reason", description: "Why it is ready or not" }),
    condition(conditionTypes.credentialsResolved, "status", {
      name: "Credentials",
      description: "Whether every account's key was found",
      wide: true,
    }),
    condition(conditionTypes.providersReachable, "status", {
      name: "Reachable",
      description: "Whether every account answers",
      wide: true,
    }),
    condition("Ready", "message", {
      name: "Message",
      description: "Why it is ready or not, in words",
      wide: true,
    }),
    age,
  ],
  conditions: {
    [conditionTypes.ready]: "Machines can be bought from at least one account",
    [conditionTypes.credentialsResolved]:
      "Every enabled account's key was found and accepted; `Unknown` as long as one was not looked at, or there is no enabled account",
    [conditionTypes.providersReachable]:
      "Every enabled account answered and accepted its key; one that does not leaves the class ready as long as there are others",
    [conditionTypes.catalogFresh]:
      "Every enabled account's offers were read within the last ten minutes",
  },
};

const nodePool: ResourceDefinition = {
  kind: "GPUNodePool",
  plural: "gpunodepools",
  singular: "gpunodepool",
  shortNames: ["gnp"],
  description:
    "Which GPU machines to buy for pending pods, and under which limits. Where they are bought says its GPUNodeClass; each machine gets a GPUNodeClaim.",
  spec: nodePoolSpecSchema,
  status: nodePoolStatusSchema,
  selectableFields: [".spec.nodeClassRef.name"],
  columns: [
    {
      name: "Class",
      type: "string",
      jsonPath: ".spec.nodeClassRef.name",
      description: "Where it buys",
    },
    {
      name: "Nodes",
      type: "integer",
      jsonPath: ".status.nodes",
      description: "Machines bought or being bought",
    },
    {
      name: "GPUs",
      type: "string",
      jsonPath: ".status.resources.nvidia\\.com/gpu",
      description: "GPUs of these machines",
    },
    {
      name: "Pending",
      type: "integer",
      jsonPath: ".status.pendingPods",
      description: "Pods that wait for this pool",
    },
    {
      name: "$/h",
      type: "string",
      jsonPath: ".status.spendPerHour",
      description: "US dollars per hour that these machines cost",
    },
    {
      name: "Cap $/h",
      type: "string",
      jsonPath: ".spec.limits.spendPerHour",
      description: "Most US dollars per hour that they may cost",
    },
    condition("Ready", "status", { name: "Ready", description: "Whether it can buy" }),
    {
      name: "Today $",
      type: "string",
      jsonPath: ".status.spentToday",
      description: "US dollars spent since 00:00 UTC",
      wide: true,
    },
    {
      name: "Weight",
      type: "integer",
      jsonPath: ".spec.weight",
      description: "Higher is tried first",
      wide: true,
    },
    condition("Ready", "reason", {
      name: "Reason",
      description: "Why it can buy or not",
      wide: true,
    }),
    age,
  ],
  conditions: {
    [conditionTypes.ready]: "The pool can buy",
    [conditionTypes.nodeClassReady]: "The class exists and is ready",
    [conditionTypes.withinBudget]: "No limit is reached",
    [conditionTypes.healthy]: "The last machines it bought booted",
  },
};

const nodeClaim: ResourceDefinition = {
  kind: "GPUNodeClaim",
  plural: "gpunodeclaims",
  singular: "gpunodeclaim",
  shortNames: ["gnclaim"],
  description:
    "A request for one GPU machine, and the record of its life: at most one machine, ever. Pools make them for pending pods; one made by hand buys one machine. Deleting it drains the node and ends the machine.",
  spec: nodeClaimSpecSchema,
  status: nodeClaimStatusSchema,
  selectableFields: [
    ".spec.nodeClassRef.name",
    ".spec.nodePoolRef.name",
    ".status.launch.offer.provider",
  ],
  columns: [
    {
      name: "GPU",
      type: "string",
      jsonPath: ".status.launch.offer.gpuModel",
      description: "GPU model",
    },
    {
      name: "Qty",
      type: "integer",
      jsonPath: ".status.launch.offer.gpuCount",
      description: "GPUs of the machine",
    },
    {
      name: "Provider",
      type: "string",
      jsonPath: ".status.launch.offer.provider",
      description: "The cloud",
    },
    {
      name: "$/h",
      type: "string",
      jsonPath: ".status.launch.offer.pricePerHour",
      description: "US dollars per hour at the time of the order",
    },
    condition("Ready", "status", { name: "Ready", description: "Whether its GPUs can be used" }),
    {
      name: "Pool",
      type: "string",
      jsonPath: ".spec.nodePoolRef.name",
      description: "The pool that asked for it",
      wide: true,
    },
    {
      name: "Type",
      type: "string",
      jsonPath: ".status.launch.offer.instanceType",
      description: "The cloud's name of the machine type",
      wide: true,
    },
    {
      name: "Region",
      type: "string",
      jsonPath: ".status.launch.offer.region",
      description: "The cloud's region code",
      wide: true,
    },
    {
      name: "Node",
      type: "string",
      jsonPath: ".status.nodeName",
      description: "Name of the Node",
      wide: true,
    },
    condition("Ready", "reason", {
      name: "Reason",
      description: "How far it is, or why it ends",
      wide: true,
    }),
    age,
  ],
  conditions: {
    [conditionTypes.ready]: "The machine's GPUs can be used",
    [conditionTypes.launched]: "A machine was rented",
    [conditionTypes.registered]: "Its Node joined and was matched to this claim",
    [conditionTypes.initialized]: "The Node is ready and shows its GPUs",
    [conditionTypes.consolidatable]: "The node has been empty long enough to be given back",
    [conditionTypes.drained]: "No pod that counts is left on the node",
    [conditionTypes.instanceTerminated]: "The cloud confirmed that the machine is gone",
  },
};

/** The three resources. */
export const resourceDefinitions: readonly ResourceDefinition[] = [nodeClass, nodePool, nodeClaim];
