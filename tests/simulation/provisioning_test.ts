import assert from "node:assert/strict";
import { pods } from "../../kube/resource.ts";
import { nodeClaims, nodeClasses, nodePools } from "../../kube/tgp_resources.ts";
import { defaultLambdaKey } from "../../sim/clouds/lambda/mod.ts";
import { cut } from "../../sim/handler.ts";
import type { SimulatedWorld } from "../support/simulated_world.ts";
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

Deno.test("a claim stays until the cloud has confirmed, twice, that its machine is gone", async () => {
  await using world = await createScene(6, {
    stock: { gpu_1x_a10: { "us-east-1": 1 } },
    behaviour: { terminateMs: 15 * minute },
  });
  world.startController();
  await world.apply(podOf("work"));
  const stateOf = () => world.cloud.machines()[0]?.state;
  await world.until("the machine is ending", () => stateOf() === "terminating", 60 * minute);
  let held = 0;
  while (stateOf() === "terminating") {
    assert.equal(
      (await world.kube.list(nodeClaims)).items.length,
      1,
      "released before it was gone",
    );
    await world.clock.advance(30_000);
    held++;
  }
  assert.ok(held >= 20);
  await world.until("everything is given back", () => isOver(world), 2 * minute);
  await checkBooks(world);
});

Deno.test("a machine that nobody ordered here is left alone, and one of ours without a claim is ended", async () => {
  await using world = await createScene(7, { stock: { gpu_1x_a10: { "us-east-1": 5 } } });
  world.startController();
  await world.apply(podOf("work"));
  await world.until("a machine is rented", () => rented(world) === 1, 2 * minute);
  const ours = world.cloud.machines()[0]?.name ?? "";
  const [, cluster = ""] = ours.split("-");
  await launchByHand(world, "somebody-elses");
  await launchByHand(world, `tgp-${cluster}-gpu-zzzzzz`);
  await launchByHand(world, "tgp-000000-gpu-zzzzzz");
  await world.clock.advance(10 * minute);
  const alive = world.cloud.machines().filter(({ state }) =>
    state === "active" || state === "booting"
  );
  assert.deepEqual(
    alive.map(({ name }) => name).sort(),
    [ours, "somebody-elses", "tgp-000000-gpu-zzzzzz"].sort(),
  );
});

/** Somebody else with the same key rents a machine. */
async function launchByHand(world: SimulatedWorld, name: string): Promise<void> {
  await world.clock.advance(15_000);
  const response = await world.cloud.handler(
    new Request("http://lambda.test/api/v1/instance-operations/launch", {
      method: "POST",
      headers: {
        authorization: `Bearer ${defaultLambdaKey}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({
        name,
        region_name: "us-east-1",
        instance_type_name: "gpu_1x_a10",
        ssh_key_names: ["tgp"],
      }),
    }),
    { peer: {} },
  );
  assert.ok(response !== cut && response.ok, `cannot rent ${name}`);
}

Deno.test("a pool whose machines never join stops buying after three, and tries one at a time", async () => {
  await using world = await createScene(8, { stock: { gpu_1x_a10: { "us-east-1": 50 } } });
  // Machines boot, but their user data points nowhere: the class is wrong, not the cloud.
  await world.kube.patch(nodeClasses, { name: "lambda" }, {
    spec: { bootstrap: { kubeadm: { apiServerEndpoint: "192.0.2.1:6443" } } },
  });
  world.startController();
  await world.apply(podOf("one"), podOf("two"), podOf("three"), podOf("four"));
  await world.clock.advance(4 * 60 * minute);
  const bought = rented(world);
  assert.ok(bought >= 4 && bought <= 9, `${bought} machines were bought in four hours`);
  const { status } = await world.kube.get(nodePools, { name: "gpu" });
  const healthy = status?.conditions?.find(({ type }) => type === "Healthy");
  assert.equal(healthy?.reason, "BootFailures");
});

Deno.test("of two controllers one works, and the other takes over when it dies", async () => {
  await using world = await createScene(9, { stock: { gpu_1x_a10: { "us-east-1": 9 } } });
  const first = world.startController();
  await world.clock.advance(5_000);
  world.startController();
  await world.apply(podOf("one"));
  await world.until("a machine is rented", () => rented(world) === 1, 2 * minute);
  first.kill();
  await world.apply(podOf("two"));
  await playToTheEnd(world, ["one", "two"]);
  assert.equal(rented(world), 2);
});

Deno.test("a machine is ended although its entry has left the class and the controller has restarted", async () => {
  await using world = await createScene(10, { stock: { gpu_1x_a10: { "us-east-1": 1 } } });
  world.startController();
  await world.apply(podOf("work"));
  await world.until("a machine is rented", () => rented(world) === 1, 2 * minute);
  await world.kube.patch(nodeClasses, { name: "lambda" }, {
    spec: {
      providers: [{
        name: "other",
        provider: "lambda",
        credentialsRef: { name: "nowhere", key: "api-key" },
        lambda: { sshKeyName: "tgp" },
      }],
    },
  });
  await world.clock.advance(minute);
  world.killController();
  world.startController();
  await playToTheEnd(world, ["work"]);
});
