import assert from "node:assert/strict";
import { send } from "../../contract/steps.ts";
import { startPlane } from "./plane.ts";

Deno.test("pods of a node that is gone go, too, after a while", async () => {
  await using plane = await startPlane({ podGcMs: 40_000 });
  await plane.makeNode("n");
  await plane.makePod("p");
  await send(plane, "DELETE", "/api/v1/nodes/n");
  await plane.clock.advance(39_000);
  assert.notEqual(await plane.pod("p"), undefined);
  await plane.clock.advance(2_000);
  assert.equal(await plane.pod("p"), undefined);
});

Deno.test("a node that comes back in time keeps its pods", async () => {
  await using plane = await startPlane({ podGcMs: 40_000 });
  await plane.makeNode("n");
  await plane.makePod("p");
  await send(plane, "DELETE", "/api/v1/nodes/n");
  await plane.clock.advance(30_000);
  await plane.makeNode("n");
  await plane.clock.advance(60_000);
  assert.notEqual(await plane.pod("p"), undefined);
});
