import assert from "node:assert/strict";
import { drive } from "../../provider_world.ts";
import { createRunpodWorld, runpodEntry, type RunpodWorld } from "../runpod_world.ts";
import { scriptRunpod } from "../scripted.ts";

const never = new AbortController().signal;
const name = "tgp-abc123-train-q7x2k9";

function createWorld(): Promise<RunpodWorld> {
  return createRunpodWorld("in process", { entry: runpodEntry({ protocol: "GraphQL" }) });
}

async function launchSpot(world: RunpodWorld) {
  const permit = await drive(world, world.provider.acquireLaunch(never));
  const order = { ...world.order(name), capacityType: "spot" as const };
  const sendBefore = world.clock.now() + 60_000;
  return await drive(world, world.provider.launch({ ...order, sendBefore }, permit, never));
}

function countAsked(world: RunpodWorld, operation: string): number {
  return world.requests().filter(({ text }) => text.endsWith(operation)).length;
}

Deno.test("a spot pod costs what its offer showed", async () => {
  const world = await createWorld();
  const offers = await drive(world, world.provider.listOffers({}, never));
  const offer = offers.find(({ capacityType, instanceType, location }) =>
    capacityType === "spot" && instanceType === "1x NVIDIA GeForce RTX 4090" &&
    location.region === "EU-RO-1"
  );
  assert.ok(offer?.available);
  assert.equal((await launchSpot(world)).kind, "launched");
  assert.equal(world.cloud.machines()[0]?.isSpot, true);
  await world.boot();
  const [instance] = await drive(world, world.provider.listInstances(never));
  assert.equal(instance?.pricePerHour, offer.price.perHour);
  // The bid was known from the offers.
  assert.equal(countAsked(world, "SpotPrices"), 1);
  await world.close();
});

Deno.test("an order before the first offers asks for the bid, and is one request all the same", async () => {
  const world = await createWorld();
  assert.equal((await launchSpot(world)).kind, "launched");
  assert.equal(countAsked(world, "SpotPrices"), 1);
  assert.equal(world.requests().filter(({ purpose }) => purpose === "launch").length, 1);
  await world.close();
});

Deno.test("a pod that was outbid has stopped, and says why", async () => {
  const world = await createWorld();
  await launchSpot(world);
  await world.boot();
  world.cloud.preempt(world.cloud.machines()[0]?.id ?? "");
  const [instance] = await drive(world, world.provider.listInstances(never));
  assert.deepEqual([instance?.state, instance?.rawState], ["stopped", "EXITED (Outbid)"]);
  assert.equal(instance?.bootFailure?.kind, "availability");
  await world.close();
});

Deno.test("nothing sold as spot leaves no spot offers, and refuses orders", async () => {
  const world = await createWorld();
  world.cloud.setBehaviour({ sellsSpot: false });
  const offers = await drive(world, world.provider.listOffers({}, never));
  assert.ok(offers.length > 0 && offers.every(({ capacityType }) => capacityType === "on-demand"));
  assert.equal((await launchSpot(world)).kind, "outOfCapacity");
  assert.deepEqual(world.machines(), []);
  await world.close();
});

Deno.test("once the vendor removes spot, the rest goes on, and it is not asked for again", async () => {
  const world = await createWorld();
  world.cloud.setBehaviour({
    removedFields: ["LowestPrice.minimumBidPrice", "Mutation.podRentInterruptable"],
  });
  for (let round = 0; round < 2; round++) {
    const offers = await drive(world, world.provider.listOffers({}, never));
    assert.ok(offers.length > 0);
    assert.ok(offers.every(({ capacityType }) => capacityType === "on-demand"));
  }
  assert.equal(countAsked(world, "SpotPrices"), 1);
  assert.match(world.recorder.text, /RunPod has removed spot/);
  assert.equal((await launchSpot(world)).kind, "outOfCapacity");
  assert.deepEqual(world.machines(), []);
  await world.close();
});

Deno.test("an order of spot that the vendor no longer knows is refused, not lost", async () => {
  const world = await createWorld();
  await drive(world, world.provider.listOffers({}, never));
  world.cloud.setBehaviour({ removedFields: ["Mutation.podRentInterruptable"] });
  const outcome = await launchSpot(world);
  assert.equal(outcome.kind, "rejected");
  assert.match(outcome.kind === "rejected" ? outcome.message : "", /podRentInterruptable/);
  await world.close();
});

Deno.test("a refusal that is not the vendor's word on the fields does not end spot", async () => {
  let redirects = true;
  const gpu = { id: "NVIDIA L4", manufacturer: "Nvidia", memoryInGb: 24, secureCloud: true };
  const spot = { id: gpu.id, lowestPrice: { stockStatus: "High", minimumBidPrice: 0.2 } };
  const { provider, run } = scriptRunpod(async (request) => {
    const { operationName } = await request.json();
    if (operationName !== "SpotPrices") {
      return Response.json({
        data: { gpuTypes: [{ ...gpu, securePrice: 0.44, maxGpuCountSecureCloud: 1 }] },
      });
    }
    return redirects
      ? new Response(null, { status: 302, headers: { location: "https://example.com/" } })
      : Response.json({ data: { gpuTypes: [spot] } });
  }, runpodEntry({ protocol: "GraphQL" }));
  await assert.rejects(run(provider.listOffers({}, never)), /redirect/);
  redirects = false;
  const offers = await run(provider.listOffers({}, never));
  assert.deepEqual(offers.map(({ capacityType }) => capacityType), ["on-demand", "spot"]);
});
