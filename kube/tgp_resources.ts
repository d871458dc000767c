/**
 * The project's own resources, as the client reads them.
 *
 * @module
 */

import { apiGroup } from "../schemas/labels.ts";
import { type GPUNodeClaim, nodeClaimSchema } from "../schemas/node_claim.ts";
import { type GPUNodeClass, nodeClassSchema } from "../schemas/node_class.ts";
import { type GPUNodePool, nodePoolSchema } from "../schemas/node_pool.ts";
import type { ResourceType } from "./resource.ts";

const common = { group: apiGroup, version: "v1", namespaced: false } as const;

/** GPUNodeClasses. */
export const nodeClasses: ResourceType<GPUNodeClass> = {
  ...common,
  kind: "GPUNodeClass",
  plural: "gpunodeclasses",
  parse: (raw) => nodeClassSchema.parse(raw),
};

/** GPUNodePools. */
export const nodePools: ResourceType<GPUNodePool> = {
  ...common,
  kind: "GPUNodePool",
  plural: "gpunodepools",
  parse: (raw) => nodePoolSchema.parse(raw),
};

/** GPUNodeClaims. */
export const nodeClaims: ResourceType<GPUNodeClaim> = {
  ...common,
  kind: "GPUNodeClaim",
  plural: "gpunodeclaims",
  parse: (raw) => nodeClaimSchema.parse(raw),
};
