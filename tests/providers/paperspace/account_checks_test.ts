import assert from "node:assert/strict";
import { drive } from "../provider_world.ts";
import type { PaperspaceOptions } from "../../../schemas/clouds/paperspace.ts";
import type { PaperspaceCloudOptions } from "../../../sim/clouds/paperspace/mod.ts";
import type { PaperspaceWorld } from "./paperspace_world.ts";
import { createWorld, never } from "./steps.ts";

async function check(world: PaperspaceWorld): Promise<Record<string, string>> {
  const checks = await drive(world, world.provider.checkAccount(never));
  return Object.fromEntries(
    checks.map(({ what, state, message }) => [what, `${state}: ${message}`]),
  );
}

async function checkNew(
  options: PaperspaceOptions = {},
  behaviour: PaperspaceCloudOptions["behaviour"] = {},
): Promise<Record<string, string>> {
  return await check(await createWorld(options, { behaviour }));
}

Deno.test("a good account: what an order would boot, how many machines it may have, its standing", async () => {
  assert.deepEqual(await checkNew({}, { maxMachines: 10 }), {
    launch: 'ok: template "tqqsxr6b" fits; for example, A100-80G in ny2 can be had now',
    quota: "ok: the team has 0 of 10 machines",
    billing: "ok: the account is in good standing",
  });
});

Deno.test("a team that is full, or that Paperspace does not trust, is told so", async () => {
  const { quota } = await checkNew({}, { maxMachines: 0 });
  assert.match(quota ?? "", /^fail: the team has 0 of 0 machines: end some, or ask Paperspace/);
  const cases = [
    ["noPaymentMethod", /^fail: it has no payment method \(A valid payment.*: see to it/],
    ["pastDue", /^fail: it is not in good standing \(Your account.*: see to it/],
    ["locked", /^fail: the account is locked, it is not in good standing \(/],
  ] as const;
  for (const [standing, expected] of cases) {
    assert.match((await checkNew({}, { billing: standing })).billing ?? "", expected);
  }
});

Deno.test("a standing that cannot be had is unknown, never wrong: nobody documents it", async () => {
  assert.match((await checkNew({}, { standing: "absent" })).billing ?? "", /^unknown: /);
  const world = await createWorld();
  for (const status of [400, 401, 403, 410, 500]) {
    world.cloud.addFault({
      operation: "billing-accountStanding",
      answer: { kind: "raw", status, body: '{"message":"No","code":"BAD_REQUEST"}' },
    });
    assert.match((await check(world)).billing ?? "", /^unknown: /, `${status}`);
  }
});

Deno.test("what the block names but the team lacks fails the launch", async () => {
  const { launch } = await checkNew({ templateID: "gone" });
  assert.match(
    launch ?? "",
    /^fail: .*template "gone" is neither .*: change paperspace\.templateID/,
  );
});

Deno.test("an account with nothing to boot is warned", async () => {
  const world = await createWorld({}, { stock: {} });
  assert.match((await check(world)).launch ?? "", /^warn: no template is available/);
});

Deno.test("a type that is sold out where it is asked for is no fault of the account", async () => {
  const world = await createWorld({}, { stock: { A5000: { ca1: 1 } } });
  assert.equal(
    (await check(world)).launch,
    'ok: template "t17d1a6i" fits; for example, A5000 in ny2 is sold out now',
  );
});

Deno.test("a limit that is not told is unknown", async () => {
  const world = await createWorld();
  world.cloud.addFault({
    operation: "auth-session",
    answer: { kind: "raw", status: 200, body: '{"team":{"id":"t","maxMachines":null}}' },
  });
  assert.equal(
    (await check(world)).quota,
    "unknown: the team has 0 machines; its limit is not told",
  );
});
