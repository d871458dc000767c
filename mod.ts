/**
 * TGP rents GPU machines for Kubernetes: this is its library surface.
 *
 * Resource types and their parsers, label, condition and reason constants, the pure decisions about
 * offers, budgets and prices, and the contract that a cloud fulfils. Importing it needs no permission
 * and does nothing.
 *
 * ```ts
 * import { formatUsd, nodePoolSchema, parseUsd, selectOffers } from "./mod.ts";
 *
 * const pool = nodePoolSchema.parse({
 *   apiVersion: "tgp.io/v1",
 *   kind: "GPUNodePool",
 *   metadata: { name: "train" },
 *   spec: { nodeClassRef: { name: "default" }, price: { maxPerGpuHour: "4.50" } },
 * });
 *
 * // Nothing is on offer yet, so nothing is bought.
 * const offers = selectOffers([], {
 *   requirements: [],
 *   resources: {},
 *   maxPerGpuHour: pool.spec.price?.maxPerGpuHour,
 *   accounts: [],
 * });
 * if (offers.length !== 0 || formatUsd(parseUsd("4.5")) !== "4.50") throw new Error("unexpected");
 * ```
 *
 * @module
 */

export * from "./providers/contract.ts";
export * from "./providers/errors.ts";
export * from "./scheduling/budget.ts";
export * from "./scheduling/emptiness.ts";
export * from "./scheduling/offer_explanation.ts";
export * from "./scheduling/offers.ts";
export * from "./scheduling/price.ts";
export * from "./scheduling/plan.ts";
export * from "./schemas/conditions.ts";
export * from "./schemas/duration.ts";
export * from "./schemas/labels.ts";
export * from "./schemas/money.ts";
export * from "./schemas/node_claim.ts";
export * from "./schemas/node_class.ts";
export * from "./schemas/node_pool.ts";
export * from "./schemas/quantity.ts";
