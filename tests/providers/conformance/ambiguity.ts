/**
 * Orders of which nobody can say what became of them: `unknown`, sent once, found by name.
 *
 * @module
 */

import assert from "node:assert/strict";
import { drive, type Spoiling } from "../provider_world.ts";
import { countRequests, launch, name, never, type Register, rent, waitFor } from "./steps.ts";

/** See the module. */
export function registerAmbiguity(test: Register): void {
  const ambiguous: readonly Spoiling[] = [
    "cut",
    "truncate",
    "html502",
    "unavailable",
    "htmlOk",
    "mistyped",
    "redirect",
  ];
  for (const spoiling of ambiguous) {
    test(`a launch that took effect, its answer spoilt by ${spoiling}, is unknown`, async (world) => {
      // A connection that has served before: platforms repeat requests on those by themselves.
      await drive(world, world.provider.verifyCredentials(never));
      world.spoil("launch", spoiling, { takesEffect: true });
      assert.equal((await launch(world)).kind, "unknown");
      const instances = await drive(world, world.provider.listInstances(never));
      assert.deepEqual(instances.map((instance) => instance.name), [name]);
      assert.deepEqual(instances[0]?.ownership, { kind: "ours", claimName: name });
      assert.equal(countRequests(world, "launch"), 1);
    });
  }

  for (const spoiling of ["cut", "html502"] as const) {
    test(`a launch that did not take effect, ended by ${spoiling}, is unknown`, async (world) => {
      await drive(world, world.provider.verifyCredentials(never));
      world.spoil("launch", spoiling);
      assert.equal((await launch(world)).kind, "unknown");
      assert.deepEqual(world.machines(), []);
      assert.equal(countRequests(world, "launch"), 1);
    });
  }

  test("an order cancelled after it was sent is unknown", async (world) => {
    const { provider } = world;
    world.spoil("launch", "hang", { takesEffect: true });
    const permit = await drive(world, provider.acquireLaunch(never));
    const cancel = new AbortController();
    const launching = provider.launch(world.order(name), permit, cancel.signal);
    await waitFor(world, () => world.machines().length === 1);
    cancel.abort(new Error("not needed"));
    assert.equal((await drive(world, launching)).kind, "unknown");
  });

  test("a machine that is missing from lists for a while turns up", async (world) => {
    world.lagLists(120_000);
    await rent(world);
    assert.deepEqual(await drive(world, world.provider.listInstances(never)), []);
    await world.clock.advance(120_000);
    assert.equal((await drive(world, world.provider.listInstances(never))).length, 1);
    assert.ok(world.provider.info().settle >= 120_000);
  });
}
