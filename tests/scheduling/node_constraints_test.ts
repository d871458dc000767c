import assert from "node:assert/strict";
import { nodeAlternatives } from "../../scheduling/node_constraints.ts";
import { satisfies } from "../../scheduling/requirements.ts";
import type { NodeSelectorTerm } from "../../schemas/kubernetes.ts";
import { buildPod } from "../support/scheduling.ts";

function withTerms(nodeSelectorTerms: readonly NodeSelectorTerm[], nodeSelector = {}) {
  return buildPod("p", {
    spec: {
      nodeSelector,
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
          preferredDuringSchedulingIgnoredDuringExecution: [{
            weight: 1,
            preference: { matchExpressions: [{ key: "wish", operator: "Exists" }] },
          }],
        },
      },
    },
  });
}

function suits(pod: ReturnType<typeof buildPod>, labels: Record<string, string>): boolean {
  return nodeAlternatives(pod).some((requirements) => satisfies(labels, requirements));
}

Deno.test("nodeAlternatives() of a pod without constraints is one that every node meets", () => {
  assert.ok(suits(buildPod("p"), {}));
  assert.equal(nodeAlternatives(buildPod("p")).length, 1);
});

Deno.test("nodeAlternatives() demands every label of the node selector", () => {
  const pod = buildPod("p", { spec: { nodeSelector: { a: "1", b: "2" } } });
  assert.ok(suits(pod, { a: "1", b: "2" }));
  assert.ok(!suits(pod, { a: "1" }));
});

Deno.test("nodeAlternatives() are one per affinity term, each with the node selector; wishes are ignored", () => {
  const pod = withTerms([
    {
      matchExpressions: [{ key: "a", operator: "In", values: ["1"] }, {
        key: "b",
        operator: "Exists",
      }],
    },
    { matchExpressions: [{ key: "c", operator: "DoesNotExist" }] },
  ], { z: "9" });
  assert.ok(suits(pod, { z: "9", a: "1", b: "x", c: "y" }));
  assert.ok(suits(pod, { z: "9" }));
  assert.ok(!suits(pod, { z: "9", a: "1", c: "y" }));
  assert.ok(!suits(pod, { a: "1", b: "x" }));
});

Deno.test("nodeAlternatives() gives none for terms that match no node", () => {
  assert.deepEqual(nodeAlternatives(withTerms([])), []);
  assert.deepEqual(nodeAlternatives(withTerms([{}])), []);
});

Deno.test("nodeAlternatives() keeps matchFields on the node's name", () => {
  const pod = withTerms([
    { matchFields: [{ key: "metadata.name", operator: "In", values: ["n1"] }] },
  ]);
  assert.ok(suits(pod, { "metadata.name": "n1" }));
  assert.ok(!suits(pod, { "metadata.name": "n2" }));
});
