import assert from "node:assert/strict";
import { decideEmptiness, type EmptinessInput, keepsNode } from "../../scheduling/emptiness.ts";
import { minutes } from "../../schemas/duration.ts";
import { buildPod, type PodOptions } from "../support/scheduling.ts";

const minute = 60_000;
const base: EmptinessInput = {
  pods: [],
  annotations: {},
  initializedAt: 0,
  lastPodAt: undefined,
  policy: "WhenEmpty",
  consolidateAfter: minutes(5),
  now: 5 * minute,
};
const running: PodOptions = { status: { phase: "Running" }, spec: { nodeName: "n" } };

function owned(kind: string): PodOptions {
  return {
    ...running,
    metadata: { name: "p", ownerReferences: [{ apiVersion: "v1", kind, name: "o", uid: "u" }] },
  };
}

const pods: readonly [string, PodOptions, boolean][] = [
  ["a running pod", running, true],
  ["a pod that just got bound", { ...running, status: { phase: "Pending" } }, true],
  ["a finished pod", { ...running, status: { phase: "Succeeded" } }, false],
  ["a failed pod", { ...running, status: { phase: "Failed" } }, false],
  ["a daemon", owned("DaemonSet"), false],
  ["a static pod", owned("Node"), false],
  ["a leaving pod", {
    ...running,
    metadata: { name: "p", deletionTimestamp: "2026-01-01T00:00:00Z" },
  }, false],
];
for (const [name, options, expected] of pods) {
  Deno.test(`keepsNode() of ${name} is ${expected}`, () => {
    assert.equal(keepsNode(buildPod("p", options)), expected);
  });
}

const decisions: readonly [string, Partial<EmptinessInput>, ReturnType<typeof decideEmptiness>][] =
  [
    ["empty long enough: give back", {}, { kind: "giveBack", emptySinceMs: 0 }],
    ["a moment too early: wait", { now: 5 * minute - 1 }, { kind: "wait", untilMs: 5 * minute }],
    ["the last pod left later: count from there", { lastPodAt: 3 * minute }, {
      kind: "wait",
      untilMs: 8 * minute,
    }],
    ["a pod seen before initialization does not shorten the wait", {
      initializedAt: minute,
      lastPodAt: 0,
    }, { kind: "wait", untilMs: 6 * minute }],
    ["no waiting asked for", { consolidateAfter: minutes(0), now: 0 }, {
      kind: "giveBack",
      emptySinceMs: 0,
    }],
    ["in use, whatever the policy", {
      pods: [buildPod("b", running), buildPod("a", running)],
      policy: "Never",
    }, { kind: "inUse", pods: ["default/a", "default/b"] }],
    ["only daemons: empty", { pods: [buildPod("d", owned("DaemonSet"))] }, {
      kind: "giveBack",
      emptySinceMs: 0,
    }],
    ["not initialized", { initializedAt: undefined }, {
      kind: "keep",
      message: "Empty, but not initialized yet",
    }],
    ["policy Never", { policy: "Never" }, {
      kind: "keep",
      message: "Empty, but consolidationPolicy is Never",
    }],
    ["annotated", { annotations: { "tgp.io/do-not-disrupt": "true" } }, {
      kind: "keep",
      message: "Empty, but annotated tgp.io/do-not-disrupt=true",
    }],
    ["annotated with something else", { annotations: { "tgp.io/do-not-disrupt": "maybe" } }, {
      kind: "giveBack",
      emptySinceMs: 0,
    }],
  ];
for (const [name, rest, expected] of decisions) {
  Deno.test(`decideEmptiness(): ${name}`, () => {
    assert.deepEqual(decideEmptiness({ ...base, ...rest }), expected);
  });
}
