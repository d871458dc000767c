/**
 * `kubectl tgp providers`, as it is called.
 *
 * @module
 */

import type { CommandDefinition } from "../command.ts";
import { listFormats } from "../output/list_formats.ts";
import type { CheckProvidersFlags, ProvidersFlags } from "./flags.ts";

const text = { kind: "parsed", parse: String, optional: true } as const;
const toggle = { kind: "boolean", optional: true, withNegated: false } as const;

/** See the module. */
export const providersDefinition: CommandDefinition<ProvidersFlags, readonly string[]> = {
  path: ["providers"],
  brief: "List accounts: what they offer, and whether they can buy",
  description:
    "One row per account of a GPUNodeClass, from what the controller last wrote there. OFFERS are those that can be bought now, and all; KEY (-o wide) is the first characters of the key's SHA-256.",
  examples: [
    { comment: "Every account", words: "providers" },
    {
      comment: "With keys, identities and breakers, of one class",
      words: "providers default -o wide",
    },
    { comment: "Prove the keys", words: "providers check" },
  ],
  operands: "[NAME...]",
  parameters: {
    flags: {
      output: {
        ...text,
        brief: `Output format: ${listFormats.join("|")}`,
        placeholder: "table",
      },
      noHeaders: { ...toggle, brief: "No header line" },
    },
    aliases: { o: "output" },
    positional: {
      kind: "array",
      parameter: {
        parse: String,
        brief: "Names of classes, or of accounts in them",
        placeholder: "NAME",
      },
    },
  },
  load: async () => (await import("./providers.ts")).providers,
};

/** `kubectl tgp providers check`. */
export const checkProvidersDefinition: CommandDefinition<
  CheckProvidersFlags,
  readonly string[]
> = {
  path: ["providers", "check"],
  brief: "Prove API keys: identity, list, launch, billing, quota",
  description:
    "Asks the clouds themselves, all at once, without renting anything. The keys are those in the Secrets that GPUNodeClasses refer to, or with --local those in the environment (LAMBDA_API_KEY, PAPERSPACE_API_KEY, RUNPOD_API_KEY). A key is shown by its fingerprint alone, the one that the class's status has. Exit status 3 if any check fails; unknown is what a cloud has no way to tell.",
  examples: [
    { comment: "Every account of every class", words: "providers check" },
    { comment: "One class, for a script", words: "providers check default -o json" },
    { comment: "Keys in the environment, without a cluster", words: "providers check --local" },
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
      output: { ...text, brief: "Output format: table|json|yaml", placeholder: "table" },
      noHeaders: { ...toggle, brief: "No header line" },
      local: { ...toggle, brief: "Check the API keys in the environment instead" },
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
  load: async () => (await import("./check_providers.ts")).checkProviders,
};
