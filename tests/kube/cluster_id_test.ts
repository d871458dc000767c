import assert from "node:assert/strict";
import { readClusterId } from "../../kube/cluster_id.ts";
import { namespaces } from "../../kube/resource.ts";
import type { Kube } from "../../kube/kube.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { ControllerWorld } from "../support/controller_world.ts";

Deno.test("readClusterId() is six characters that fit into names, and always the same", async () => {
  using world = await ControllerWorld.create();
  const id = await readClusterId(world.kube);
  assert.match(id, /^[a-z0-9]{6}$/);
  assert.equal(await readClusterId(world.kube), id);
});

Deno.test("readClusterId() differs between clusters", async () => {
  const random = createSeededRandom(3);
  const ids = new Set<string>();
  for (let cluster = 0; cluster < 1_000; cluster++) {
    const uid = String(random.next());
    const kube: Pick<Kube, "get"> = {
      get: (type) => Promise.resolve(type.parse({ metadata: { name: "kube-system", uid } })),
    };
    const id = await readClusterId(kube as Kube);
    assert.match(id, /^[a-z0-9]{6}$/);
    ids.add(id);
  }
  assert.equal(ids.size, 1_000);
});

Deno.test("readClusterId() fails where kube-system cannot be read", async () => {
  using world = await ControllerWorld.create();
  world.server.addHook({
    before: ({ info }) =>
      info.kind === "resource" && info.plural === namespaces.plural
        ? Response.json({ kind: "Status", message: "no" }, { status: 403 })
        : undefined,
  });
  await assert.rejects(readClusterId(world.kube), { code: 403 });
});
