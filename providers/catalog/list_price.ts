/**
 * What a vendor lists, whatever the account pays.
 *
 * @module
 */

import type { MicroUsd } from "../../schemas/money.ts";
import type { Offer } from "../contract.ts";

/** The listed price of the machine for one hour. */
export function listPriceOf({ price }: Pick<Offer, "price">): MicroUsd {
  return price.listPerHour ?? price.perHour;
}
