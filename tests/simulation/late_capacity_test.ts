import assert from "node:assert/strict";
import { configMaps } from "../../kube/resource.ts";
import { nodePools } from "../../kube/tgp_resources.ts";
import { defaultLambdaKey } from "../../sim/clouds/lambda/mod.ts";
import {
  createPaperspaceCloud,
  defaultPaperspaceKey,
  type PaperspaceCloudOptions,
} from "../../sim/clouds/paperspace/mod.ts";
import { simTexts } from "../../sim/clouds/paperspace/errors.ts";
import type { PaperspaceCloud } from "../../sim/clouds/paperspace/paperspace_cloud.ts";
import type { SeenRequest } from "../../sim/api_server/hooks.ts";
import type { SimulatedWorld } from "../support/simulated_world.ts";
import {
  createSceneWith,
  minute,
  playToTheEnd,
  podOf,
  readEvents,
  readLedger,
  rented,
} from "./scenario.ts";

const lambda = {
  entry: { name: "lambda", lambda: { sshKeyName: "tgp" } },
  apiKey: defaultLambdaKey,
};
const paperspace = {
  entry: { name: "paperspace", regions: ["ny2"] },
  apiKey: defaultPaperspaceKey,
};

/** A world in which Paperspace is the cheaper of two clouds. */
async function createScene(
  seed: number,
  options: Partial<Omit<PaperspaceCloudOptions, "clock" | "random">>,
): Promise<{ readonly world: SimulatedWorld; readonly cheap: PaperspaceCloud }> {
  const made: PaperspaceCloud[] = [];
  const world = await createSceneWith({
    seed,
    cloud: { stock: { gpu_1x_a10: { "us-east-1": 5 } } },
    moreClouds: (deps) => {
      const cloud = createPaperspaceCloud({ ...deps, ...options });
      made.push(cloud);
      return [cloud];
    },
  }, [lambda, paperspace]);
  const [cheap] = made;
  assert.ok(cheap);
  return { world, cheap };
}

const phantom = { stock: {}, behaviour: { phantomStock: ["P4000/ny2"] } };

Deno.test("a machine that the cloud has not after all is given back, and the next offer is bought at once", async () => {
  const { world, cheap } = await createScene(1, phantom);
  await using _ = world;
  world.startController();
  await world.apply(podOf("work"));
  await world.until(
    "the machine that never ran is given back",
    () => cheap.machines()[0]?.deleted === true,
    5 * minute,
  );
  await world.until("the next offer is bought", () => rented(world) === 1, 15_000);
  await playToTheEnd(world, ["work"]);
  assert.equal(cheap.machines().length, 1, "the offer was tried again");
  assert.equal(rented(world), 1);
  const [told] = await readEvents(world, "OutOfCapacity");
  assert.match(told ?? "", /insufficient capacity/);
  const [line] = (await readLedger(world)).filter(({ provider }) => provider === "paperspace");
  assert.deepEqual([line?.reason, line?.boot], ["OutOfCapacity", "Cancelled"]);
  const { data } = await world.kube.get(configMaps, {
    name: "tgp-stock-lambda.paperspace",
    namespace: "tgp-system",
  });
  assert.equal(Object.keys(data ?? {}).length, 1, "the memory would not survive a restart");
  const { status } = await world.kube.get(nodePools, { name: "gpu" });
  const healthy = status?.conditions?.find(({ type }) => type === "Healthy");
  assert.equal(healthy?.status, "True", "lack of capacity says nothing about the pool");
  await world.until(
    "the startup script of the machine that never ran is removed",
    () => cheap.startupScripts().every(({ deleted }) => deleted),
    5 * minute,
  );
});

const isEnd = ({ method, url, body }: SeenRequest) =>
  method === "PATCH" && url.pathname.includes("/gpunodeclaims/") && body.includes("OutOfCapacity");

/** Where to die. */
const moments: Readonly<Record<string, (world: SimulatedWorld, kill: () => boolean) => void>> = {
  "before the end is written": (world, kill) => {
    world.api.addHook({
      before: (request) => isEnd(request) && kill() ? new Response("", { status: 503 }) : undefined,
    });
  },
  "after the end is written, before it is acted on": (world, kill) => {
    world.api.addHook({ after: (request) => void (isEnd(request) && kill()) });
  },
  "after the machine is ended": (world, kill) => {
    world.onCloudRequest = async (request, serve) => {
      const answer = await serve(request, { peer: {} });
      if (request.method === "DELETE" && request.url.includes("/machines/")) kill();
      return answer;
    };
  },
};

