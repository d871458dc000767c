import assert from "node:assert/strict";
import { Fields } from "../../../kube/fields.ts";
import { gpuResourceNames, readGpuUse, sumGpuUse } from "../../../plugin/pools/gpu_use.ts";
import { gpuResources } from "../../../schemas/gpu_models.ts";

Deno.test("gpuResourceNames are those of the schemas", () => {
  assert.deepEqual([...gpuResourceNames].sort(), Object.values(gpuResources).sort());
});

Deno.test("readGpuUse() counts every vendor's cards, and none that nobody mentions", () => {
  const read = (resources: unknown, limits: unknown) =>
    readGpuUse(new Fields(resources), new Fields(limits));
  assert.deepEqual(read({ cpu: "4" }, {}), []);
  const mixed = read({ "amd.com/gpu": "8", "nvidia.com/gpu": 4 }, { "nvidia.com/gpu": "24" });
  assert.deepEqual(mixed, [
    { resource: "nvidia.com/gpu", current: "4", limit: "24" },
    { resource: "amd.com/gpu", current: "8", limit: undefined },
  ]);
  assert.equal(sumGpuUse(mixed), "12");
  assert.equal(sumGpuUse([]), "0");
  assert.deepEqual(read({}, { "amd.com/gpu": 2 }), [
    { resource: "amd.com/gpu", current: "0", limit: "2" },
  ]);
});
