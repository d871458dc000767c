/**
 * Flags, as given.
 *
 * @module
 */

/** Flags as given. A type alias, because stricli asks for an index signature. */
export type OffersFlags = {
  readonly output?: string | undefined;
  readonly noHeaders?: boolean | undefined;
  readonly local?: boolean | undefined;
  readonly class?: string | undefined;
  readonly provider?: string | undefined;
  readonly region?: string | undefined;
  readonly country?: string | undefined;
  readonly price?: string | undefined;
  readonly totalPrice?: string | undefined;
  readonly available?: boolean | undefined;
  readonly sortBy?: string | undefined;
  readonly limit?: string | undefined;
  readonly failEmpty?: boolean | undefined;
  readonly strict?: boolean | undefined;
};
