/**
 * Limits that leave no room for a single machine.
 *
 * @module
 */

import type { Offer } from "../../../providers/contract.ts";
import { describeOffer } from "../../../scheduling/nearest_miss.ts";
import type { Limits } from "../../../schemas/limits.ts";
import { displayUsd } from "../../../schemas/money.ts";
import { formatQuantity, type Quantity } from "../../../schemas/quantity.ts";
import { type Violation, warn } from "./violation.ts";

const path = "spec.limits";

/** Whether an offer alone stays within limits. */
export function isWithinLimits(
  { capacity, price }: Offer,
  limits: Limits | undefined,
): boolean {
  if (limits === undefined) return true;
  const { spendPerHour = Infinity, spendPerDay = Infinity, resources = {} } = limits;
  if (price.perHour > spendPerHour || price.perHour > spendPerDay) return false;
  for (const name in resources) {
    if (amountOf(capacity, name) > (resources[name] ?? Infinity)) return false;
  }
  return true;
}

/**
 * Every limit that none of the offers stays within.
 *
 * @param offers Those that could be bought but for the limits, cheapest first.
 */
export function checkRoomForOne(
  limits: Limits | undefined,
  offers: readonly Offer[],
): readonly Violation[] {
  const [cheapest] = offers;
  if (limits === undefined || cheapest === undefined) return [];
  const violations: Violation[] = [];
  for (const [name, most] of Object.entries(limits.resources ?? {})) {
    const least = leastOf(offers, name);
    if (least <= most) continue;
    violations.push(warn(
      `${path}.resources[${name}]`,
      `every machine that fits has more, ${formatQuantity(least as Quantity)} at least`,
      "raise the limit, or allow smaller machines",
    ));
  }
  for (const name of ["spendPerHour", "spendPerDay"] as const) {
    const most = limits[name];
    if (most === undefined || cheapest.price.perHour <= most) continue;
    violations.push(warn(
      `${path}.${name}`,
      `${displayUsd(most)} is less than one hour of any machine that fits`,
      `the cheapest is ${describeOffer(cheapest)}`,
    ));
  }
  return violations;
}

function amountOf(capacity: Offer["capacity"], name: string): number {
  return Object.hasOwn(capacity, name) ? capacity[name] ?? 0 : 0;
}

function leastOf(offers: readonly Offer[], name: string): number {
  return offers.reduce(
    (least, { capacity }) => Math.min(least, amountOf(capacity, name)),
    Infinity,
  );
}
