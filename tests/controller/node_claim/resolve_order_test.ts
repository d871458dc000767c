import assert from "node:assert/strict";
import { findCondition } from "../../../schemas/conditions.ts";
import { buildInstance, buildLaunch } from "../../support/controller_builders.ts";
import { ClaimBench } from "../../support/claim_bench.ts";
import { isWrite } from "../../support/controller_world.ts";

const second = 1_000;
/** `sendBefore` (30 s) + call timeout (60 s) + settle time (5 min) after the intent. */
const settledMs = 30 * second + 60 * second + 300 * second;

function open(outcome: "Pending" | "Unknown"): Promise<ClaimBench> {
  return ClaimBench.with({ launch: buildLaunch({ outcome }) });
}

for (const outcome of ["Pending", "Unknown"] as const) {
  Deno.test(`a machine of an order that is ${outcome} is adopted when the list shows it`, async () => {
    using bench = await open(outcome);
    await bench.world.clock.advance(3 * second);
    bench.list(buildInstance({ id: "i-7", rawState: "booting", state: "booting" }));
    await bench.pass();
    const { launch, instanceID, providerID, instanceState, steps, conditions } = bench.status;
    assert.equal(launch?.outcome, "Launched");
    assert.equal(instanceID, "i-7");
    assert.equal(providerID, "lambda://us-east-1/i-1");
    assert.equal(instanceState, "booting");
    // Billing may have begun with the intent.
    assert.deepEqual(steps, [
      { step: "Ordered", time: launch?.intentTime },
      { step: "Accepted", time: launch?.intentTime },
    ]);
    assert.equal(findCondition(conditions, "Launched")?.reason, "Adopted");
    assert.equal(bench.provider().launches.length, 0);
  });

  Deno.test(`an order that is ${outcome} and never shows is abandoned after everything settled`, async () => {
    using bench = await open(outcome);
    await bench.pass();
    await bench.world.clock.advance(settledMs - second);
    bench.list();
    await bench.world.clock.advance(500);
    bench.list();
    await bench.pass();
    const end = () => bench.status.end?.reason;
    assert.equal(end(), undefined, "lists from before the time do not count");
    await bench.world.clock.advance(500);
    bench.list();
    await bench.pass();
    assert.equal(end(), undefined, "one list is not enough");
    await bench.world.clock.advance(5 * second);
    bench.list();
    await bench.pass();
    assert.equal(end(), "Abandoned");
    assert.equal(bench.provider().launches.length, 0);
  });
}

Deno.test("an order is not abandoned while the account cannot be listed", async () => {
  using bench = await open("Unknown");
  for (let hour = 0; hour < 24; hour++) {
    await bench.world.clock.advance(3600 * second);
    assert.equal((await bench.pass()).kind, "requeueAfter");
  }
  assert.equal(bench.status.end, undefined);
});

Deno.test("an abandoned claim revokes its token and goes", async () => {
  using bench = await open("Unknown");
  await bench.world.clock.advance(settledMs);
  bench.list();
  await bench.world.clock.advance(5 * second);
  bench.list();
  for (let pass = 0; pass < 3; pass++) await bench.pass();
  assert.equal(bench.claim, undefined);
  assert.ok(bench.tokens.includes("revoke"));
  assert.deepEqual(bench.provider().terminated, []);
});

Deno.test("machines of others are not adopted, whatever they are called", async () => {
  using bench = await open("Unknown");
  await bench.world.clock.advance(second);
  const name = "tgp-abc123-gpu-aaaaaa";
  bench.list(
    buildInstance({ name, ownership: { kind: "foreign" } }),
    buildInstance({ name, ownership: { kind: "otherCluster", cluster: "zzzzzz" } }),
    buildInstance({ ownership: { kind: "ours", claimName: "tgp-abc123-gpu-bbbbbb" } }),
  );
  await bench.pass();
  assert.equal(bench.status.launch?.outcome, "Unknown");
});

Deno.test("an order without an account waits and says what to restore", async () => {
  using bench = await open("Unknown");
  bench.accounts.drop("default");
  assert.equal((await bench.pass()).kind, "requeueAfter");
  assert.deepEqual(bench.world.reasons, ["AccountUnavailable"]);
  assert.equal(bench.status.end, undefined);
});

Deno.test("an unknown order is written once, not with every look", async () => {
  using bench = await open("Pending");
  let writes = 0;
  bench.world.server.addHook({
    before: (request) => void (isWrite("patch", "gpunodeclaims/status")(request) && writes++),
  });
  for (let look = 0; look < 10; look++) {
    await bench.pass();
    await bench.world.clock.advance(5 * second);
    bench.list();
  }
  assert.equal(writes, 1);
});
