import assert from "node:assert/strict";
import { computeOfferId, toClassOfferId } from "../../providers/offer_id.ts";

const offer = {
  account: "lambda",
  instanceType: "gpu_1x_a10",
  region: "us-east-1",
  capacityType: "on-demand",
} as const;

Deno.test("computeOfferId() is stable: people write it down", () => {
  assert.equal(computeOfferId(offer), "of-y3abne7m");
  assert.match(computeOfferId({ ...offer, region: undefined }), /^of-[a-z2-7]{8}$/);
});

Deno.test("computeOfferId() differs with each part", () => {
  const ids = [
    offer,
    { ...offer, account: "lambda-2" },
    { ...offer, instanceType: "gpu_1x_a100" },
    { ...offer, region: undefined },
    { ...offer, region: "us-east-2" },
    { ...offer, capacityType: "spot" as const },
  ].map(computeOfferId);
  assert.equal(new Set(ids).size, ids.length);
});

Deno.test("toClassOfferId() tells offers of two classes apart, and is stable", () => {
  const id = computeOfferId(offer);
  const [one, other] = [toClassOfferId(id, "one"), toClassOfferId(id, "other")];
  assert.match(one, /^of-[a-z2-7]{8}$/);
  assert.notEqual(one, other);
  assert.equal(toClassOfferId(id, "one"), one);
});
