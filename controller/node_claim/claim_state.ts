/**
 * Questions about a claim that several controllers ask.
 *
 * @module
 */

import { formatTime, parseTime } from "../../schemas/conditions.ts";
import { labels } from "../../schemas/labels.ts";
import type { GPUNodeClaim, NodeClaimStatus } from "../../schemas/node_claim.ts";
import type { Resources } from "../../schemas/quantity.ts";

/** A step of a claim's life. */
export type Step = NonNullable<NodeClaimStatus["steps"]>[number]["step"];

/** When a step was reached, in epoch milliseconds. */
export function stepTime(claim: GPUNodeClaim, step: Step): number | undefined {
  return parseTime(claim.status?.steps?.find((entry) => entry.step === step)?.time);
}

/** The steps with one more reached; the first time stands. */
export function withStep(
  steps: NodeClaimStatus["steps"],
  step: Step,
  now: number,
): NonNullable<NodeClaimStatus["steps"]> {
  if (steps?.some((entry) => entry.step === step)) return steps;
  return [...(steps ?? []), { step, time: formatTime(now) }];
}

/** The steps with one at a later time: what had been done turned out not to have lasted. */
export function moveStep(
  steps: NodeClaimStatus["steps"],
  step: Step,
  now: number,
): NonNullable<NodeClaimStatus["steps"]> {
  return withStep(steps?.filter((entry) => entry.step !== step), step, now);
}

/** Whether the claim is on its way out, for whatever reason. */
export function isEnding(claim: GPUNodeClaim): boolean {
  return claim.metadata.deletionTimestamp !== undefined || claim.status?.end !== undefined;
}

/**
 * Whether the claim still promises a node to pods: it may yet launch, or its machine is on its way or
 * there. One that can no longer launch promises nothing and reserves nothing.
 */
export function promisesCapacity(claim: GPUNodeClaim): boolean {
  return !isEnding(claim);
}

/** Whether the claim is for a pool. */
export function poolName(claim: GPUNodeClaim): string | undefined {
  return claim.spec.nodePoolRef?.name;
}

/** What its node will have: the ordered machine's capacity, or what was asked for until then. */
export function plannedCapacity(claim: GPUNodeClaim): Resources {
  const launch = claim.status?.launch;
  return launch && launch.outcome !== "Refused"
    ? launch.offer.capacity
    : claim.spec.resources ?? {};
}

/** Labels its node will have, as far as known. */
export function plannedLabels(claim: GPUNodeClaim): Readonly<Record<string, string>> {
  const launch = claim.status?.launch;
  return {
    ...(launch && launch.outcome !== "Refused" ? launch.offer.labels : requiredLabels(claim)),
    ...claim.spec.labels,
    ...(poolName(claim) ? { [labels.nodePool]: poolName(claim) ?? "" } : {}),
  };
}

/** Labels that the requirements leave only one value for. */
function requiredLabels(claim: GPUNodeClaim): Record<string, string> {
  const single: Record<string, string> = {};
  for (const { key, operator, values } of claim.spec.requirements ?? []) {
    const [value] = values ?? [];
    if (operator === "In" && values?.length === 1 && value !== undefined) single[key] = value;
  }
  return single;
}
