/**
 * What may still be bought while a plan is being made.
 *
 * @module
 */

import type { Limits } from "../../schemas/limits.ts";
import type { MicroUsd } from "../../schemas/money.ts";
import type { Quantity, Resources } from "../../schemas/quantity.ts";
import {
  addPurchase,
  type Budget,
  checkPurchase,
  type LimitRefusal,
  type Purchase,
} from "../budget.ts";
import type { Option, Template } from "./options.ts";

/** The budgets of all pools and classes, less what the plan buys. */
export class Wallet {
  readonly #pools: Map<string, Budget>;
  readonly #classes: Map<string, Budget>;
  /** Whether a purchase was refused since this wallet was made. */
  refused = false;

  private constructor(pools: Map<string, Budget>, classes: Map<string, Budget>) {
    this.#pools = pools;
    this.#classes = classes;
  }

  /** A wallet with the budgets of the templates' pools and classes. */
  static of(templates: readonly Template[]): Wallet {
    const pools = new Map<string, Budget>();
    const classes = new Map<string, Budget>();
    for (const { pool, nodeClass } of templates) {
      const { limits } = pool.spec;
      pools.set(pool.name, { scope: "pool", name: pool.name, limits, usage: pool.usage });
      classes.set(nodeClass.name, {
        scope: "class",
        name: nodeClass.name,
        limits: nodeClass.limits,
        usage: nodeClass.usage,
      });
    }
    return new Wallet(pools, classes);
  }

  /** Whether any limit could refuse a purchase for this template. */
  isLimited(template: Template): boolean {
    return hasLimit(template.pool.spec.limits) || hasLimit(template.nodeClass.limits);
  }

  /** The limit that forbids a purchase. */
  check(template: Template, purchase: Purchase): LimitRefusal | undefined {
    const refusal = checkPurchase(this.#budgets(template), purchase);
    if (refusal) this.refused = true;
    return refusal;
  }

  /** Counts a purchase. */
  take(template: Template, purchase: Purchase): void {
    this.#change(template, (budget) => ({ ...budget, usage: addPurchase(budget.usage, purchase) }));
  }

  /** Takes a purchase back. */
  giveBack(template: Template, { resources, perHour }: Purchase): void {
    this.#change(template, (budget) => ({
      ...budget,
      usage: {
        nodes: budget.usage.nodes - 1,
        resources: subtract(budget.usage.resources, resources),
        perHour: (budget.usage.perHour - perHour) as MicroUsd,
        spentToday: budget.usage.spentToday,
      },
    }));
  }

  /** An independent copy. */
  clone(): Wallet {
    const copy = new Wallet(new Map(this.#pools), new Map(this.#classes));
    copy.refused = this.refused;
    return copy;
  }

  #budgets({ pool, nodeClass }: Template): Budget[] {
    return [this.#pools.get(pool.name), this.#classes.get(nodeClass.name)].flatMap((budget) =>
      budget ?? []
    );
  }

  #change({ pool, nodeClass }: Template, change: (budget: Budget) => Budget): void {
    const poolBudget = this.#pools.get(pool.name);
    const classBudget = this.#classes.get(nodeClass.name);
    if (poolBudget) this.#pools.set(pool.name, change(poolBudget));
    if (classBudget) this.#classes.set(nodeClass.name, change(classBudget));
  }
}

/** The purchase that an option is. */
export function purchaseOf({ offer }: Option): Purchase {
  return { resources: offer.capacity, perHour: offer.price.perHour };
}

function hasLimit(limits: Limits | undefined): boolean {
  if (!limits) return false;
  const { nodes, resources, spendPerHour, spendPerDay } = limits;
  return nodes !== undefined || spendPerHour !== undefined || spendPerDay !== undefined ||
    Object.keys(resources ?? {}).length > 0;
}

function subtract(left: Resources, right: Resources): Resources {
  const rest: Record<string, Quantity> = { ...left };
  for (const [name, amount] of Object.entries(right)) {
    rest[name] = ((rest[name] ?? 0) - amount) as Quantity;
  }
  return rest;
}
