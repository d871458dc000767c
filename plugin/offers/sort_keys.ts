/**
 * How offers can be sorted.
 *
 * @module
 */

/**
 * `effective`: what can be bought first, then price per GPU-hour; `gpu-price`: price per GPU-hour;
 * `price`: price of the machine.
 */
export const offerSortKeys = ["effective", "gpu-price", "price"] as const;

/** One of them. */
export type OfferSortKey = typeof offerSortKeys[number];
