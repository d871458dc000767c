import assert from "node:assert/strict";
import { projectedNodes, projectedPods } from "../../controller/projections.ts";
import { decideEmptiness } from "../../scheduling/emptiness.ts";
import { podRequests } from "../../scheduling/pod_requests.ts";
import { isDaemonPod, isProvisionable, isStaticPod } from "../../scheduling/pod_kinds.ts";
import { minutes } from "../../schemas/duration.ts";
import type { Pod } from "../../schemas/kubernetes.ts";

/** A pod with everything that decisions read, and much that they do not. */
const full: Pod & Record<string, unknown> = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "pod",
    namespace: "default",
    uid: "uid",
    resourceVersion: "7",
    labels: { app: "train" },
    annotations: {
      "kubernetes.io/config.mirror": "hash",
      "tgp.io/do-not-disrupt": "true",
      "kubectl.kubernetes.io/last-applied-configuration": "{ … }",
    },
    ownerReferences: [{ apiVersion: "apps/v1", kind: "DaemonSet", name: "d", uid: "d" }],
    ...{ managedFields: [{ manager: "kubectl" }] },
  },
  spec: {
    nodeSelector: { a: "b" },
    tolerations: [{ key: "gpu", operator: "Exists" }],
    priority: 7,
    overhead: { memory: "100Mi" },
    resources: { requests: { cpu: "3" } },
    schedulingGates: [{ name: "quota" }],
    terminationGracePeriodSeconds: 90,
    topologySpreadConstraints: [{
      maxSkew: 1,
      topologyKey: "zone",
      whenUnsatisfiable: "DoNotSchedule",
    }],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "Exists" }] }],
        },
      },
    },
    containers: [{
      name: "main",
      image: "example/main:1",
      ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 81 }],
      resources: { requests: { cpu: "1" }, limits: { "nvidia.com/gpu": "8" } },
      ...{ env: [{ name: "TOKEN", value: "hidden" }] },
    }],
    initContainers: [{
      name: "init",
      restartPolicy: "Always",
      resources: { requests: { cpu: "2" } },
    }],
    ...{ volumes: [{ name: "data" }] },
  },
  status: {
    phase: "Pending",
    nominatedNodeName: "node",
    conditions: [
      { type: "PodScheduled", status: "False", reason: "Unschedulable" },
      { type: "Ready", status: "False" },
    ],
  },
};

Deno.test("projectedPods change no decision about a pod", () => {
  const pod = projectedPods.parse(full);
  assert.deepEqual(podRequests(pod), podRequests(full));
  assert.equal(isProvisionable(pod), isProvisionable(full));
  assert.equal(isDaemonPod(pod), true);
  assert.equal(isStaticPod(pod), true);
  const input = (one: Pod) => ({
    pods: [one],
    annotations: {},
    initializedAt: 0,
    lastPodAt: undefined,
    policy: "WhenEmpty" as const,
    consolidateAfter: minutes(5),
    now: 0,
  });
  assert.deepEqual(decideEmptiness(input(pod)), decideEmptiness(input(full)));
  const { affinity, nodeSelector, tolerations, topologySpreadConstraints } = full.spec;
  assert.deepEqual(pod.spec.affinity, affinity);
  assert.deepEqual(pod.spec.nodeSelector, nodeSelector);
  assert.deepEqual(pod.spec.tolerations, tolerations);
  assert.deepEqual(pod.spec.topologySpreadConstraints, topologySpreadConstraints);
  assert.equal(pod.spec.terminationGracePeriodSeconds, 90);
  assert.equal(pod.spec.priority, 7);
  assert.deepEqual(pod.spec.schedulingGates, [{ name: "quota" }]);
  assert.deepEqual(pod.spec.containers[0]?.ports, [{ containerPort: 81, hostPort: 81 }]);
  assert.deepEqual(pod.metadata.labels, { app: "train" });
});

Deno.test("projectedPods keep nothing that nobody reads", () => {
  const text = JSON.stringify(projectedPods.parse(full));
  for (const word of ["managedFields", "hidden", "volumes", "last-applied", "example/main"]) {
    assert.ok(!text.includes(word), word);
  }
});

Deno.test("projectedNodes keep what the controllers read, and no more", () => {
  const spec = {
    providerID: "lambda:///i-1",
    unschedulable: true,
    taints: [{ key: "gpu", effect: "NoSchedule" as const }],
  };
  const status = {
    capacity: { cpu: "1" },
    allocatable: { "nvidia.com/gpu": "1" },
    addresses: [{ type: "InternalIP", address: "203.0.113.7" }],
  };
  const ready = { type: "Ready", status: "True" as const, message: "kubelet is posting" };
  const node = projectedNodes.parse({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "node", finalizers: ["tgp.io/termination"], annotations: { a: "b" } },
    spec: { ...spec, podCIDR: "10.0.0.0/24" },
    status: {
      ...status,
      conditions: [ready, { type: "DiskPressure", status: "False" }],
      nodeInfo: { kubeletVersion: "v1.36.1", machineID: "x" },
      images: [{ names: ["big"] }],
    },
  });
  assert.deepEqual(node.spec, spec);
  assert.deepEqual(node.status, {
    ...status,
    conditions: [ready],
    nodeInfo: { kubeletVersion: "v1.36.1" },
  });
  assert.deepEqual(node.metadata.finalizers, ["tgp.io/termination"]);
  assert.deepEqual(node.metadata.annotations, {});
});

Deno.test("projectedNodes and projectedPods take objects without spec and status", () => {
  const metadata = { name: "node" };
  assert.equal(projectedNodes.parse({ metadata }).status, undefined);
  const pod = projectedPods.parse({ metadata, spec: { containers: [] } });
  assert.equal(pod.status, undefined);
});