for (const [moment, trap] of Object.entries(moments)) {
  Deno.test(`a controller killed ${moment} of a machine that never ran buys no second one for the claim`, async () => {
    const { world, cheap } = await createScene(2, phantom);
    await using _ = world;
    let killed = false;
    trap(world, () => {
      if (killed) return false;
      killed = true;
      world.killController();
      world.clock.sleep(30_000).then(() => world.startController());
      return true;
    });
    world.startController();
    await world.apply(podOf("work"));
    await playToTheEnd(world, ["work"]);
    assert.equal(world.processes, 2, "the controller was not killed");
    const names = cheap.machines().map(({ name }) => name);
    assert.equal(new Set(names).size, names.length, "a claim had two machines");
    // A crash right after the end was written costs the memory of it, and so one more try at most.
    assert.ok(names.length <= 2, `${names.length} machines were tried`);
    assert.equal(rented(world), 1);
  });
}

Deno.test("a pod waits without buying on while only a cloud has offers that it cannot keep", async () => {
  const { world, cheap } = await createScene(3, phantom);
  await using _ = world;
  world.cloud.setStock("gpu_1x_a10", "us-east-1", 0);
  world.startController();
  await world.apply(podOf("work"));
  await world.clock.advance(60 * minute);
  const tried = cheap.machines().length;
  assert.ok(tried >= 2 && tried <= 7, `${tried} machines were tried in an hour`);
  world.cloud.setStock("gpu_1x_a10", "us-east-1", 1);
  await playToTheEnd(world, ["work"]);
});

Deno.test("a running machine that somebody shuts down is given back and replaced: it costs on", async () => {
  const { world, cheap } = await createScene(4, { stock: { P4000: { ny2: 2 } } });
  await using _ = world;
  world.startController();
  await world.apply(podOf("work"));
  await world.until(
    "a machine serves",
    () => cheap.poweredMachines().length === 1,
    10 * minute,
  );
  await world.clock.advance(3 * minute);
  const [first] = cheap.machines();
  assert.ok(first);
  cheap.switchOff(first.id);
  await world.until(
    "the machine is given back",
    () => cheap.machines()[0]?.deleted === true,
    5 * minute,
  );
  assert.equal((await readEvents(world, "InstanceStopped")).length, 1);
  // The pod is gone with its node: nothing recreates a bare pod.
  await world.apply(podOf("again"));
  await playToTheEnd(world, ["again"]);
});

Deno.test("another price than the table's is told, counted against limits, and booked", async () => {
  const { world, cheap } = await createScene(5, { stock: { P4000: { ny2: 1 } } });
  await using _ = world;
  cheap.setPrice("P4000", 1.00);
  world.startController();
  await world.apply(podOf("work"));
  await playToTheEnd(world, ["work"]);
  const told = await readEvents(world, "PriceDiffers");
  assert.equal(told.length, 1);
  assert.match(told[0] ?? "", /^Bought at \$0\.5\d\/h, and the cloud asks \$1\.0\d\/h/);
  assert.equal(rented(world), 0);
});

for (let seed = 101; seed <= 108; seed++) {
  Deno.test(`late failures and kills at random moments (seed ${seed}) leave no extra and no lost machine`, async () => {
    const { world, cheap } = await createScene(seed, {
      stock: { A4000: { ny2: 2 } },
      behaviour: {
        phantomStock: ["P4000/ny2"],
        listLagMs: (seed % 3) * 30_000,
        capacityText: seed % 4 === 0 ? null : simTexts.startWithoutCapacity,
      },
    });
    await using _ = world;
    world.startController();
    await world.apply(podOf("one"), podOf("two"));
    for (let kill = 0; kill < 4; kill++) {
      await world.clock.advance(Math.floor(world.random.next() * 4 * minute));
      world.killController();
      await world.clock.advance(Math.floor(world.random.next() * minute));
      world.startController();
    }
    await playToTheEnd(world, ["one", "two"]);
    const names = [...cheap.machines(), ...world.cloud.machines()].map(({ name }) => name);
    assert.equal(new Set(names).size, names.length, "a claim had two machines");
    const ran = [...cheap.machines(), ...world.cloud.machines()]
      .filter((machine) => !("type" in machine && machine.type.label === "P4000"));
    assert.equal(ran.length, 2, "a need was served twice");
  });
}
