/**
 * Whose a machine is. Pure.
 *
 * @module
 */

import type { Instance } from "../../providers/contract.ts";

/** See the module. */
export type MachineOwner =
  | { readonly kind: "claim"; readonly claimName: string }
  /** This cluster's, and no claim answers for it. */
  | { readonly kind: "orphan" }
  /** The same, but it is already on its way out. */
  | { readonly kind: "ending" }
  | { readonly kind: "cluster"; readonly clusterId: string }
  | { readonly kind: "nobody" };

/**
 * Judges a machine.
 *
 * @param claimNames All claims of this cluster, read after the machine was listed: so a claim that was
 * written in between protects its machine.
 */
export function decideOwner(
  { ownership, state }: Pick<Instance, "ownership" | "state">,
  claimNames: ReadonlySet<string>,
): MachineOwner {
  switch (ownership.kind) {
    case "foreign":
      return { kind: "nobody" };
    case "otherCluster":
      return { kind: "cluster", clusterId: ownership.cluster };
    case "ours":
      if (claimNames.has(ownership.claimName)) {
        return { kind: "claim", claimName: ownership.claimName };
      }
      return state === "terminating" || state === "terminated"
        ? { kind: "ending" }
        : { kind: "orphan" };
  }
}

/** For a table. */
export function describeOwner(owner: MachineOwner): string {
  switch (owner.kind) {
    case "cluster":
      return `cluster ${owner.clusterId}`;
    case "nobody":
      return "<none>";
    case "claim":
    case "orphan":
    case "ending":
      return owner.kind;
  }
}
