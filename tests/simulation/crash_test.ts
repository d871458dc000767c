import assert from "node:assert/strict";
import type { SeenRequest } from "../../sim/api_server/hooks.ts";
import type { SimulatedWorld } from "../support/simulated_world.ts";
import { createScene, minute, playToTheEnd, podOf, rented } from "./scenario.ts";

/** Kills the controller the first time something is seen, and starts another half a minute later. */
function killOnce(world: SimulatedWorld): () => boolean {
  let killed = false;
  return () => {
    if (killed) return false;
    killed = true;
    world.killController();
    world.clock.sleep(30_000).then(() => world.startController());
    return true;
  };
}

const isStatusPatch = ({ method, url, body }: SeenRequest, text: string) =>
  method === "PATCH" && url.pathname.includes("/gpunodeclaims/") && body.includes(text);

/** Where to die: each sets its trap and leaves the rest to the story. */
const moments: Readonly<Record<string, (world: SimulatedWorld) => void>> = {
  "after the claim is created, before the finalizer": (world) => {
    const kill = killOnce(world);
    world.api.addHook({
      after: ({ method, url }) => {
        if (method === "POST" && url.pathname.endsWith("/gpunodeclaims")) kill();
      },
    });
  },
  "before the intent": (world) => {
    const kill = killOnce(world);
    world.api.addHook({
      before: (request) => {
        if (isStatusPatch(request, '"outcome":"Pending"') && kill()) {
          return new Response("", { status: 503 });
        }
        return undefined;
      },
    });
  },
  "between intent and call": (world) => {
    const kill = killOnce(world);
    world.api.addHook({
      after: (request) => {
        if (isStatusPatch(request, '"outcome":"Pending"')) kill();
      },
    });
  },
  "between call and status": (world) => {
    const kill = killOnce(world);
    world.onCloudRequest = async (request, serve) => {
      const answer = await serve(request, { peer: {} });
      if (request.url.endsWith("/instance-operations/launch")) kill();
      return answer;
    };
  },
  "between call and status, while the list lags": (world) => {
    world.cloud.setBehaviour({ listLagMs: 2 * minute });
    const kill = killOnce(world);
    world.onCloudRequest = async (request, serve) => {
      const answer = await serve(request, { peer: {} });
      if (request.url.endsWith("/instance-operations/launch")) kill();
      return answer;
    };
  },
  "after the launch is recorded": (world) => {
    const kill = killOnce(world);
    world.api.addHook({
      after: (request) => {
        if (isStatusPatch(request, '"outcome":"Launched"')) kill();
      },
    });
  },
  "before the termination is sent": (world) => {
    const kill = killOnce(world);
    world.onCloudRequest = async (request, serve) => {
      if (request.url.endsWith("/instance-operations/terminate") && kill()) {
        return new Response("", { status: 503 });
      }
      return await serve(request, { peer: {} });
    };
  },
  "after the termination is sent": (world) => {
    const kill = killOnce(world);
    world.onCloudRequest = async (request, serve) => {
      const answer = await serve(request, { peer: {} });
      if (request.url.endsWith("/instance-operations/terminate")) kill();
      return answer;
    };
  },
  "after the ledger line, before the finalizer goes": (world) => {
    const kill = killOnce(world);
    world.api.addHook({
      after: ({ url, method, body }) => {
        const writes = method === "POST" || method === "PATCH";
        if (writes && (url.pathname + body).includes("tgp-ledger-")) kill();
      },
    });
  },
};

for (const [moment, trap] of Object.entries(moments)) {
  Deno.test(`a controller killed ${moment} leaves no extra and no lost machine`, async () => {
    await using world = await createScene(7, {
      stock: { gpu_1x_a10: { "us-east-1": 5, "us-west-1": 5 } },
    });
    trap(world);
    world.startController();
    await world.apply(podOf("work"));
    await playToTheEnd(world, ["work"]);
    assert.equal(world.processes, 2, "the controller was not killed");
    assert.equal(rented(world), 1);
  });
}

for (let seed = 1; seed <= 20; seed++) {
  Deno.test(`a controller killed at random moments (seed ${seed}) leaves no extra and no lost machine`, async () => {
    await using world = await createScene(seed, {
      stock: { gpu_1x_a10: { "us-east-1": 5, "us-west-1": 5 }, gpu_1x_a6000: { "us-south-1": 2 } },
      behaviour: { listLagMs: (seed % 4) * 30_000 },
    });
    world.startController();
    await world.apply(podOf("one"), podOf("two"));
    for (let kill = 0; kill < 3; kill++) {
      await world.clock.advance(Math.floor(world.random.next() * 6 * minute));
      world.killController();
      await world.clock.advance(Math.floor(world.random.next() * minute));
      world.startController();
    }
    await playToTheEnd(world, ["one", "two"]);
    assert.equal(rented(world), 2);
  });
}
