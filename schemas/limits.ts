/**
 * Limits on what may be running and what it may cost.
 *
 * @module
 */

import { z } from "zod";
import { positiveUsdSchema } from "./money.ts";
import { resourceLimitsSchema } from "./quantity.ts";

/** Limits; each counts from the moment a purchase is intended, at its price ceiling. */
export const limitsSchema = z.object({
  nodes: z.int32().min(1).optional().describe("Most machines at a time"),
  resources: resourceLimitsSchema.optional().describe(
    "Most resources at a time, for example nvidia.com/gpu, cpu, memory",
  ),
  spendPerHour: positiveUsdSchema.optional().describe("Most US dollars per hour at a time"),
  spendPerDay: positiveUsdSchema.optional().describe(
    "Most US dollars per UTC day; buying stops when it is reached, running machines stay",
  ),
}).describe("Upper bounds on what may be bought");

/** Limits on what may be running and what it may cost. */
export type Limits = z.infer<typeof limitsSchema>;
