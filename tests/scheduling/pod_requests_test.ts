import assert from "node:assert/strict";
import { podRequests } from "../../scheduling/pod_requests.ts";
import type { Container, Pod, ResourceList } from "../../schemas/kubernetes.ts";
import { formatResources } from "../../schemas/quantity.ts";
import { buildPod } from "../support/scheduling.ts";

function container(requests: ResourceList, limits?: ResourceList): Container {
  return { name: "c", resources: limits ? { requests, limits } : { requests } };
}

function sidecar(requests: ResourceList): Container {
  return { ...container(requests), restartPolicy: "Always" };
}

const cases: readonly [string, Partial<Pod["spec"]>, Record<string, string>][] = [
  ["a pod without requests takes a place", { containers: [{ name: "c" }] }, { pods: "1" }],
  [
    "containers add up",
    { containers: [container({ cpu: "1", memory: "1Gi" }), container({ cpu: "500m" })] },
    { cpu: "1500m", memory: "1Gi", pods: "1" },
  ],
  [
    "limits stand in for missing requests, devices included",
    {
      containers: [
        { name: "c", resources: { limits: { "nvidia.com/gpu": 2, cpu: "4" } } },
        container({ cpu: "1" }, { cpu: "4" }),
      ],
    },
    { "nvidia.com/gpu": "2", cpu: "5", pods: "1" },
  ],
  [
    "init containers run one after the other: the largest counts",
    {
      containers: [container({ cpu: "1" })],
      initContainers: [container({ cpu: "3" }), container({ cpu: "2", memory: "8Gi" })],
    },
    { cpu: "3", memory: "8Gi", pods: "1" },
  ],
  [
    "init containers smaller than the containers do not count",
    { containers: [container({ cpu: "4" })], initContainers: [container({ cpu: "3" })] },
    { cpu: "4", pods: "1" },
  ],
  [
    "sidecars run beside containers",
    { containers: [container({ cpu: "1" })], initContainers: [sidecar({ cpu: "2" })] },
    { cpu: "3", pods: "1" },
  ],
  [
    "an init container runs beside the sidecars that started before it, not after it",
    {
      containers: [container({ cpu: "1" })],
      initContainers: [container({ cpu: "6" }), sidecar({ cpu: "2" }), container({ cpu: "5" })],
    },
    { cpu: "7", pods: "1" },
  ],
  [
    "overhead is added to the larger of both phases",
    {
      containers: [container({ cpu: "1" })],
      initContainers: [container({ cpu: "2" })],
      overhead: { cpu: "250m", memory: "64Mi" },
    },
    { cpu: "2250m", memory: "64Mi", pods: "1" },
  ],
  [
    "pod-level requests replace the sum of cpu and memory, not of devices",
    {
      containers: [container({ cpu: "1", "nvidia.com/gpu": "1" })],
      resources: { requests: { cpu: "3", "nvidia.com/gpu": "9" } },
    },
    { cpu: "3", "nvidia.com/gpu": "1", pods: "1" },
  ],
  [
    "zero of a device is no request for it",
    { containers: [container({ "nvidia.com/gpu": "0", cpu: "1" })] },
    { cpu: "1", pods: "1" },
  ],
];
for (const [name, spec, expected] of cases) {
  Deno.test(`podRequests(): ${name}`, () => {
    assert.deepEqual(formatResources(podRequests(buildPod("p", { spec }))), expected);
  });
}

Deno.test("podRequests() names the resource that cannot be read", () => {
  const pod = buildPod("p", { requests: { cpu: "a lot" } });
  assert.throws(
    () => podRequests(pod),
    (error) => error instanceof RangeError && error.message.includes('Resource "cpu"'),
  );
});
