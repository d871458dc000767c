/**
 * The claim for a machine that the plan wants. Pure.
 *
 * @module
 */

import { annotations, apiVersion, labels } from "../../schemas/labels.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import {
  type GPUNodeClaim,
  type NodeClaimSpec,
  nodeClaimSpecSchema,
} from "../../schemas/node_claim.ts";
import type { GPUNodePool } from "../../schemas/node_pool.ts";
import type { NewNode } from "../../scheduling/plan.ts";
import { z } from "zod";

/** Longest part of the pool's name in a claim's, so that the whole stays a DNS label. */
const maxPoolPart = 30;

/** `tgp-<cluster>-<pool>-<random>`: claim, Node, hostname and vendor-side machine share it. */
export function claimName(clusterId: string, pool: string, random: string): string {
  const part = pool.slice(0, maxPoolPart).replace(/-+$/, "");
  return `tgp-${clusterId}-${part}-${random}`;
}

/**
 * UIDs of the pods that a claim was planned for. After a restart the first pass puts them back onto it:
 * another assignment of the same pods may leave one over, and buy a machine for it.
 */
export function readPlannedPods(claim: GPUNodeClaim): readonly string[] {
  const text = claim.metadata.annotations?.[annotations.plannedPods] ?? "";
  return text.split(",").filter((uid) => uid !== "");
}

/** The object to create. Terms of its end are copied from the pool, so that they cannot change. */
export function toClaim(name: string, plan: NewNode, pool: GPUNodePool): KubernetesObject & {
  readonly spec: unknown;
} {
  const template = pool.spec.template?.spec;
  const { consolidationPolicy, consolidateAfter } = pool.spec.disruption ?? {};
  const grace = template?.terminationGracePeriod;
  const spec: NodeClaimSpec = {
    nodeClassRef: { name: plan.className },
    nodePoolRef: { name: plan.poolName },
    requirements: plan.requirements.map((requirement) => ({ ...requirement })),
    resources: { ...plan.resources },
    labels: { ...plan.labels },
    annotations: { ...plan.annotations },
    taints: plan.taints.map(({ key, value, effect }) => ({ key, value, effect })),
    startupTaints: plan.startupTaints.map(({ key, value, effect }) => ({ key, value, effect })),
    maxPricePerHour: plan.ceilingPerHour,
    ...(grace === undefined ? {} : { terminationGracePeriod: grace }),
    ...(consolidationPolicy === undefined ? {} : { consolidationPolicy }),
    ...(consolidateAfter === undefined ? {} : { consolidateAfter }),
  };
  return {
    apiVersion,
    kind: "GPUNodeClaim",
    metadata: {
      name,
      labels: { [labels.nodePool]: plan.poolName, [labels.nodeClass]: plan.className },
      annotations: { [annotations.plannedPods]: plan.pods.map(({ uid }) => uid).join() },
      ownerReferences: [{
        apiVersion,
        kind: "GPUNodePool",
        name: pool.metadata.name,
        uid: pool.metadata.uid ?? "",
        blockOwnerDeletion: true,
      }],
    },
    spec: z.encode(nodeClaimSpecSchema, spec),
  };
}
