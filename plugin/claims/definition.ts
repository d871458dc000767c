/**
 * `kubectl tgp claims`, as it is called.
 *
 * @module
 */

import type { CommandDefinition } from "../command.ts";
import { listFormats } from "../output/list_formats.ts";
import type { ClaimsFlags } from "./flags.ts";

/** See the module. */
export const claimsDefinition: CommandDefinition<ClaimsFlags, readonly string[]> = {
  path: ["claims"],
  brief: "List purchases: machines wanted, rented or being given back",
  description:
    "One row per GPUNodeClaim, with what it costs from the moment it is ordered. STEP says how far a boot is, or why the claim ends.",
  examples: [
    { comment: "Every claim, with cloud and price", words: "claims" },
    {
      comment: "The claims of one pool, with their machine types",
      words: "claims --pool train -o wide",
    },
    { comment: "What is running now, for a script", words: "claims -o json" },
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
      pool: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "Only claims of this pool",
        placeholder: "name",
      },
    },
    aliases: { o: "output" },
    positional: {
      kind: "array",
      parameter: { parse: String, brief: "Names of claims", placeholder: "NAME" },
    },
  },
  load: async () => (await import("./claims.ts")).claims,
};
