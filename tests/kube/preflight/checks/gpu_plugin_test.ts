import assert from "node:assert/strict";
import { judgeGpuPlugin } from "../../../../kube/preflight/checks/gpu_plugin.ts";

const images: readonly (readonly [image: string, found: boolean])[] = [
  ["nvcr.io/nvidia/k8s-device-plugin:v0.17.4", true],
  ["mirror.example/k8s-device-plugin@sha256:1", true],
  ["nvcr.io/nvidia/gpu-operator:v25.3.0", true],
  ["rocm/k8s-device-plugin:1.31", true],
  ["registry.k8s.io/kube-proxy:v1.36.0", false],
  ["example/not-k8s-device-plugin-docs:1", false],
];

for (const [image, found] of images) {
  Deno.test(`judgeGpuPlugin() by image ${image}: ${found}`, () => {
    const daemon = { namespace: "gpu", name: "d", images: ["sidecar", image], labels: [] };
    const finding = judgeGpuPlugin([daemon], false);
    assert.deepEqual([finding.state, finding.state === "ok" ? finding.message : ""], [
      found ? "ok" : "warn",
      found ? "DaemonSet gpu/d" : "",
    ]);
  });
}

Deno.test("judgeGpuPlugin() knows labels of charts, and the operator that starts one later", () => {
  const daemon = { namespace: "gpu", name: "d", images: ["own"], labels: ["nvidia-device-plugin"] };
  assert.equal(judgeGpuPlugin([daemon], false).state, "ok");
  assert.equal(judgeGpuPlugin([], true).message, "the NVIDIA GPU Operator");
  assert.equal(judgeGpuPlugin([], false).state, "warn");
});
