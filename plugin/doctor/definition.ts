/**
 * `kubectl tgp doctor`, as it is called.
 *
 * @module
 */

import type { CommandDefinition } from "../command.ts";
import type { DoctorFlags } from "./flags.ts";

const toggle = { kind: "boolean", optional: true, withNegated: false } as const;

/** See the module. */
export const doctorDefinition: CommandDefinition<DoctorFlags, readonly []> = {
  path: ["doctor"],
  brief: "Check the installation, and whether machines can join",
  description:
    "Looks at the cluster without changing anything, all at once, at most ten seconds each: what is served, who judges configuration, what the controller may do and whether it works, whether machines can join and only those, and what each class says. Below the table: what to do. Exit status 3 if any check fails; warnings are no failures. What you may not look at is unknown, with what looking needs; with --strict, that is status 4.",
  examples: [
    { comment: "Everything", words: "doctor" },
    { comment: "What fails, for a script", words: "doctor -o json" },
  ],
  operands: "",
  topics: [{
    heading: "Checks",
    lines: [
      "api-server        it answers, and is new enough",
      "crds              TGP's kinds are served, in the version that this plugin knows",
      "webhook           it is there, trusted, and some replica is ready",
      "webhook-answer    it refuses a class that cannot work (asked for show)",
      "rbac              the controller may do what its code does",
      "controller        one leads, with a clock that is right",
      "clock             this machine's clock agrees with the API server's",
      "approver          nobody but TGP approves machines' certificates",
      "bootstrap-tokens  the API server accepts them, as far as can be seen",
      "join-config       machines find, and may read, what kubeadm join reads",
      "gpu-plugin        something tells Kubernetes about GPUs",
      "endpoint          machines can reach the API server (per class)",
      "certificate       it is for that address, by whom machines trust (per class)",
      "ca                what machines are told to trust (per class)",
      "kubelet-version   it fits the API server's (per class)",
      "keys, catalog     what the controller says of the class",
    ],
  }, {
    heading: "Permissions",
    lines: [
      "An administrator of the cluster sees everything. Others see what tgp-viewer",
      "shows; prove keys with: kubectl tgp providers check",
    ],
  }],
  parameters: {
    flags: {
      output: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "Output format: table|json|yaml",
        placeholder: "table",
      },
      noHeaders: { ...toggle, brief: "No header line" },
      strict: { ...toggle, brief: "Exit status 4 if anything could not be looked at" },
    },
    aliases: { o: "output" },
    positional: { kind: "tuple", parameters: [] },
  },
  load: async () => (await import("./doctor.ts")).doctor,
};
