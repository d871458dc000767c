/**
 * Offers and prices: what scheduling and people need to know.
 *
 * @module
 */

import assert from "node:assert/strict";
import { labels } from "../../../schemas/labels.ts";
import { drive } from "../provider_world.ts";
import { assertThrows, never, type Register } from "./steps.ts";

/** See the module. */
export function registerOffers(test: Register): void {
  test("offers carry what scheduling needs", async (world) => {
    const { provider } = world;
    const offers = await drive(world, provider.listOffers({}, never));
    assert.ok(offers.some((offer) => !offer.available));
    assert.equal(new Set(offers.map((offer) => offer.id)).size, offers.length);
    for (const offer of offers) {
      assert.match(offer.id, /^of-[a-z2-7]{8}$/);
      assert.ok(offer.price.perHour > 0 && offer.price.perGpuHour <= offer.price.perHour);
      assert.equal(offer.labels[labels.provider], provider.info().provider);
      assert.equal(offer.account, provider.account);
      assert.ok(provider.info().capacityTypes.includes(offer.capacityType));
      for (const value of Object.values(offer.labels)) {
        assert.match(value, /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/);
      }
      for (const [resource, amount] of Object.entries(offer.allocatable)) {
        assert.ok(amount <= (offer.capacity[resource] ?? 0), resource);
      }
      const { region } = offer.location;
      if (region === undefined) continue;
      const label = offer.labels[labels.region] ?? "";
      assert.equal(provider.toNativeRegion(label), region);
      assert.equal(provider.fromNativeRegion(region).label, label);
    }
  });

  test("offers keep their ids from one reading to the next", async (world) => {
    const ids = async () =>
      (await drive(world, world.provider.listOffers({}, never))).map(({ id }) => id).sort();
    const before = await ids();
    await world.clock.advance(60 * 60_000);
    assert.deepEqual(await ids(), before);
  });

  test("models and prices go both ways", async (world) => {
    const { provider } = world;
    const offers = await drive(world, provider.listOffers({}, never));
    for (const { gpu } of offers) {
      if (gpu?.known) {
        assert.equal(provider.fromNativeGpu(provider.toNativeGpu(gpu.model)), gpu.model);
      }
    }
    const offer = offers.find(({ gpu, available }) => available && gpu?.count === 1);
    const region = offer?.location.region ?? "";
    const price = await drive(world, provider.getPricing(offer?.gpu?.model ?? "", region, never));
    assert.equal(price.perHour, offer?.price.perHour);
    const unsold = provider.getPricing("RTX-3090-24GB", region, never);
    await assertThrows(world, unsold, "not_found");
    assert.throws(() => provider.toNativeGpu("no such card"), RangeError);
    assert.throws(() => provider.toNativeRegion("mars-1"), RangeError);
  });
}
