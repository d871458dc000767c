import assert from "node:assert/strict";
import type { Node, Pod } from "../../../schemas/kubernetes.ts";
import { placePods, selectPending } from "../../../sim/control_plane/schedule.ts";

function makeNode(name: string, gpus: number): Node {
  const allocatable = { cpu: "8", memory: "32Gi", pods: "10", "nvidia.com/gpu": String(gpus) };
  return { apiVersion: "v1", kind: "Node", metadata: { name }, status: { allocatable } };
}

function makePod(
  name: string,
  { gpus = 1, ...rest }: { readonly gpus?: number } & Partial<Pod["spec"]> = {},
): Pod {
  const limits = { "nvidia.com/gpu": String(gpus) };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: { containers: [{ name: "c", resources: { limits } }], ...rest },
    status: { phase: "Pending" },
  };
}

function summarize(pods: readonly Pod[], nodes: readonly Node[]): readonly string[] {
  return placePods(pods, nodes).map((placement) =>
    placement.kind === "bind"
      ? `${placement.pod.metadata.name} -> ${placement.nodeName}`
      : `${placement.pod.metadata.name}: ${placement.message}`
  );
}

Deno.test("placePods() counts what it has placed", () => {
  const pods = [makePod("a"), makePod("b"), makePod("c")];
  assert.deepEqual(summarize(pods, [makeNode("n", 2)]), [
    "a -> n",
    "b -> n",
    "c: 0/1 nodes are available: 1 Insufficient nvidia.com/gpu. preemption: 0/1 nodes are available:" +
    " 1 Preemption is not helpful for scheduling.",
  ]);
});

Deno.test("placePods() counts running pods, and not those that ended", () => {
  const running = makePod("running", { nodeName: "n" });
  const ended: Pod = { ...makePod("ended", { nodeName: "n" }), status: { phase: "Succeeded" } };
  const pods = [running, ended, makePod("a"), makePod("b")];
  const [a, b] = summarize(pods, [makeNode("n", 2)]);
  assert.equal(a, "a -> n");
  assert.match(b ?? "", /^b: .*Insufficient/);
});

Deno.test("placePods() serves the higher priority first, then the older, then by name", () => {
  const old: Pod = makePod("z");
  const young: Pod = {
    ...makePod("y"),
    metadata: { name: "y", namespace: "default", creationTimestamp: "2026-01-01T00:00:01Z" },
  };
  const high = makePod("x", { priority: 5 });
  const order = selectPending([young, old, high, makePod("a")]).map(({ metadata }) =>
    metadata.name
  );
  assert.deepEqual(order, ["x", "a", "z", "y"]);
});

Deno.test("placePods() leaves alone what is not its own", () => {
  const gated = makePod("gated", { schedulingGates: [{ name: "g" }] });
  const others = makePod("others", { schedulerName: "custom" });
  const bound = makePod("bound", { nodeName: "n" });
  assert.deepEqual(placePods([gated, others, bound], [makeNode("n", 8)]), []);
});

Deno.test("placePods() says that there is no node, and gathers reasons", () => {
  assert.deepEqual(summarize([makePod("a")], []), ["a: no nodes available to schedule pods"]);
  const cordoned: Node = { ...makeNode("c", 8), spec: { unschedulable: true } };
  const [message] = summarize([makePod("a", { gpus: 4 })], [
    makeNode("n", 1),
    makeNode("m", 2),
    cordoned,
  ]);
  assert.equal(
    message,
    "a: 0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient nvidia.com/gpu." +
      " preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
  );
});

Deno.test("placePods() spreads over nodes", () => {
  const busy = (name: string) =>
    makePod(name, { gpus: 0, containers: [{ name: "c", resources: { requests: { cpu: "2" } } }] });
  const nodes = [makeNode("n", 0), makeNode("m", 0)];
  const places = placePods([busy("a"), busy("b"), busy("c"), busy("d")], nodes).map((one) =>
    one.kind === "bind" ? one.nodeName : ""
  );
  assert.deepEqual(places, ["n", "m", "n", "m"]);
});
