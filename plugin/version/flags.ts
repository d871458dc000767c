/**
 * Flags, as given.
 *
 * @module
 */

/** Flags as given. A type alias, because stricli asks for an index signature. */
export type VersionFlags = {
  readonly output?: string | undefined;
  readonly client?: boolean | undefined;
};
