/**
 * Which accounts the words on the command line mean.
 *
 * @module
 */

import { PluginError } from "../plugin_error.ts";

/** What an account is called. */
export interface AccountName {
  readonly nodeClass: string;
  /** The entry of the class's providers. */
  readonly name: string;
}

/**
 * The accounts of the classes that are named, and the accounts that are; all without a name.
 *
 * @throws {PluginError} For a name that is neither; lists what there is.
 */
export function selectAccounts<T extends AccountName>(
  accounts: readonly T[],
  names: readonly string[],
): readonly T[] {
  const means = (word: string, { nodeClass, name }: AccountName) =>
    word === nodeClass || word === name || word === `${nodeClass}/${name}`;
  for (const word of names) {
    if (accounts.some((account) => means(word, account))) continue;
    throw new PluginError(`there is no class or account "${word}"`, {
      remedy: [
        accounts.length === 0
          ? "There is no GPUNodeClass at all: see manifests/examples/ for one."
          : `There are ${accounts.map(({ nodeClass, name }) => `${nodeClass}/${name}`).join(", ")}`,
      ],
    });
  }
  return names.length === 0
    ? accounts
    : accounts.filter((account) => names.some((word) => means(word, account)));
}

/** Orders accounts by class and name. */
export function compareAccounts(left: AccountName, right: AccountName): number {
  const [a, b] = [left, right].map(({ nodeClass, name }) => `${nodeClass}/${name}`);
  return (a ?? "") < (b ?? "") ? -1 : 1;
}
