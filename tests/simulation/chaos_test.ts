import assert from "node:assert/strict";
import { cut } from "../../sim/handler.ts";
import { lambdaFaults } from "../../sim/clouds/lambda/faults.ts";
import type { Random } from "../../runtime/random.ts";
import type { SimulatedWorld } from "../support/simulated_world.ts";
import { createScene, minute, playToTheEnd, podOf, rented } from "./scenario.ts";

/** How likely it is that one request of a kind goes wrong while the weather is bad. */
const odds = { api: 0.03, cloud: 0.15, launch: 0.5 };

/** Bad weather for a while: answers lost, refused, cut and delayed, on both sides of the controller. */
function spoil(world: SimulatedWorld, random: Random, untilMs: number): void {
  const bad = (chance: number) => world.clock.now() < untilMs && random.next() < chance;
  world.api.addHook({
    before: ({ user, method }) => {
      if (method === "GET" || user?.name !== "kubernetes-admin" || !bad(odds.api)) return undefined;
      return random.next() < 0.5 ? cut : new Response("", { status: 500 });
    },
    after: ({ user, method }) => {
      if (method === "GET" || user?.name !== "kubernetes-admin" || !bad(odds.api)) return undefined;
      return cut;
    },
  });
  world.onCloudRequest = async (request, serve) => {
    const launch = request.url.endsWith("/launch");
    if (!bad(launch ? odds.launch : odds.cloud)) return await serve(request, { peer: {} });
    const takesEffect = random.next() < 0.5;
    if (takesEffect) await serve(request, { peer: {} });
    const faults = [lambdaFaults.html502, lambdaFaults.empty503, lambdaFaults.notAsDocumented];
    const fault = faults[Math.floor(random.next() * 4)];
    return fault ? new Response(fault.body, { status: fault.status }) : cut;
  };
}

for (let seed = 101; seed <= 110; seed++) {
  Deno.test(`bad weather and kills (seed ${seed}) leave no extra and no lost machine`, async () => {
    await using world = await createScene(seed, {
      stock: { gpu_1x_a10: { "us-east-1": 9, "us-west-1": 9 }, gpu_1x_a6000: { "us-south-1": 2 } },
      behaviour: { listLagMs: (seed % 4) * 30_000 },
    });
    const { random } = world;
    world.startController();
    await world.clock.advance(Math.floor(random.next() * minute));
    spoil(world, random, world.clock.now() + 20 * minute);
    const names = ["one", "two", "three"];
    await retry(world, () => world.apply(...names.map((name) => podOf(name))));
    for (let kill = 0; kill < 2; kill++) {
      await world.clock.advance(Math.floor(random.next() * 8 * minute));
      world.killController();
      await world.clock.advance(Math.floor(random.next() * minute));
      world.startController();
    }
    await playToTheEnd(world, names);
    assert.ok(rented(world) >= 1);
    assert.deepEqual(doubled(world), [], "a need was served twice at a time");
  });
}

/** The user meets the same weather, and is as stubborn as kubectl's users are. */
async function retry(world: SimulatedWorld, act: () => Promise<void>): Promise<void> {
  for (let attempt = 1;; attempt++) {
    let result: { readonly error?: unknown } | undefined;
    act().then(() => result = {}, (error) => result = { error });
    await world.until("the user's request ends", () => result !== undefined, 5 * minute);
    if (!result?.error) return;
    if (attempt === 20) throw result.error;
  }
}

/** Machines beyond three that billed at the same time: three pods never need more. */
function doubled(world: SimulatedWorld): readonly string[] {
  const bills = world.cloud.bill().filter(({ start }) => start !== undefined);
  return bills.filter((bill) => {
    const at = bill.start ?? 0;
    const overlapping = bills.filter(({ start = 0, end = Infinity }) => start <= at && at < end);
    return overlapping.length > 3;
  }).map(({ id }) => id);
}
