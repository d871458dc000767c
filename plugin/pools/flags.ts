/**
 * Flags, as given.
 *
 * @module
 */

/** Flags as given. A type alias, because stricli asks for an index signature. */
export type PoolsFlags = {
  readonly output?: string | undefined;
  readonly noHeaders?: boolean | undefined;
};

/** `pools describe` has no flags of its own. */
export type DescribePoolFlags = Record<never, never>;
