import assert from "node:assert/strict";
import { configMaps } from "../../kube/resource.ts";
import { nodeClasses } from "../../kube/tgp_resources.ts";
import { findCondition } from "../../schemas/conditions.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { SeenRequest } from "../../sim/api_server/hooks.ts";
import { createPaperspaceCloud } from "../../sim/clouds/paperspace/mod.ts";
import { createRunpodCloud } from "../../sim/clouds/runpod/mod.ts";
import { marketScene } from "../../sim/demo/market.ts";
import { readScene } from "../../sim/demo/scene.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { apiHost, SimulatedWorld } from "../support/simulated_world.ts";
import { minute, podOf } from "./scenario.ts";

const hours = 6;

/** What controllers write, by `verb resource name`. */
class WriteCounter {
  readonly counts = new Map<string, number>();

  constructor(world: SimulatedWorld) {
    world.api.addHook({ before: (request) => this.#count(request) });
  }

  /** Forgets what was counted so far. */
  restart(): void {
    this.counts.clear();
  }

  /** Writes so far of what has such a key, and takes them from the rest. */
  take(key: string): number {
    const count = this.counts.get(key) ?? 0;
    this.counts.delete(key);
    return count;
  }

  #count({ info, user }: SeenRequest): void {
    if (info.kind !== "resource" || user?.name !== "kubernetes-admin") return;
    if (["get", "list", "watch"].includes(info.verb) || info.plural === "leases") return;
    // Questions about permissions; nothing is stored.
    if (info.plural.endsWith("accessreviews")) return;
    const resource = [info.plural, info.subresource].filter((part) => part !== "").join("/");
    const key = `${info.verb} ${resource} ${info.name}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }
}

/** Three clouds with one pool. */
async function createMarketWorld(seed: number, leaseClock?: Clock): Promise<SimulatedWorld> {
  const world = await SimulatedWorld.create({
    seed,
    leaseClock,
    cloud: { stock: { gpu_1x_a10: { "us-east-1": 2 } } },
    moreClouds: (deps) => [
      createPaperspaceCloud({ ...deps, stock: { A4000: { ny2: 2 } } }),
      createRunpodCloud(deps),
    ],
  });
  const manifests = new URL("../../manifests/", import.meta.url);
  await world.apply(...await readScene(manifests, apiHost, marketScene));
  return world;
}

Deno.test("a quiet cluster of three clouds has nothing written but freshness, every ten minutes", async () => {
  await using world = await createMarketWorld(1, new FakeClock());
  const writes = new WriteCounter(world);
  world.startController();
  await world.apply(podOf("work", 1, 12 * 3600));
  await world.clock.advance(30 * minute);
  assert.ok(writes.take("create gpunodeclaims ") > 0);
  assert.ok(writes.take("create configmaps tgp-decisions-gpu-anywhere") <= 1);
  writes.restart();
  for (let passed = 0; passed < hours * 60; passed += 10) await world.clock.advance(10 * minute);
  assertFresh(writes, hours);
  assert.deepEqual([...writes.counts], [], "further writes");
  const { status } = await world.kube.get(nodeClasses, { name: "clouds" });
  assert.equal(findCondition(status?.conditions, "CatalogFresh")?.status, "True");
});

Deno.test("pods that nobody serves, a cloud that is away and a second controller make little noise", async () => {
  await using world = await createMarketWorld(2);
  const writes = new WriteCounter(world);
  let answers = 0;
  world.onCloudRequest = (request, serve) =>
    new URL(request.url).hostname === "paperspace.test"
      ? Promise.resolve(new Response(`<html>Ray ${++answers}</html>`, { status: 502 }))
      : serve(request, { peer: {} });
  world.startController();
  world.startController();
  await world.apply(...Array.from({ length: 5 }, (_, index) => podOf(`dream-${index}`, 64)));
  await world.clock.advance(30 * minute);
  assert.ok(
    await world.kube.get(configMaps, {
      name: "tgp-decisions-gpu-anywhere",
      namespace: "tgp-system",
    }),
  );
  writes.restart();
  await world.clock.advance(60 * minute);
  // Each pod hears every five minutes why it waits.
  const told = [...writes.counts.keys()].filter((key) => /^(patch|create) events /.test(key))
    .reduce((sum, key) => sum + writes.take(key), 0);
  assert.ok(told <= 5 * 13, `${told} events`);
  // The words of an outage may differ with every answer: once a minute.
  const words = writes.take("patch gpunodeclasses/status clouds");
  assert.ok(words <= 61, `${words} of the class`);
  assertFresh(writes, 1);
  assert.deepEqual([...writes.counts], [], "further writes");
});

/** Takes what may be written every ten minutes from the rest. */
function assertFresh(writes: WriteCounter, hours: number): void {
  const most = hours * 6 + 1;
  for (
    const what of [
      "update configmaps tgp-offers-clouds.lambda",
      "update configmaps tgp-offers-clouds.paperspace",
      "update configmaps tgp-offers-clouds.runpod",
      "patch gpunodeclasses/status clouds",
      "patch gpunodepools/status gpu-anywhere",
    ]
  ) {
    const count = writes.take(what);
    assert.ok(count <= most, `${what}: ${count}`);
  }
}
