/**
 * Flags, as given.
 *
 * @module
 */

/** Flags of `instances`. A type alias, because stricli asks for an index signature. */
export type InstancesFlags = {
  readonly output?: string | undefined;
  readonly noHeaders?: boolean | undefined;
  readonly local?: boolean | undefined;
  readonly orphans?: boolean | undefined;
  readonly strict?: boolean | undefined;
};
