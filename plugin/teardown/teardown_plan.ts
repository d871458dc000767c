/**
 * What a teardown will do. Pure.
 *
 * @module
 */

import type { EndingClaim, TeardownWorld } from "./read_cluster.ts";

/** What to tear down. */
export interface TeardownScope {
  /** Only this pool's machines; everything when absent. */
  readonly pool: string | undefined;
  readonly keepClasses: boolean;
}

/** See the module. */
export interface TeardownPlan {
  /** Names of pools that buy now. */
  readonly poolsToPause: readonly string[];
  readonly claims: readonly EndingClaim[];
  /** Names of classes that go when nothing needs them any more. */
  readonly classesToDelete: readonly string[];
}

/** Plans it. */
export function planTeardown(world: TeardownWorld, scope: TeardownScope): TeardownPlan {
  const { pool } = scope;
  const inScope = (name: string | undefined) => pool === undefined || name === pool;
  return {
    poolsToPause: world.pools
      .filter(({ metadata, paused }) => !paused && inScope(metadata.name))
      .map(({ metadata }) => metadata.name),
    claims: selectClaims(world.claims, scope),
    classesToDelete: pool !== undefined || scope.keepClasses
      ? []
      : world.classes.map(({ metadata }) => metadata.name),
  };
}

/** The claims that a teardown ends. */
export function selectClaims(
  claims: readonly EndingClaim[],
  { pool }: Pick<TeardownScope, "pool">,
): readonly EndingClaim[] {
  return claims.filter((claim) => pool === undefined || claim.pool === pool);
}
