import assert from "node:assert/strict";
import { groupPods, labelKeysOfTerms } from "../../../scheduling/solver/pod_classes.ts";
import { labels as labelKeys } from "../../../schemas/labels.ts";
import { buildPod, buildPods, type PodOptions } from "../../support/scheduling.ts";

const none = { pools: new Set<string>(), neighbours: new Set<string>() };

function names(pods: Parameters<typeof groupPods>[0], keys = none): string[][] {
  return groupPods(pods, keys).classes.map(({ pods }) => pods.map(({ name }) => name));
}

Deno.test("groupPods() puts replicas together, oldest first", () => {
  const pods = [
    buildPod("b", { created: "2026-01-02T00:00:00Z" }),
    buildPod("a", { created: "2026-01-02T00:00:00Z" }),
    buildPod("c", { created: "2026-01-01T00:00:00Z" }),
  ];
  assert.deepEqual(names(pods), [["c", "a", "b"]]);
});

const different: readonly [string, PodOptions][] = [
  ["requests", { requests: { "nvidia.com/gpu": "1", cpu: "5", memory: "16Gi" } }],
  ["priority", { spec: { priority: 5 } }],
  ["node selectors", { spec: { nodeSelector: { a: "1" } } }],
  ["tolerations", { spec: { tolerations: [{ operator: "Exists" }] } }],
  ["namespaces", { namespace: "other" }],
  ["host ports", {
    spec: {
      containers: [{
        name: "main",
        resources: { requests: { "nvidia.com/gpu": "1", cpu: "4", memory: "16Gi" } },
        ports: [{ containerPort: 1, hostPort: 1 }],
      }],
    },
  }],
];
for (const [name, options] of different) {
  Deno.test(`groupPods() keeps pods of different ${name} apart`, () => {
    assert.equal(names([buildPod("a"), buildPod("b", options)]).length, 2);
  });
}

Deno.test("groupPods() looks only at labels by which something selects", () => {
  const pods = [buildPod("a", { labels: { app: "x" } }), buildPod("b", { labels: { app: "y" } })];
  assert.equal(names(pods).length, 1);
  assert.equal(names(pods, { ...none, neighbours: new Set(["app"]) }).length, 2);
  assert.equal(names(pods, { ...none, pools: new Set(["app"]) }).length, 2);
});

Deno.test("groupPods() serves priority, then GPUs, then cpu, then memory, then age", () => {
  const requests = (gpu: string, cpu: string, memory: string) => ({
    "nvidia.com/gpu": gpu,
    cpu,
    memory,
  });
  const pods = [
    buildPod("young", {
      requests: requests("1", "1", "1Gi"),
      created: "2026-01-02T00:00:00Z",
      spec: { nodeSelector: { a: "1" } },
    }),
    buildPod("old", { requests: requests("1", "1", "1Gi") }),
    buildPod("memory", { requests: requests("1", "1", "2Gi") }),
    buildPod("cpu", { requests: requests("1", "2", "1Gi") }),
    buildPod("gpus", { requests: requests("2", "1", "1Gi") }),
    buildPod("important", { requests: { cpu: "1" }, spec: { priority: 1 } }),
  ];
  assert.deepEqual(names(pods).flat(), ["important", "gpus", "cpu", "memory", "old", "young"]);
});

Deno.test("groupPods() knows who wants a GPU machine: by request, or by naming a label of one", () => {
  const wants = (options: PodOptions) =>
    groupPods([buildPod("p", options)], none).classes[0]?.wantsDevice;
  assert.equal(wants({}), true);
  assert.equal(wants({ requests: { "amd.com/gpu": "1" } }), true);
  assert.equal(wants({ requests: { cpu: "1" } }), false);
  assert.equal(wants({ requests: { cpu: "1", "ephemeral-storage": "1Gi" } }), false);
  assert.equal(
    wants({ requests: { cpu: "1" }, spec: { nodeSelector: { [labelKeys.nodePool]: "gpu" } } }),
    true,
  );
  assert.equal(
    wants({ requests: { cpu: "1" }, spec: { nodeSelector: { [labelKeys.zone]: "z" } } }),
    false,
  );
});

Deno.test("groupPods() refuses as a group what it cannot read", () => {
  const { classes, refused } = groupPods(buildPods(3, "p", { requests: { cpu: "?" } }), none);
  assert.deepEqual(classes, []);
  assert.equal(refused.length, 1);
  assert.equal(refused[0]?.pods.length, 3);
});

Deno.test("labelKeysOfTerms() are the keys that demands on neighbours look at", () => {
  const pod = buildPod("p", {
    labels: { revision: "1" },
    spec: {
      topologySpreadConstraints: [{
        maxSkew: 1,
        topologyKey: labelKeys.zone,
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: { matchLabels: { app: "x" } },
        matchLabelKeys: ["revision"],
      }],
    },
  });
  assert.deepEqual([...labelKeysOfTerms([pod, buildPod("q")])].sort(), ["app", "revision"]);
});
