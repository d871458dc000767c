/**
 * Offers like those of three clouds, for benchmarks: as many as a container cloud has GPU types, sites
 * and counts.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import { buildOffer, buildPrice } from "../../providers/offers/build_offer.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { seconds } from "../../schemas/duration.ts";
import { gpuModels } from "../../schemas/gpu_models.ts";
import type { MicroUsd } from "../../schemas/money.ts";

/** RunPod lists 44 GPU types and 49 sites (documentation, read 2026-11-23). */
const sites = 49;
const types = 44;
/** Largest pod of most types. */
const largestCount = 10;

const stocks = [undefined, "LOW", "MEDIUM", "HIGH"] as const;
const countries = ["us", "ca", "cz", "dk", "fr", "nl", "ro", "se", "is", "no", "jp", "in", "sg"];

/** Offers of one account, each of another type, count and site; prices wander a little. */
export function buildCloudOffers(account: string, count: number, readAt: number): readonly Offer[] {
  const random = createSeededRandom(count);
  return Array.from({ length: count }, (_, index) => {
    const model = gpuModels[index % types % gpuModels.length];
    if (model === undefined) throw new RangeError("No GPU models");
    const site = Math.floor(index / types) % sites;
    const gpus = 1 + Math.floor(index / types / sites) % largestCount;
    const country = countries[site % countries.length] ?? "us";
    const region = `${country.toUpperCase()}-${site}`;
    const stock = stocks[Math.floor(random.next() * stocks.length)];
    const perGpu = model.memoryGb * 30_000 * (1 + (site % 3) / 10);
    return buildOffer({
      account,
      provider: account,
      instanceType: `${(model.product ?? model.id).replaceAll("-", " ")} x${gpus}`,
      capacityType: "on-demand",
      location: { region, country, continent: "eu", label: `${account}-${region.toLowerCase()}` },
      gpu: { model: model.id, known: true, count: gpus, memoryGb: model.memoryGb },
      arch: model.cpu ?? "amd64",
      specs: { vcpus: 16 * gpus, memoryGiB: 125 * gpus, diskGiB: 40 },
      price: buildPrice(Math.round(perGpu) * gpus as MicroUsd, gpus, {
        billingIncrement: seconds(1),
        source: "api",
        readAt,
      }),
      available: stock !== undefined,
      stock,
    });
  });
}
