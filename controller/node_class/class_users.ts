/**
 * Who still refers to a class that is being deleted. Pure.
 *
 * Claims hold it: their machines are ended with its accounts. Pools do not, as in Karpenter: without the
 * class they buy nothing, and go on as soon as there is one of that name.
 *
 * @module
 */

/** Names of who refers to a class. */
export interface ClassUsers {
  readonly claims: readonly string[];
  readonly pools: readonly string[];
}

/** Names told; the others are counted. */
const toldNames = 3;

/** Why a deleted class is still there, for people. At least one claim refers to it. */
export function describeHolders({ claims, pools }: ClassUsers): string {
  const held = claims.length === 1
    ? `1 claim still refers to this class and is ended with its accounts: ${claims[0]}`
    : `${claims.length} claims still refer to this class and are ended with its accounts: ` +
      listNames(claims);
  const idle = pools.length === 0
    ? ""
    : `. Nothing is bought for ${pools.length === 1 ? "pool" : "pools"} ${
      listNames(pools)
    } any more`;
  return `${held}; the class goes with the last machine${idle}`;
}

function listNames(names: readonly string[]): string {
  const told = [...names].sort().slice(0, toldNames);
  const more = names.length - told.length;
  return more > 0 ? `${told.join(", ")} and ${more} more` : told.join(", ");
}
