/**
 * Pools that would fight over the same pods.
 *
 * Told only where nothing sets two pools apart: neither weight nor class of pods, nor taints, nor labels,
 * nor what they may buy. Of such a pair nobody can say which will serve a pod.
 *
 * @module
 */

import {
  findConflict,
  intersect,
  parseRequirements,
  type Requirements,
  requirementsOfLabels,
} from "../../../scheduling/requirements.ts";
import { formatTaint } from "../../../scheduling/taints.ts";
import type { GPUNodePool } from "../../../schemas/node_pool.ts";
import { tryParseRequirements } from "./check_contradictions.ts";
import { type Violation, warn } from "./violation.ts";

/** What an absent weight means (`schemas/node_pool.ts`). */
const defaultWeight = 10;

/** Another pool for the same pods, if there is one. */
export function findRivals(
  pool: GPUNodePool,
  others: readonly GPUNodePool[],
): readonly Violation[] {
  if (pool.spec.paused === true) return [];
  const mayRival = others.filter((other) => isComparable(pool, other));
  if (mayRival.length === 0) return [];
  const own = toReach(pool);
  if (own === undefined) return [];
  const rivals = mayRival.filter((other) => overlaps(own, toReach(other)))
    .map(({ metadata }) => `"${metadata.name}"`).sort();
  if (rivals.length === 0) return [];
  const [named, more] = [rivals.slice(0, 3).join(", "), rivals.length - 3];
  return [warn(
    "spec.weight",
    `the same pods are served by pool ${named}${
      more > 0 ? ` and ${more} more` : ""
    }, of the same weight`,
    "give one of them a higher weight, or a podSelector",
  )];
}

/** Cheap questions first: most pairs end here. */
function isComparable(pool: GPUNodePool, other: GPUNodePool): boolean {
  return other.metadata.name !== pool.metadata.name &&
    other.metadata.deletionTimestamp === undefined && other.spec.paused !== true &&
    (other.spec.weight ?? defaultWeight) === (pool.spec.weight ?? defaultWeight) &&
    taintsOf(other) === taintsOf(pool);
}

/** The pods that a pool serves, and the machines it serves them with. */
interface Reach {
  readonly pods: Requirements;
  readonly machines: Requirements;
}

/** @returns `undefined` for requirements that cannot be read, of which others complain. */
function toReach({ spec: { podSelector, template } }: GPUNodePool): Reach | undefined {
  const requirements = tryParseRequirements(template?.spec?.requirements ?? []);
  if (requirements === undefined) return undefined;
  return {
    pods: intersect(
      requirementsOfLabels(podSelector?.matchLabels ?? {}),
      parseRequirements(podSelector?.matchExpressions),
    ),
    machines: intersect(requirements, requirementsOfLabels(template?.metadata?.labels ?? {})),
  };
}

function overlaps(left: Reach, right: Reach | undefined): boolean {
  return right !== undefined && findConflict(left.pods, right.pods) === undefined &&
    findConflict(left.machines, right.machines) === undefined;
}

/** Pods that tolerate different taints are different pods. */
function taintsOf({ spec }: GPUNodePool): string {
  return (spec.template?.spec?.taints ?? []).filter(({ effect }) => effect !== "PreferNoSchedule")
    .map(formatTaint).sort().join();
}
