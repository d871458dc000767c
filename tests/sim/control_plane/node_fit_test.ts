import assert from "node:assert/strict";
import type { Node, Pod } from "../../../schemas/kubernetes.ts";
import { parseResources } from "../../../schemas/quantity.ts";
import { findMisfits, tolerates } from "../../../sim/control_plane/node_fit.ts";

type NodeSpec = NonNullable<Node["spec"]>;
type PodSpec = Partial<Pod["spec"]>;

function makeNode(spec: NodeSpec = {}, labels: Readonly<Record<string, string>> = {}): Node {
  return { apiVersion: "v1", kind: "Node", metadata: { name: "n", labels }, spec };
}

function makePod(spec: PodSpec = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: { containers: [], ...spec },
  };
}

function misfits(pod: Pod, node: Node, requests = {}, used = {}): readonly string[] {
  return findMisfits(pod, parseResources(requests), {
    node,
    allocatable: parseResources({ cpu: "4", pods: "2" }),
    used: parseResources(used),
  });
}

const affinity = (
  ...matchExpressions: {
    readonly key: string;
    readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
    readonly values?: readonly string[];
  }[]
) => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions }],
      },
    },
  },
});

Deno.test("findMisfits() finds nothing where everything fits", () => {
  assert.deepEqual(misfits(makePod(), makeNode(), { cpu: "4", pods: "1" }), []);
});

Deno.test("findMisfits() names each resource that is missing", () => {
  const requests = { cpu: "2", "nvidia.com/gpu": "1", pods: "1" };
  assert.deepEqual(misfits(makePod(), makeNode(), requests, { cpu: "3", pods: "2" }), [
    "Insufficient cpu",
    "Insufficient nvidia.com/gpu",
    "Too many pods",
  ]);
});

Deno.test("findMisfits() respects taints that are not tolerated", () => {
  const node = makeNode({ taints: [{ key: "a", value: "b", effect: "NoSchedule" }] });
  assert.deepEqual(misfits(makePod(), node), ["node(s) had untolerated taint {a: b}"]);
  assert.deepEqual(misfits(makePod({ tolerations: [{ key: "a", operator: "Exists" }] }), node), []);
  const soft = makeNode({ taints: [{ key: "a", effect: "PreferNoSchedule" }] });
  assert.deepEqual(misfits(makePod(), soft), []);
});

Deno.test("findMisfits() respects a cordon, unless it is tolerated", () => {
  const node = makeNode({ unschedulable: true });
  assert.deepEqual(misfits(makePod(), node), ["node(s) were unschedulable"]);
  assert.deepEqual(misfits(makePod({ tolerations: [{ operator: "Exists" }] }), node), []);
});

Deno.test.each(
  [
    [{ nodeSelector: { a: "1" } }, { a: "1" }, true],
    [{ nodeSelector: { a: "1" } }, { a: "2" }, false],
    [affinity({ key: "a", operator: "In", values: ["1", "2"] }), { a: "2" }, true],
    [affinity({ key: "a", operator: "NotIn", values: ["1"] }), {}, true],
    [affinity({ key: "a", operator: "NotIn", values: ["1"] }), { a: "1" }, false],
    [affinity({ key: "a", operator: "Exists" }), {}, false],
    [affinity({ key: "a", operator: "DoesNotExist" }), {}, true],
    [affinity({ key: "a", operator: "Gt", values: ["40"] }), { a: "80" }, true],
    [affinity({ key: "a", operator: "Gt", values: ["80"] }), { a: "80" }, false],
    [affinity({ key: "a", operator: "Lt", values: ["80"] }), {}, false],
    [affinity(), { a: "1" }, false],
  ] satisfies readonly (readonly [PodSpec, Readonly<Record<string, string>>, boolean])[],
)("findMisfits() with %j on a node with %j", (spec, labels, fits) => {
  const expected = fits ? [] : ["node(s) didn't match Pod's node affinity/selector"];
  assert.deepEqual(misfits(makePod(spec), makeNode({}, labels)), expected);
});

Deno.test("tolerates() compares key, operator, value and effect", () => {
  const taint = { key: "a", value: "b", effect: "NoExecute" } as const;
  assert.ok(tolerates({ key: "a", value: "b" }, taint));
  assert.ok(tolerates({ operator: "Exists" }, taint));
  assert.ok(tolerates({ key: "a", operator: "Exists", effect: "NoExecute" }, taint));
  assert.ok(!tolerates({ key: "a", value: "c" }, taint));
  assert.ok(!tolerates({ key: "a", operator: "Exists", effect: "NoSchedule" }, taint));
  assert.ok(!tolerates({}, taint));
});
