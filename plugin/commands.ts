/**
 * Every command.
 *
 * @module
 */

import { claimsDefinition } from "./claims/definition.ts";
import type { CommandHelp } from "./command.ts";
import { doctorDefinition } from "./doctor/definition.ts";
import { instancesDefinition } from "./instances/definition.ts";
import { offersDefinition } from "./offers/definition.ts";
import { optionsDefinition } from "./options/definition.ts";
import { describePoolDefinition, poolsDefinition } from "./pools/definition.ts";
import { checkProvidersDefinition, providersDefinition } from "./providers/definition.ts";
import { teardownDefinition } from "./teardown/definition.ts";
import { versionDefinition } from "./version/definition.ts";

/** In the order of help. */
export const commands: readonly CommandHelp[] = [
  offersDefinition,
  poolsDefinition,
  describePoolDefinition,
  claimsDefinition,
  providersDefinition,
  checkProvidersDefinition,
  instancesDefinition,
  doctorDefinition,
  teardownDefinition,
  versionDefinition,
  optionsDefinition,
];

/** The singular works, too: nobody should have to remember which it is. */
export const nounAliases: Readonly<Record<string, string>> = {
  offer: "offers",
  pool: "pools",
  claim: "claims",
  provider: "providers",
  instance: "instances",
};

/**
 * The words as the commands are called: singular nouns in the plural, and `get pools`, which kubectl's
 * users type without thinking, as `pools`.
 */
export function normalizeWords(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words[0] === "get" && words.length > 1 ? words.slice(1) : words;
  if (first === undefined) return [];
  return [Object.hasOwn(nounAliases, first) ? nounAliases[first] ?? first : first, ...rest];
}

/** The command that the first words call; the longest match counts. */
export function findCommand(words: readonly string[]): CommandHelp | undefined {
  return commands
    .filter(({ path }) => path.every((word, index) => words[index] === word))
    .sort((left, right) => right.path.length - left.path.length)[0];
}
