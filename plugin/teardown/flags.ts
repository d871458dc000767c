/**
 * Flags, as given.
 *
 * @module
 */

/** Flags of `teardown`. A type alias, because stricli asks for an index signature. */
export type TeardownFlags = {
  readonly local?: boolean | undefined;
  readonly cluster?: string | undefined;
  readonly pool?: string | undefined;
  readonly keepClasses?: boolean | undefined;
  readonly dryRun?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly timeout?: string | undefined;
};
