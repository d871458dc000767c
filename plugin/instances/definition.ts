/**
 * `kubectl tgp instances`, as it is called.
 *
 * @module
 */

import type { CommandDefinition } from "../command.ts";
import { listFormats } from "../output/list_formats.ts";
import type { InstancesFlags } from "./flags.ts";

const toggle = { kind: "boolean", optional: true, withNegated: false } as const;

/** See the module. */
export const instancesDefinition: CommandDefinition<InstancesFlags, readonly string[]> = {
  path: ["instances"],
  brief: "List machines at the clouds, and whose they are",
  description:
    "Asks the clouds themselves, all at once: one row per machine in the accounts, whoever rented it. OWNER is the claim it was rented for, orphan (this cluster's, but no claim answers for it: the controller ends it within minutes), ending (the same on its way out), cluster ID (another cluster's) or <none> (not TGP's; never touched). The keys are those in the Secrets that GPUNodeClasses refer to, or with --local those in the environment; without a cluster, nobody knows which machines have a claim, so that only the cluster is shown.",
  examples: [
    { comment: "Every machine of every account", words: "instances" },
    { comment: "For a cron job: status 3 if something runs on", words: "instances --orphans" },
    { comment: "Without a cluster", words: "instances --local" },
  ],
  operands: "[NAME...]",
  topics: [{
    heading: "Permissions",
    lines: [
      "Reading the keys needs get on their Secrets, which tgp-viewer does not include:",
      "kubectl create role tgp-keys -n tgp-system --verb=get --resource=secrets --resource-name=NAME",
    ],
  }],
  parameters: {
    flags: {
      output: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: `Output format: ${listFormats.join("|")}`,
        placeholder: "table",
      },
      noHeaders: { ...toggle, brief: "No header line" },
      local: { ...toggle, brief: "Use the API keys in the environment instead" },
      orphans: { ...toggle, brief: "Only orphans; exit status 3 if there is any" },
      strict: { ...toggle, brief: "Exit status 4 if an account could not be listed" },
    },
    aliases: { o: "output" },
    positional: {
      kind: "array",
      parameter: {
        parse: String,
        brief: "Names of classes, or of accounts in them; with --local of clouds",
        placeholder: "NAME",
      },
    },
  },
  load: async () => (await import("./instances.ts")).instances,
};
