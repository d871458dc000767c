/**
 * Whose machine it is, by its name.
 *
 * @module
 */

import type { Ownership } from "./contract.ts";

/** Judges a name such as `tgp-abc123-train-q7x2k9`: claim, Node and machine share it. */
export function decideOwnershipByName(name: string | undefined, clusterId: string): Ownership {
  const cluster = /^tgp-([a-z0-9]{6})-/.exec(name ?? "")?.[1];
  if (cluster === undefined || name === undefined) return { kind: "foreign" };
  if (cluster !== clusterId) return { kind: "otherCluster", cluster };
  return { kind: "ours", claimName: name };
}

/** Why a name cannot be a machine's, in words; `undefined` when it can. */
export function findNameProblem(name: string): string | undefined {
  return /^[a-z0-9][0-9a-z-]{0,62}$/.test(name)
    ? undefined
    : `name "${name}" is not a host name of at most 63 lower-case letters, digits and dashes`;
}
