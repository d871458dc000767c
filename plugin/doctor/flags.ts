/**
 * Flags, as given.
 *
 * @module
 */

/** Flags of `doctor`. A type alias, because stricli asks for an index signature. */
export type DoctorFlags = {
  readonly output?: string | undefined;
  readonly noHeaders?: boolean | undefined;
  readonly strict?: boolean | undefined;
};
