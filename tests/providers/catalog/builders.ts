/**
 * Offers and catalogs for tests.
 *
 * @module
 */

import fc from "fast-check";
import type { Catalog } from "../../../providers/catalog/catalog.ts";
import type { Offer } from "../../../providers/contract.ts";
import { computeOfferId } from "../../../providers/offer_id.ts";
import { seconds } from "../../../schemas/duration.ts";
import { divideUsd, parseUsd } from "../../../schemas/money.ts";
import { gibibytes, wholeQuantity } from "../../../schemas/quantity.ts";

/** What tests vary. */
export interface OfferChange {
  readonly account?: string;
  readonly provider?: string;
  readonly instanceType?: string;
  readonly region?: string | undefined;
  readonly model?: string | undefined;
  readonly count?: number;
  readonly perHour?: string;
  readonly readAt?: number;
}

/** An offer. */
export function createOffer(change: OfferChange = {}): Offer {
  const account = change.account ?? "lambda";
  const instanceType = change.instanceType ?? "gpu_1x_h100_sxm5";
  const region = "region" in change ? change.region : "us-south-2";
  const model = "model" in change ? change.model : "H100-SXM5-80GB";
  const count = change.count ?? 1;
  const perHour = parseUsd(change.perHour ?? "4.29");
  const resources = { cpu: wholeQuantity(26), memory: gibibytes(225) };
  return {
    id: computeOfferId({ account, instanceType, region, capacityType: "on-demand" }),
    account,
    provider: change.provider ?? "lambda",
    instanceType,
    capacityType: "on-demand",
    location: {
      region,
      country: region === undefined ? undefined : "us",
      continent: region === undefined ? undefined : "na",
    },
    gpu: model === undefined ? undefined : { model, known: true, count, memoryGb: 80 },
    arch: "amd64",
    capacity: resources,
    allocatable: resources,
    labels: { "tgp.io/provider": "lambda" },
    price: {
      perHour,
      perGpuHour: divideUsd(perHour, model === undefined ? 1 : count),
      currency: "USD",
      billingIncrement: seconds(60),
      source: "api",
      readAt: change.readAt ?? 1_000,
    },
    available: region !== undefined,
  };
}

/** A catalog. */
export function createCatalog(change: Partial<Catalog> = {}): Catalog {
  return {
    nodeClass: "default",
    account: "lambda",
    provider: "lambda",
    readAt: 1_000,
    source: { state: "ok" },
    offers: [createOffer()],
    ...change,
  };
}

/** Any offer with the least there is to say. */
export const offerArbitrary: fc.Arbitrary<Offer> = fc.record({
  account: fc.constantFrom("lambda", "second"),
  instanceType: fc.constantFrom("a", "b", "c"),
  region: fc.constantFrom("us-east-1", "us-west-1", undefined),
  model: fc.constantFrom("H100-SXM5-80GB", "A10-24GB", undefined),
  count: fc.integer({ min: 1, max: 8 }),
  perHour: fc.integer({ min: 0, max: 99_999 }).map((cents) => (cents / 100).toFixed(2)),
  readAt: fc.integer({ min: 0, max: 1e9 }),
}).map(createOffer);

const word = fc.constantFrom("x", "y z", "ü\n");

/** Offers of one account with everything there may be to say, each id once. */
export const richOffersArbitrary: fc.Arbitrary<readonly Offer[]> = fc.uniqueArray(
  fc.record({
    offer: offerArbitrary,
    capacityType: fc.constantFrom("on-demand" as const, "spot" as const, "reserved" as const),
    said: fc.record({ stock: word, notJoinable: word }, { requiredKeys: [] }),
    doubt: fc.record({ suspect: word, listPerHour: fc.constant(parseUsd("9.99")) }, {
      requiredKeys: [],
    }),
    labels: fc.dictionary(
      fc.constantFrom("a", "topology.kubernetes.io/region", "tgp.io/country"),
      word,
    ),
  }).map(({ offer, capacityType, said, doubt, labels }): Offer => ({
    ...offer,
    ...said,
    capacityType,
    id: computeOfferId({ ...offer, region: offer.location.region, capacityType }),
    labels: { ...offer.labels, ...labels },
    gpu: offer.gpu && { ...offer.gpu, known: false, vendor: "amd" },
    price: { ...offer.price, ...doubt },
  })),
  { maxLength: 15, selector: ({ id }) => id },
);
