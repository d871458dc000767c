/**
 * Limits on what may be running and what it may cost.
 *
 * @module
 */

import { z } from "zod";
import { positiveUsdSchema } from "./money.ts";
import { resourceLimitsSchema } from "./quantity.ts";
import { celList } from "./rules/cel.ts";

/** A limit on what no node has would never be reached: `gpu`, say, for `nvidia.com/gpu`. */
const isNoResource = `!k.contains('/') && !(k in ${
  celList(["cpu", "memory", "ephemeral-storage", "pods"])
})`;
const resourceRemedy =
  "write cpu, memory, ephemeral-storage, or a name with its domain, such as nvidia.com/gpu";

/** Limits; each counts from the moment a purchase is intended, at its price ceiling. */
export const limitsSchema = z.object({
  nodes: z.int32().min(1).optional().describe(
    "Most machines that exist or are on order at a time",
  ),
  resources: resourceLimitsSchema.meta({
    cel: [{
      rule: `!self.exists(k, ${isNoResource})`,
      message: `resources are called as nodes call them: ${resourceRemedy}`,
      messageExpression:
        `'no node has a resource called "' + self.filter(k, ${isNoResource})[0] + '": ${resourceRemedy}'`,
    }],
  }).optional().describe(
    "Most of each resource that the machines that exist or are on order may have together, at their full capacity: cpu, memory, ephemeral-storage, or devices such as nvidia.com/gpu",
  ),
  spendPerHour: positiveUsdSchema.optional().describe(
    'Most US dollars per hour that these machines may cost together, as a string such as "20" or "2.39"',
  ),
  spendPerDay: positiveUsdSchema.optional().describe(
    "Most US dollars per day, from 00:00 UTC. A machine is bought only if what the day has cost so far, plus one more hour of everything, stays within it; machines that run are not ended for it",
  ),
}).describe(
  "Upper bounds; a purchase that would pass one is not made, and what runs stays. An order counts from before it is sent, at the most that it may cost",
);

/** Limits on what may be running and what it may cost. */
export type Limits = z.infer<typeof limitsSchema>;
