/**
 * Ids of offers.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Offer } from "./contract.ts";

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/**
 * The id of an offer: `of-` and eight characters (40 bits of SHA-256), the same for the same account,
 * type, region and capacity type, so that people and decisions can refer to it across refreshes.
 */
export function computeOfferId(
  offer: Pick<Offer, "account" | "instanceType" | "capacityType"> & {
    readonly region: string | undefined;
  },
): string {
  return toId([offer.account, offer.instanceType, offer.region ?? "", offer.capacityType]);
}

/** The id of an offer among those of several classes: accounts of two classes may share a name. */
export function toClassOfferId(offerId: string, nodeClass: string): string {
  return toId([nodeClass, offerId]);
}

function toId(parts: readonly string[]): string {
  const bytes = createHash("sha256").update(parts.join("\0")).digest();
  let id = "of-";
  for (let index = 0; index < 8; index++) id += alphabet.charAt((bytes[index] ?? 0) & 31);
  return id;
}
