/**
 * `kubectl tgp version`, as it is called.
 *
 * @module
 */

import type { CommandDefinition } from "../command.ts";
import type { VersionFlags } from "./flags.ts";

/** See the module. */
export const versionDefinition: CommandDefinition<VersionFlags, readonly []> = {
  path: ["version"],
  brief: "Print the versions of the plugin and of the cluster",
  description:
    "The cluster's part is its API server's version; where it cannot be asked, a message says why.",
  examples: [
    { comment: "Of the plugin alone, without asking the cluster", words: "version --client" },
  ],
  operands: "",
  parameters: {
    flags: {
      output: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "Output format: json|yaml",
        placeholder: "text",
      },
      client: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Of the plugin only, without asking the cluster",
      },
    },
    aliases: { o: "output" },
  },
  load: async () => (await import("./version.ts")).version,
};
