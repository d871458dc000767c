/**
 * `kubectl tgp pools`, as it is called.
 *
 * @module
 */

import type { CommandDefinition } from "../command.ts";
import { listFormats } from "../output/list_formats.ts";
import type { DescribePoolFlags, PoolsFlags } from "./flags.ts";

/** See the module. */
export const poolsDefinition: CommandDefinition<PoolsFlags, readonly string[]> = {
  path: ["pools"],
  brief: "List pools: what they run and cost, and whether they can buy",
  description:
    "One row per GPUNodePool. NODES, GPUS and $/H count from the moment a machine is ordered; the number after the slash is the limit.",
  examples: [
    { comment: "Every pool", words: "pools" },
    { comment: "What a pool would buy next, and why not more", words: "pools describe train" },
  ],
  operands: "[NAME...]",
  parameters: {
    flags: {
      output: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: `Output format: ${listFormats.join("|")}`,
        placeholder: "table",
      },
      noHeaders: { kind: "boolean", optional: true, withNegated: false, brief: "No header line" },
    },
    aliases: { o: "output" },
    positional: {
      kind: "array",
      parameter: { parse: String, brief: "Names of pools", placeholder: "NAME" },
    },
  },
  load: async () => (await import("./pools.ts")).pools,
};

/** `kubectl tgp pools describe`. */
export const describePoolDefinition: CommandDefinition<DescribePoolFlags, readonly [string]> = {
  path: ["pools", "describe"],
  brief: "Show one pool: limits, claims, what it buys next and why",
  description:
    "Buys next ranks the published offers as the controller does, for a Pod that asks for one GPU and nothing else. Decided is what the controller itself last made of the pods that waited: who is not served and why, what was bought and why that.",
  examples: [{ comment: "Everything about the pool train", words: "pools describe train" }],
  operands: "NAME",
  parameters: {
    flags: {},
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, brief: "Name of the pool", placeholder: "NAME" }],
    },
  },
  load: async () => (await import("./describe_pool.ts")).describePool,
};
