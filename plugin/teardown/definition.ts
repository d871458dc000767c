/**
 * `kubectl tgp teardown`, as it is called.
 *
 * @module
 */

import type { CommandDefinition } from "../command.ts";
import type { TeardownFlags } from "./flags.ts";

const text = { kind: "parsed", parse: String, optional: true } as const;
const toggle = { kind: "boolean", optional: true, withNegated: false } as const;

/** See the module. */
export const teardownDefinition: CommandDefinition<TeardownFlags, readonly []> = {
  path: ["teardown"],
  brief: "End every machine, then say that TGP can be removed",
  description:
    "Pauses the pools, so that nothing is bought meanwhile, deletes the claims, and waits until the controller has drained their nodes and ended their machines. Then asks the clouds, with the keys in the Secrets that GPUNodeClasses refer to, whether anything of this cluster is left, ends that, too, and deletes the GPUNodeClasses. Shows what will end and what it costs, and asks first. Exit status 0 only if nothing of this cluster costs money any more; 3 if you said no; 4 if an account could not be looked at; 6 if the time is up.",
  examples: [
    { comment: "Everything, before TGP is removed", words: "teardown" },
    { comment: "What would end, and what it costs", words: "teardown --dry-run=client" },
    { comment: "The machines of one pool", words: "teardown --pool train" },
    { comment: "The cluster is gone: with API keys alone", words: "teardown --local" },
    { comment: "The same, in a script", words: "teardown --local --cluster a1b2c3 --yes" },
  ],
  operands: "",
  topics: [
    {
      heading: "Without the cluster",
      lines: [
        "--local needs nothing but API keys in the environment (LAMBDA_API_KEY,",
        "PAPERSPACE_API_KEY, RUNPOD_API_KEY). It groups the machines of these accounts",
        "by the cluster in their names (tgp-CLUSTER-...), asks which one is meant, ends",
        "those machines, and waits until the clouds' complete lists lack them twice.",
        "Machines of other clusters, and what is not TGP's, are never touched.",
        "Drains nothing, and a controller that still runs would buy again: stop it first.",
      ],
    },
    {
      heading: "Ctrl-C",
      lines: [
        "Before the first claim is deleted: the pools that were paused buy again.",
        "Afterwards the controller goes on ending machines, and the pools stay paused.",
        "Run the same command again to go on waiting.",
      ],
    },
    {
      heading: "Permissions",
      lines: [
        "The ClusterRole tgp-admin, and get on the Secrets with the keys for the last check.",
      ],
    },
  ],
  parameters: {
    flags: {
      local: { ...toggle, brief: "Use the API keys in the environment; needs no cluster" },
      cluster: {
        ...text,
        brief: "With --local: the cluster's six characters, as in tgp-CLUSTER-...",
        placeholder: "",
      },
      pool: { ...text, brief: "Only the machines of this pool", placeholder: "" },
      keepClasses: { ...toggle, brief: "Do not delete the GPUNodeClasses in the end" },
      dryRun: {
        ...text,
        brief: "none|client|server: only show what would be done, or let the server check it",
        placeholder: "none",
      },
      yes: { ...toggle, brief: "Do not ask" },
      timeout: { ...text, brief: "How long to wait; 0 is for ever", placeholder: "2h" },
    },
    positional: { kind: "tuple", parameters: [] },
  },
  load: async () => (await import("./teardown.ts")).teardown,
};
