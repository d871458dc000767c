import assert from "node:assert/strict";
import {
  isDaemonPod,
  isFinished,
  isProvisionable,
  isStaticPod,
  whyNotProvisionable,
} from "../../scheduling/pod_kinds.ts";
import { buildPod, type PodOptions } from "../support/scheduling.ts";

function owner(kind: string): PodOptions {
  return {
    metadata: { name: "p", ownerReferences: [{ apiVersion: "v1", kind, name: "o", uid: "u" }] },
  };
}

Deno.test("isProvisionable() is true for a pod that the scheduler found unschedulable", () => {
  assert.ok(isProvisionable(buildPod("p")));
  assert.equal(whyNotProvisionable(buildPod("p")), undefined);
  assert.ok(isProvisionable(buildPod("p", owner("Job"))));
});

const refused: readonly [string, PodOptions, RegExp][] = [
  ["a bound pod", { spec: { nodeName: "n" } }, /bound to node "n"/],
  [
    "a pod being deleted",
    { metadata: { name: "p", deletionTimestamp: "2026-01-01T00:00:00Z" } },
    /being deleted/,
  ],
  ["a running pod", { status: { phase: "Running" } }, /phase is Running/],
  ["a daemon", owner("DaemonSet"), /DaemonSet/],
  ["a static pod", owner("Node"), /static/],
  [
    "a mirror pod",
    { metadata: { name: "p", annotations: { "kubernetes.io/config.mirror": "x" } } },
    /static/,
  ],
  ["a gated pod", { spec: { schedulingGates: [{ name: "quota" }] } }, /gate "quota"/],
  [
    "a pod the scheduler has not seen",
    { status: { phase: "Pending" } },
    /not found it unschedulable/,
  ],
  ["a pod with another reason", {
    status: {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }],
    },
  }, /not found it unschedulable/],
  ["a pod that preempts others", {
    status: {
      phase: "Pending",
      nominatedNodeName: "n",
      conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }],
    },
  }, /making room for it on node "n"/],
];
for (const [name, options, reason] of refused) {
  Deno.test(`whyNotProvisionable() refuses ${name}`, () => {
    const pod = buildPod("p", options);
    assert.match(whyNotProvisionable(pod) ?? "", reason);
    assert.ok(!isProvisionable(pod));
  });
}

Deno.test("kinds of pods are told by owner, annotation and phase", () => {
  assert.ok(isDaemonPod(buildPod("p", owner("DaemonSet"))));
  assert.ok(!isDaemonPod(buildPod("p")));
  assert.ok(isStaticPod(buildPod("p", owner("Node"))));
  assert.ok(!isStaticPod(buildPod("p")));
  assert.ok(isFinished(buildPod("p", { status: { phase: "Succeeded" } })));
  assert.ok(isFinished(buildPod("p", { status: { phase: "Failed" } })));
  assert.ok(!isFinished(buildPod("p")));
});
