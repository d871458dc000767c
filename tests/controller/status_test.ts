import assert from "node:assert/strict";
import { patchStatus } from "../../controller/status.ts";
import { isConflict } from "../../kube/kube.ts";
import { nodeClaims, nodePools } from "../../kube/tgp_resources.ts";
import { nodeClaimStatusSchema } from "../../schemas/node_claim.ts";
import { nodePoolStatusSchema } from "../../schemas/node_pool.ts";
import { gibibytes, wholeQuantity } from "../../schemas/quantity.ts";
import { buildClaim, buildLaunch, buildPool } from "../support/controller_builders.ts";
import { ControllerWorld } from "../support/controller_world.ts";

Deno.test("patchStatus() leaves absent fields as they are", async () => {
  using world = await ControllerWorld.create();
  const claim = await world.putClaim(buildClaim({ providerID: "lambda:///i-1" }));
  const patch = { nodeName: "node" };
  const written = await patchStatus(world.kube, nodeClaims, claim, nodeClaimStatusSchema, patch);
  assert.deepEqual(written.status, { providerID: "lambda:///i-1", nodeName: "node" });
});

Deno.test("patchStatus() replaces maps whole: a key that is gone does not stay", async () => {
  using world = await ControllerWorld.create();
  const pool = await world.putPool(buildPool({
    status: { resources: { "nvidia.com/gpu": wholeQuantity(8), memory: gibibytes(1) } },
  }));
  const patch = { resources: { memory: gibibytes(2) } };
  const written = await patchStatus(world.kube, nodePools, pool, nodePoolStatusSchema, patch);
  assert.deepEqual(written.status?.resources, { memory: gibibytes(2) });
});

Deno.test("patchStatus() leaves nothing of the last order's offer in the next one's", async () => {
  using world = await ControllerWorld.create();
  const first = buildLaunch({ outcome: "Refused", message: "sold out", accountID: "acc" });
  const claim = await world.putClaim(buildClaim({ launch: first }));
  const { gpuModel: _model, ...offer } = first.offer;
  const next = buildLaunch({
    outcome: "Pending",
    offer: { ...offer, gpuCount: 0, labels: { "tgp.io/provider": "lambda" }, capacity: {} },
  });
  const patch = { launch: next };
  const written = await patchStatus(world.kube, nodeClaims, claim, nodeClaimStatusSchema, patch);
  assert.deepEqual(written.status?.launch, next);
});

Deno.test("patchStatus() refuses to write over what somebody else wrote since", async () => {
  using world = await ControllerWorld.create();
  const claim = await world.putClaim(buildClaim({}));
  await patchStatus(world.kube, nodeClaims, claim, nodeClaimStatusSchema, { nodeName: "a" });
  await assert.rejects(
    patchStatus(world.kube, nodeClaims, claim, nodeClaimStatusSchema, { nodeName: "b" }),
    isConflict,
  );
  assert.equal((await world.claim(claim.metadata.name)).status?.nodeName, "a");
});

Deno.test("patchStatus() writes money and durations in their wire form", async () => {
  using world = await ControllerWorld.create();
  const claim = await world.putClaim(buildClaim({}));
  const launch = buildLaunch();
  const written = await patchStatus(world.kube, nodeClaims, claim, nodeClaimStatusSchema, {
    launch,
  });
  assert.deepEqual(written.status?.launch, launch);
});
