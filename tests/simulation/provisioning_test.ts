import assert from "node:assert/strict";
import { pods } from "../../kube/resource.ts";
import { nodePools } from "../../kube/tgp_resources.ts";
import {
  checkBooks,
  createScene,
  isOver,
  minute,
  playToTheEnd,
  podOf,
  rented,
} from "./scenario.ts";

Deno.test("while a machine boots, further passes buy nothing", async () => {
  await using world = await createScene(1, { stock: { gpu_1x_a10: { "us-east-1": 9 } } });
  world.startController();
  await world.apply(podOf("work"));
  await world.until("a machine is rented", () => rented(world) === 1, 2 * minute);
  // Other pods keep the passes coming all through the boot; none of them can be served.
  for (let index = 0; index < 6; index++) {
    await world.apply(podOf(`dream-${index}`, 64));
    await world.clock.advance(minute);
    assert.equal(rented(world), 1);
  }
  await playToTheEnd(world, ["work"]);
  assert.equal(rented(world), 1);
});

Deno.test("eight 1-GPU pods buy one 8-GPU machine when that is cheaper, and not when it is dearer", async () => {
  for (const [pricePerHourCents, machines] of [[3192, 1], [9999, 8]] as const) {
    await using world = await createScene(2, {
      stock: {
        gpu_1x_h100_sxm5: { "us-south-2": 8 },
        gpu_8x_h100_sxm5: { "us-south-3": 1 },
      },
    });
    await world.kube.patch(nodePools, { name: "gpu" }, {
      spec: { limits: { nodes: 9 }, price: { maxPerGpuHour: "20.00" } },
    });
    world.cloud.setPrice("gpu_8x_h100_sxm5", pricePerHourCents);
    world.startController();
    const names = Array.from({ length: 8 }, (_, index) => `train-${index}`);
    await world.apply(...names.map((name) => podOf(name)));
    await playToTheEnd(world, names);
    assert.equal(rented(world), machines);
  }
});

Deno.test("a spend limit holds from the intent on, and the pods left out are served in turn", async () => {
  await using world = await createScene(3, { stock: { gpu_1x_a10: { "us-east-1": 9 } } });
  await world.kube.patch(nodePools, { name: "gpu" }, {
    spec: { limits: { spendPerHour: "3.00" } },
  });
  world.startController();
  const names = ["one", "two", "three", "four"];
  await world.apply(...names.map((name) => podOf(name)));
  let most = 0;
  await world.until("all have succeeded", () => {
    const alive = world.cloud.machines().filter(({ state }) =>
      state === "booting" || state === "active"
    );
    most = Math.max(most, alive.length);
    return names.every((name) => world.succeeded.has(name));
  }, 180 * minute);
  assert.equal(most, 2);
  await world.until("everything is given back", () => isOver(world), 60 * minute);
  await checkBooks(world);
});

Deno.test("a boot that nobody waits for any more is cancelled", async () => {
  await using world = await createScene(4, {
    stock: { gpu_1x_a10: { "us-east-1": 1 } },
    behaviour: { bootMs: { single: 9 * minute, multiple: 9 * minute } },
  });
  world.startController();
  await world.apply(podOf("work"));
  await world.until("a machine is rented", () => rented(world) === 1, 2 * minute);
  await world.kube.delete(pods, { namespace: "default", name: "work" });
  await world.until("everything is given back", () => isOver(world), 5 * minute);
  await checkBooks(world);
});

Deno.test("a machine that never joins is replaced within its time limit", async () => {
  await using world = await createScene(5, {
    stock: { gpu_1x_a10: { "us-east-1": 2 } },
    behaviour: { boot: "never" },
  });
  world.startController();
  await world.apply(podOf("work"));
  await world.until("a machine is rented", () => rented(world) === 1, 2 * minute);
  world.cloud.setBehaviour({ boot: "normal" });
  await playToTheEnd(world, ["work"]);
  assert.equal(rented(world), 2);
});
