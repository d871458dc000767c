/**
 * Builders of claims, as far as money is concerned.
 *
 * @module
 */

import type { Condition } from "../../schemas/conditions.ts";
import { minutes } from "../../schemas/duration.ts";
import type { ObjectMeta } from "../../schemas/kubernetes.ts";
import { parseUsd } from "../../schemas/money.ts";
import type {
  GPUNodeClaim,
  Launch,
  NodeClaimSpec,
  NodeClaimStatus,
} from "../../schemas/node_claim.ts";
import { parseResources } from "../../schemas/quantity.ts";

/** A claim with a ceiling of $5. */
export function buildClaim(
  status: NodeClaimStatus = {},
  spec: Partial<NodeClaimSpec> = {},
  metadata: Partial<ObjectMeta> = {},
): GPUNodeClaim {
  return {
    apiVersion: "tgp.io/v1",
    kind: "GPUNodeClaim",
    metadata: { name: "claim", ...metadata },
    spec: {
      nodeClassRef: { name: "default" },
      nodePoolRef: { name: "gpu" },
      resources: parseResources({ "nvidia.com/gpu": "1" }),
      maxPricePerHour: parseUsd("5.00"),
      ...spec,
    },
    status,
  };
}

/** An order of 2026-01-01 for two GPUs, at $2 unless told otherwise. */
export function buildLaunch(outcome: Launch["outcome"], pricePerHour = "2.00"): Launch {
  return {
    offer: {
      id: "of-1",
      provider: "lambda",
      account: "lambda",
      instanceType: "gpu_2x_a10",
      region: "us-east-1",
      capacityType: "on-demand",
      gpuCount: 2,
      pricePerHour: parseUsd(pricePerHour),
      billingIncrement: minutes(1),
      capacity: parseResources({ "nvidia.com/gpu": "2", cpu: "52" }),
      labels: {},
    },
    machineName: "claim",
    intentTime: "2026-01-01T00:00:00Z",
    sendBefore: "2026-01-01T00:01:00Z",
    outcome,
  };
}

/** The machine is confirmed gone, since 03:00. */
export const terminated: Condition = Object.freeze({
  type: "InstanceTerminated",
  status: "True",
  lastTransitionTime: "2026-01-01T03:00:00Z",
  reason: "Terminated",
  message: "",
});
