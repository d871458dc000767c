/**
 * Rules for the accounts of a GPUNodeClass: the cloud's own block at its own cloud, each account once.
 *
 * An entry whose cloud is not known is nobody's here: the webhook names the clouds that there are.
 *
 * @module
 */

import { type CloudNames, cloudNames } from "../clouds/clouds.ts";
import { celList, type CelRule, celString } from "./cel.ts";

/** What an entry calls its cloud. */
function cloudOf(entry: string): string {
  return `(has(${entry}.provider) ? ${entry}.provider : ${entry}.name)`;
}

/** The cloud by its canonical name; an unknown one as it is written. */
function canonicalCloudOf(entry: string): string {
  const cloud = cloudOf(entry);
  return cloudNames.filter(({ aliases }) => aliases.length > 0).reduce(
    (otherwise, { name, aliases }) =>
      `(${cloud} in ${celList(aliases)} ? ${celString(name)} : ${otherwise})`,
    cloud,
  );
}

function spellings({ name, aliases }: CloudNames): readonly string[] {
  return [name, ...aliases];
}

function toBlockRules(cloud: CloudNames): readonly CelRule[] {
  const { name, blockNeededFor } = cloud;
  const others = cloudNames.filter((other) => other !== cloud).flatMap(spellings);
  const remedy = `remove them, or set provider: ${name}`;
  const foreign: CelRule = {
    rule: `!has(self.${name}) || !(${cloudOf("self")} in ${celList(others)})`,
    message:
      `this account is at another cloud, where settings for ${name} have no effect: ${remedy}`,
    messageExpression: `'this account is at ' + ${cloudOf("self")} + ` +
      `', where settings for ${name} have no effect: ${remedy}'`,
    fieldPath: `.${name}`,
    reason: "FieldValueForbidden",
  };
  if (blockNeededFor === undefined) return [foreign];
  return [foreign, {
    rule: `has(self.${name}) || !(${cloudOf("self")} in ${celList(spellings(cloud))})`,
    message: blockNeededFor,
    fieldPath: `.${name}`,
    reason: "FieldValueRequired",
  }];
}

/** Of one entry. */
export const entryRules: readonly CelRule[] = cloudNames.flatMap(toBlockRules);

const isTwin = (left: string, right: string) =>
  `${left}.name != ${right}.name && ${left}.credentialsRef == ${right}.credentialsRef && ` +
  `${canonicalCloudOf(left)} == ${canonicalCloudOf(right)}`;

const twinRemedy = "keep one of its entries, or give each the key of another account";

/** Of all entries: one account under two names would be bought from, counted and limited twice. */
export const twinRule: CelRule = {
  rule: `self.all(a, !self.exists(b, ${isTwin("a", "b")}))`,
  message: `an account, which is one key at one cloud, is listed once at most: ${twinRemedy}`,
  messageExpression: `'"' + self.map(a, self.exists(b, ${isTwin("a", "b")}), a.name)[0] + ` +
    `'" is listed under another name, too, with the same key at the same cloud: ${twinRemedy}'`,
};
