/**
 * `kubectl tgp offers`, as it is called.
 *
 * @module
 */

import type { CommandDefinition } from "../command.ts";
import { listFormats } from "../output/list_formats.ts";
import { offerSortKeys } from "./sort_keys.ts";
import type { OffersFlags } from "./flags.ts";

const text = { kind: "parsed", parse: String, optional: true } as const;
const toggle = { kind: "boolean", optional: true, withNegated: false } as const;

/** See the module. */
export const offersDefinition: CommandDefinition<OffersFlags, readonly [string | undefined]> = {
  path: ["offers"],
  brief: "List what can be bought now, cheapest useful first",
  description:
    "Prices and stock come from what the controller published, and SEEN says how old they are; a cloud that did not answer is named below. With --local the clouds are asked directly, all at once, with the API keys in the environment (LAMBDA_API_KEY, PAPERSPACE_API_KEY, RUNPOD_API_KEY). NOTE marks machines that could not join the cluster, which are not bought.",
  examples: [
    { comment: "Everything on offer", words: "offers" },
    {
      comment: "Eight H100 with NVLink, in the United States, under 4 dollars per GPU-hour",
      words: "offers H100-SXM:8 --country us --price ..4",
    },
    {
      comment: "Anything with 80 GB or more that can be bought now",
      words: "offers 80GB.. --available",
    },
    { comment: "Without a cluster, for a script", words: "offers --local -o json" },
  ],
  operands: "[QUERY]",
  topics: [{
    heading: "Query",
    lines: [
      "[vendor:]MODEL[,MODEL][:VRAM][:COUNT]     any part may be missing; ranges a..b, a.., ..b",
      "H100   A100:80GB   24GB..48GB:1   nvidia:4..8   H100-SXM:8   RTX4090,RTX5090",
    ],
  }],
  parameters: {
    flags: {
      output: {
        ...text,
        brief: `Output format: ${listFormats.join("|")}`,
        placeholder: "table",
      },
      noHeaders: { ...toggle, brief: "No header line" },
      local: { ...toggle, brief: "Ask the clouds directly, with API keys from the environment" },
      class: {
        ...text,
        brief: "Only this GPUNodeClass; with --local, ids as it publishes them",
        placeholder: "NAME",
      },
      provider: {
        ...text,
        brief: "Only these clouds, comma-separated; ! excludes",
        placeholder: "",
      },
      region: {
        ...text,
        brief: "Only these regions, by the cloud's own codes, comma-separated; ! excludes",
        placeholder: "",
      },
      country: {
        ...text,
        brief: "Only these countries, by two-letter codes, comma-separated; ! excludes",
        placeholder: "",
      },
      price: {
        ...text,
        brief: "Range of US dollars per GPU-hour, such as ..2.50",
        placeholder: "",
      },
      totalPrice: {
        ...text,
        brief: "Range of US dollars per hour for the machine, such as ..20",
        placeholder: "",
      },
      available: { ...toggle, brief: "Leave out what is sold out or would not be bought" },
      sortBy: {
        ...text,
        brief: `One of ${offerSortKeys.join("|")}; a - before it reverses`,
        placeholder: "effective",
      },
      limit: {
        ...text,
        brief: "Most rows to show; 0 is all. 20 in tables, all in other formats",
        placeholder: "",
      },
      failEmpty: { ...toggle, brief: "Exit with status 3 if nothing matches" },
      strict: { ...toggle, brief: "Exit with status 4 if a cloud did not answer" },
    },
    aliases: { o: "output" },
    positional: {
      kind: "tuple",
      parameters: [{
        parse: String,
        optional: true,
        brief: "What to look for",
        placeholder: "QUERY",
      }],
    },
  },
  load: async () => (await import("./offers.ts")).offers,
};
