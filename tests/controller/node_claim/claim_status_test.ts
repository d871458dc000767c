import assert from "node:assert/strict";
import {
  endClaim,
  patchClaim,
  withCondition,
} from "../../../controller/node_claim/claim_status.ts";
import { isConflict } from "../../../kube/kube.ts";
import { formatTime } from "../../../schemas/conditions.ts";
import { buildClaim, buildLaunch, testStart } from "../../support/controller_builders.ts";
import { ControllerWorld, never } from "../../support/controller_world.ts";

const endless = "The vendor says no. ".repeat(2_000);

Deno.test("patchClaim() cuts a vendor's long words to what a status holds", async () => {
  using world = await ControllerWorld.create();
  const claim = await world.putClaim(buildClaim({}));
  const written = await patchClaim(world, claim, {
    launch: buildLaunch({ message: endless }),
    end: { reason: "NoOfferLeft", message: endless },
    refusedOffers: [{
      id: "of-1",
      description: endless,
      reason: "rejected",
      message: endless,
      time: formatTime(testStart),
    }],
    conditions: withCondition(world, claim, {
      type: "Launched",
      status: "False",
      reason: "NoOfferLeft",
      message: endless,
    }),
    instanceState: endless,
    addresses: Array.from({ length: 20 }, (_, index) => `10.0.0.${index}`),
  });
  const { launch, end, refusedOffers, conditions, instanceState, addresses } = written.status ?? {};
  assert.equal(launch?.message?.length, 2048);
  assert.equal(end?.message.length, 2048);
  assert.equal(refusedOffers?.[0]?.description.length, 256);
  assert.equal(refusedOffers?.[0]?.message.length, 1024);
  assert.equal(conditions?.[0]?.message.length, 32768);
  assert.equal(instanceState?.length, 64);
  assert.equal(addresses?.length, 8);
  assert.match(end?.message ?? "", /^The vendor says no\. .*…$/);
});

Deno.test("patchClaim() writes Ready and the generation with whatever it writes", async () => {
  using world = await ControllerWorld.create();
  const claim = await world.putClaim(buildClaim({}));
  const written = await patchClaim(world, claim, { instanceState: "booting" });
  const [ready] = written.status?.conditions ?? [];
  assert.equal(`${ready?.type} ${ready?.status} ${ready?.reason}`, "Ready False AwaitingLaunch");
  assert.equal(ready?.observedGeneration, written.metadata.generation);
  assert.equal(written.status?.observedGeneration, written.metadata.generation);
});

Deno.test("patchClaim() notes when the end was decided, once", async () => {
  using world = await ControllerWorld.create();
  const claim = await world.putClaim(buildClaim({}));
  const ended = await patchClaim(world, claim, { end: { reason: "Empty", message: "idle" } });
  const steps = [{ step: "EndDecided", time: formatTime(world.clock.now()) }];
  assert.deepEqual(ended.status?.steps, steps);
  await world.clock.advance(60_000);
  const later = await patchClaim(world, ended, { instanceState: "active" });
  assert.deepEqual(later.status?.steps, steps);
  const ready = later.status?.conditions?.find(({ type }) => type === "Ready");
  assert.deepEqual([ready?.status, ready?.reason, ready?.message], ["False", "Empty", "idle"]);
});

Deno.test("withCondition() states which spec it was judged on", () => {
  const claim = buildClaim({}, { metadata: { generation: 3 } });
  const clock = { now: () => testStart, sleep: () => Promise.resolve() };
  const update = { type: "Launched", status: "True", reason: "Launched", message: "" } as const;
  assert.deepEqual(withCondition({ clock }, claim, update), [
    { ...update, observedGeneration: 3, lastTransitionTime: formatTime(testStart) },
  ]);
});

Deno.test("endClaim() keeps the first reason", async () => {
  using world = await ControllerWorld.create();
  const claim = await world.putClaim(buildClaim({}));
  const { name } = claim.metadata;
  await endClaim(world, claim, { reason: "Empty", message: "first" }, never);
  await endClaim(world, await world.claim(name), { reason: "Drifted", message: "second" }, never);
  assert.equal((await world.claim(name)).status?.end?.message, "first");
});

Deno.test("endClaim() on a stale claim is a conflict", async () => {
  using world = await ControllerWorld.create();
  const claim = await world.putClaim(buildClaim({}));
  await patchClaim(world, claim, { nodeName: "node" });
  await assert.rejects(endClaim(world, claim, { reason: "Empty", message: "" }, never), isConflict);
});
