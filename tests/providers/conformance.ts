/**
 * What every provider must do, whatever the cloud: the promises of the contract, tried against the
 * cloud's simulator in process and over sockets. The cases stand in `conformance/`.
 *
 * @module
 */

import assert from "node:assert/strict";
import { findLeaks } from "../support/leaks.ts";
import { registerAccount } from "./conformance/account.ts";
import { registerAmbiguity } from "./conformance/ambiguity.ts";
import { registerBreakers } from "./conformance/breakers.ts";
import { registerEnding } from "./conformance/ending.ts";
import { registerKeys, registerUnsendableKeys } from "./conformance/keys.ts";
import { registerLaunching } from "./conformance/launching.ts";
import { registerLists } from "./conformance/lists.ts";
import { registerOffers } from "./conformance/offers.ts";
import { registerPacing } from "./conformance/pacing.ts";
import { registerReading } from "./conformance/reading.ts";
import type { Register } from "./conformance/steps.ts";
import { registerTimeLimits } from "./conformance/time_limits.ts";
import type { ProviderHarness, Transport } from "./provider_world.ts";

const transports: readonly Transport[] = ["in process", "over sockets"];

/** Registers the suite for a cloud. */
export function testProviderConformance(harness: ProviderHarness): void {
  for (const transport of transports) {
    const test: Register = (what, run, change) =>
      Deno.test(`${harness.cloud} ${transport}: ${what}`, async () => {
        const world = await harness.create(transport, change);
        try {
          await run(world);
          assert.deepEqual(findLeaks(world.recorder.text, world.secrets), []);
        } finally {
          await world.close();
        }
      });
    registerLaunching(test);
    registerAmbiguity(test);
    registerEnding(test);
    registerReading(test);
    registerLists(test);
    registerOffers(test);
    registerPacing(test);
    registerBreakers(test);
    registerKeys(test, harness);
    registerAccount(test);
    // Time limits run on the wall clock: there they can be turned by hand only where nothing else
    // needs it.
    if (transport === "in process") registerTimeLimits(test);
  }
  registerUnsendableKeys(harness);
}
