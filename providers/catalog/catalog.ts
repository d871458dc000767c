/**
 * What one account sells, as it is published for everybody who may see prices.
 *
 * @module
 */

import type { Offer } from "../contract.ts";
import type { ProviderErrorKind } from "../errors.ts";

/** How the last reading of an account went. */
export type CatalogSource =
  | { readonly state: "ok" }
  /** Failed: the offers, if any, are those of an earlier reading. */
  | {
    readonly state: "failed";
    readonly kind: ProviderErrorKind;
    readonly message: string;
    /** Epoch milliseconds. */
    readonly at: number;
  };

/** The offers of one account of one class. */
export interface Catalog {
  /** Name of the GPUNodeClass. */
  readonly nodeClass: string;
  /** The entry of the class's providers. */
  readonly account: string;
  /** The cloud. */
  readonly provider: string;
  /** When the offers were read, in epoch milliseconds; `undefined` if they never were. */
  readonly readAt: number | undefined;
  readonly source: CatalogSource;
  readonly offers: readonly Offer[];
}
