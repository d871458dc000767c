import assert from "node:assert/strict";
import { buildOffer, buildPrice, type OfferFacts } from "../../../providers/offers/build_offer.ts";
import { chosenOfferSchema } from "../../../schemas/node_claim.ts";
import { seconds } from "../../../schemas/duration.ts";
import { parseUsd } from "../../../schemas/money.ts";
import { toChosenOffer } from "../../../controller/node_claim/chosen_offer.ts";

const facts: OfferFacts = {
  account: "cloud",
  provider: "cloud",
  instanceType: "t".repeat(128),
  capacityType: "on-demand",
  location: { region: "r".repeat(63), country: "us", continent: "na", label: "cloud-r" },
  gpu: { model: "😀".repeat(63), known: false, count: 1, memoryGb: 80 },
  arch: "amd64",
  specs: { vcpus: 8, memoryGiB: 64, diskGiB: 100 },
  price: buildPrice(parseUsd("2.00"), 1, {
    billingIncrement: seconds(1),
    source: "api",
    readAt: 0,
  }),
  available: true,
};
const location = { region: "r", country: "us", continent: "na", label: "cloud-r" };

const table: readonly (readonly [string, Partial<OfferFacts>, RegExp | undefined])[] = [
  ["words as long as they may be", {}, undefined],
  [
    "a long machine type",
    { instanceType: "t".repeat(129) },
    /word for the machine type: it has 129 characters, more than 128$/,
  ],
  [
    "a long region",
    { location: { ...location, region: "r".repeat(64) } },
    /word for the region: it has 64 characters, more than 63$/,
  ],
  [
    "a long GPU model",
    { gpu: { model: "g".repeat(64), known: false, count: 1, memoryGb: 80 } },
    /word for the GPU model: it has 64 characters, more than 63$/,
  ],
  [
    "a region of signs",
    { location: { ...location, region: "***", label: "cloud-" } },
    /region, which has neither letter nor digit$/,
  ],
  ["another reason not to buy", { location, notJoinable: "a container" }, /^a container$/],
];

for (const [what, change, problem] of table) {
  Deno.test(`an offer with ${what}: ${problem === undefined ? "can" : "cannot"} be bought`, () => {
    const offer = buildOffer({ ...facts, ...change });
    if (problem) assert.match(offer.notJoinable ?? "", problem);
    else assert.equal(offer.notJoinable, undefined);
    if (offer.notJoinable !== undefined) return;
    const chosen = chosenOfferSchema.encode(toChosenOffer(offer));
    assert.equal(chosenOfferSchema.safeParse(chosen).error, undefined);
  });
}
