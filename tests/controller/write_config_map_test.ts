import assert from "node:assert/strict";
import { writeConfigMap } from "../../controller/write_config_map.ts";
import { configMaps } from "../../kube/resource.ts";
import { ControllerWorld, testNamespace } from "../support/controller_world.ts";

Deno.test("writeConfigMap() creates, and then replaces the whole", async () => {
  using world = await ControllerWorld.create();
  const metadata = { name: "map", namespace: testNamespace };
  await writeConfigMap(world.kube, metadata, { data: { old: "1", both: "1" } });
  await writeConfigMap(world.kube, metadata, { data: { both: "2" }, binaryData: { bin: "AA==" } });
  const found = await world.find(configMaps, "map", testNamespace);
  assert.deepEqual(found?.data, { both: "2" });
  assert.deepEqual(found?.binaryData, { bin: "AA==" });
});
