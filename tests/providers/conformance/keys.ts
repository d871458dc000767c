/**
 * API keys: those that cannot be sent, those that are wrong, and those that stop to work.
 *
 * @module
 */

import assert from "node:assert/strict";
import { ProviderError } from "../../../providers/errors.ts";
import { findLeaks, toExposedText } from "../../support/leaks.ts";
import { drive, type ProviderHarness, type ProviderWorld } from "../provider_world.ts";
import {
  assertRefused,
  assertThrows,
  launch,
  never,
  type Register,
  rentAndBoot,
  unknownId,
} from "./steps.ts";

const wrongKey = "wrong_Hq3Zt8Yw5Nc1Lp6Rk2Vd9Mb4";

/** See the module. */
export function registerKeys(test: Register, harness: ProviderHarness): void {
  test("a wrong key is unauthorized everywhere, and nobody repeats it", async (world) => {
    const failures = await failEverywhere(world, harness);
    assert.deepEqual(findLeaks(failures, [wrongKey]), []);
    assert.deepEqual(findLeaks(world.recorder.text, [wrongKey]), []);
  }, { apiKey: wrongKey });

  test("a key that expires or is revoked is unauthorized from then on", async (world) => {
    const id = await rentAndBoot(world);
    world.strike("revoked");
    await failEverywhere(world, harness);
    assert.deepEqual(world.machines().map((machine) => [machine.id, machine.state]), [
      [id, "alive"],
    ]);
  });

  test("a key of another account sees none of our machines, and can end none", async (world) => {
    const id = await rentAndBoot(world);
    const stranger = world.stranger();
    const ours = await drive(world, world.provider.verifyCredentials(never));
    const theirs = await drive(world, stranger.verifyCredentials(never));
    if (ours.account !== undefined) assert.notEqual(theirs.account, ours.account);
    assert.deepEqual(await drive(world, stranger.listInstances(never)), []);
    assert.equal(await drive(world, stranger.getInstance(id, never)), null);
    await drive(world, stranger.terminate(id, never));
    await drive(world, stranger.removeLeftovers(() => false, never));
    assert.deepEqual(world.machines().map(({ state }) => state), ["alive"]);
    assert.equal((await drive(world, world.provider.getInstance(id, never)))?.state, "running");
  });

  test("the account is the same whenever it is asked", async (world) => {
    const ask = () => drive(world, world.provider.verifyCredentials(never));
    assert.deepEqual(await ask(), await ask());
  });
}

/** Tries everything that needs a key. @returns All that was said. */
async function failEverywhere(world: ProviderWorld, harness: ProviderHarness): Promise<string> {
  const { provider } = world;
  const alive = world.machines().length;
  const failures = [
    await assertThrows(world, provider.verifyCredentials(never), "unauthorized"),
    await assertThrows(world, provider.listInstances(never), "unauthorized"),
    await assertThrows(world, provider.getInstance(unknownId, never), "unauthorized"),
    await assertThrows(world, provider.terminate(unknownId, never), "unauthorized"),
  ];
  const offers = drive(world, provider.listOffers({}, never));
  if (harness.anonymousOffers) assert.ok((await offers).length > 0);
  else failures.push(await assertThrows(world, offers, "unauthorized"));
  const outcome = await launch(world);
  assertRefused(outcome, "unauthorized");
  assert.equal(world.machines().length, alive);
  const checks = await drive(world, provider.checkAccount(never));
  assert.ok(checks.some(({ state }) => state !== "ok"));
  return [...failures.map(toExposedText), toExposedText(outcome), toExposedText(checks)].join("\n");
}

const unsendable: Readonly<Record<string, string>> = {
  "that is empty": "",
  "with a line break at its end": "canary_Zq7Xw3Kp9Rt5Vb2Nm8\n",
  "with a line break inside": "canary_Zq7Xw3Kp9\r\nRt5Vb2Nm8Lc4Hd6",
  "with a space": "canary_Zq7Xw3Kp9 Rt5Vb2Nm8Lc4Hd6",
  "that is not ASCII": "canary_Zq7Xw3Kp9Rt5Vb2Nm8é",
  "with a control character": "canary_Zq7Xw3Kp9Rt5Vb2Nm8\u0000",
};

/** Keys that no header can carry: refused when the provider is made, so that no request can leave. */
export function registerUnsendableKeys(harness: ProviderHarness): void {
  for (const [words, apiKey] of Object.entries(unsendable)) {
    Deno.test(`${harness.cloud}: a key ${words} is refused without being quoted`, async () => {
      const error = await harness.create("in process", { apiKey }).then(
        () => assert.fail("was taken"),
        (error: unknown) => error,
      );
      assert.ok(error instanceof ProviderError, String(error));
      assert.equal(error.kind, "unauthorized");
      assert.match(error.message, /^Cannot use account "[^"]+": the API key /);
      const parts = apiKey.split(/[^\x21-\x7e]+/);
      // The stack names this file, not its text.
      assert.deepEqual(findLeaks(toExposedText(error), [apiKey, ...parts]), []);
    });
  }
}
