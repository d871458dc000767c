import assert from "node:assert/strict";
import { createPaperspaceCloud } from "../../sim/clouds/paperspace/mod.ts";
import { createSceneWith, minute, playToTheEnd, podOf } from "./scenario.ts";

Deno.test("a machine that its cloud shows as going off while it is deleted is told to end once", async () => {
  const clouds: ReturnType<typeof createPaperspaceCloud>[] = [];
  await using world = await createSceneWith({
    seed: 1,
    moreClouds: (deps) => {
      const behaviour = { deletedVisibleMs: 3 * minute, listsDeleting: true, showsDeletion: false };
      const stock = { P4000: { ny2: 1 } };
      const cloud = createPaperspaceCloud({ ...deps, apiKeys: ["ours"], stock, behaviour });
      clouds.push(cloud);
      return [cloud];
    },
  }, [{ entry: { name: "paperspace", regions: ["ny2"] }, apiKey: "ours" }]);
  const ends: number[] = [];
  world.onCloudRequest = (request, serve) => {
    const { pathname } = new URL(request.url);
    if (request.method === "DELETE" && pathname.includes("/machines/")) {
      ends.push(world.clock.now());
    }
    return serve(request, { peer: {} });
  };
  world.startController();
  await world.apply(podOf("work"));
  await playToTheEnd(world, ["work"]);
  assert.equal(clouds[0]?.machines().length, 1);
  assert.equal(ends.length, 1);
});
