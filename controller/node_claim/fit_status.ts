/**
 * A claim's status as the schema holds it.
 *
 * @module
 */

import type { NodeClaimStatus } from "../../schemas/node_claim.ts";
import { isWithin } from "../../schemas/text.ts";
import { vendorWordLimits } from "../../schemas/vendor_words.ts";
import { cutText } from "../cut_text.ts";

/** Addresses that a status holds. */
const maxAddresses = 8;

/**
 * Cuts what is only shown: a status that is too long could never be written, and the claim would be stuck.
 * Ids stay whole; `vendorWordLimits` has room for them. The same again for a status that fits.
 */
export function fitStatus(patch: NodeClaimStatus): NodeClaimStatus {
  const { launch, end, refusedOffers, conditions, instanceState, addresses } = patch;
  return {
    ...patch,
    ...(launch?.message === undefined
      ? {}
      : { launch: { ...launch, message: cutText(launch.message, 2048) } }),
    ...(end ? { end: { ...end, message: cutText(end.message, 2048) } } : {}),
    ...(refusedOffers
      ? {
        refusedOffers: refusedOffers.map((offer) => ({
          ...offer,
          description: cutText(offer.description, 256),
          message: cutText(offer.message, 1024),
        })),
      }
      : {}),
    ...(conditions
      ? {
        conditions: conditions.map((condition) => ({
          ...condition,
          message: cutText(condition.message, 32768),
        })),
      }
      : {}),
    ...(instanceState === undefined
      ? {}
      : { instanceState: cutText(instanceState, vendorWordLimits.instanceState) }),
    ...(addresses ? { addresses: fitAddresses(addresses) } : {}),
  };
}

/** Half an address is none. */
function fitAddresses(addresses: readonly string[]): string[] {
  return addresses.filter((address) => isWithin(address, vendorWordLimits.address))
    .slice(0, maxAddresses);
}
