import assert from "node:assert/strict";
import { paperspaceLimits } from "../../../providers/paperspace/facts.ts";
import { testProviderConformance } from "../conformance.ts";
import { createPaperspaceWorld } from "./paperspace_world.ts";
import { createWorld } from "./steps.ts";

testProviderConformance({
  cloud: "Paperspace",
  // The vendor's list of templates is open to everybody.
  anonymousOffers: true,
  create: createPaperspaceWorld,
});

Deno.test("documented facts: limits, settle time, longer boots for more GPUs", async () => {
  const { provider } = await createWorld();
  const { requestsPerSecond, launchesPerMinute } = provider.rateLimits();
  assert.ok(requestsPerSecond * paperspaceLimits.requestIntervalMs >= 1_000);
  assert.ok(launchesPerMinute * paperspaceLimits.launchIntervalMs >= 60_000);
  const { settle, callTimeout, userDataFormat, billingStarts } = provider.info();
  assert.ok(settle >= callTimeout);
  assert.deepEqual([userDataFormat, billingStarts], ["script", "accepted"]);
  assert.ok(provider.bootTimeouts(8).launch > provider.bootTimeouts(1).launch);
});
