/**
 * Flags, as given.
 *
 * @module
 */

/** Flags as given. A type alias, because stricli asks for an index signature. */
export type ProvidersFlags = {
  readonly output?: string | undefined;
  readonly noHeaders?: boolean | undefined;
};

/** Flags of `providers check`. */
export type CheckProvidersFlags = {
  readonly output?: string | undefined;
  readonly noHeaders?: boolean | undefined;
  readonly local?: boolean | undefined;
};
