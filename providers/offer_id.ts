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
  const text = [offer.account, offer.instanceType, offer.region ?? "", offer.capacityType].join(
    "\0",
  );
  const bytes = createHash("sha256").update(text).digest();
  let id = "of-";
  for (let index = 0; index < 8; index++) id += alphabet.charAt((bytes[index] ?? 0) & 31);
  return id;
}
