/**
 * Flags, as given.
 *
 * @module
 */

/** Flags as given. A type alias, because stricli asks for an index signature. */
export type ClaimsFlags = {
  readonly output?: string | undefined;
  readonly noHeaders?: boolean | undefined;
  readonly pool?: string | undefined;
};
