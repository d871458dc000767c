/**
 * Limits below what already runs, and no limit on money at all.
 *
 * @module
 */

import type { Usage } from "../../../scheduling/budget.ts";
import type { Limits } from "../../../schemas/limits.ts";
import { displayUsd } from "../../../schemas/money.ts";
import type { GPUNodePool } from "../../../schemas/node_pool.ts";
import { formatQuantity, type Quantity } from "../../../schemas/quantity.ts";
import { type Violation, warn } from "./violation.ts";

const path = "spec.limits";
const stays = "what runs stays, and nothing is bought until it is below the limit";

/** Every limit that is below what exists or is on order. */
export function checkReachedLimits(
  limits: Limits | undefined,
  usage: Usage,
): readonly Violation[] {
  if (limits === undefined || usage.nodes === 0) return [];
  const violations: Violation[] = [];
  const add = (name: string, message: string) =>
    violations.push(warn(`${path}.${name}`, message, stays));
  if (limits.nodes !== undefined && usage.nodes > limits.nodes) {
    add(
      "nodes",
      `${count(usage.nodes, "machine exists or is", "machines exist or are")} on order already`,
    );
  }
  for (const [name, most] of Object.entries(limits.resources ?? {})) {
    const used = Object.hasOwn(usage.resources, name) ? usage.resources[name] ?? 0 : 0;
    if (used <= most) continue;
    add(
      `resources[${name}]`,
      `existing and ordered machines have ${formatQuantity(used as Quantity)} already`,
    );
  }
  if (limits.spendPerHour !== undefined && usage.perHour > limits.spendPerHour) {
    add(
      "spendPerHour",
      `existing and ordered machines cost ${displayUsd(usage.perHour)} an hour already`,
    );
  }
  return violations;
}

/** A pool that may spend without end. */
export function checkMoneyIsLimited(
  { spec: { limits, price } }: GPUNodePool,
  ofClass: Limits | undefined,
): readonly Violation[] {
  const bounded = [limits, ofClass].some((one) =>
    one?.spendPerHour !== undefined || one?.spendPerDay !== undefined ||
    (one?.nodes !== undefined && price?.maxPerHour !== undefined)
  );
  return bounded ? [] : [warn(
    path,
    "nothing limits what this pool may spend",
    "set limits.spendPerHour or limits.spendPerDay",
  )];
}

function count(amount: number, one: string, many: string): string {
  return `${amount} ${amount === 1 ? one : many}`;
}
