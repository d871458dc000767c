import assert from "node:assert/strict";
import { assignPods, countPending } from "../../../controller/provisioner/plan_summary.ts";
import type { NewNode, PodRef, SolveResult } from "../../../scheduling/plan.ts";
import { buildClaim } from "../../support/controller_builders.ts";

const pod = (uid: string): PodRef => ({ namespace: "default", name: uid, uid });

/** A plan that buys one machine of pool `gpu` for so many pods. */
function buying(...uids: string[]): NewNode {
  const pods = uids.map(pod);
  return { poolName: "gpu", pods } as Partial<NewNode> as NewNode;
}

const plan: SolveResult = {
  placements: [
    { pod: pod("a"), node: "claim-1", kind: "planned" },
    { pod: pod("b"), node: "claim-1", kind: "planned" },
    { pod: pod("c"), node: "claim-2", kind: "planned" },
    { pod: pod("d"), node: "node-1", kind: "existing" },
  ],
  newNodes: [buying("e", "f"), buying("g")],
  unplaced: [{ pod: pod("h"), reasons: [] }],
};

Deno.test("assignPods() says which pods wait for which node", () => {
  assert.deepEqual([...assignPods(plan)], [
    ["claim-1", [pod("a"), pod("b")]],
    ["claim-2", [pod("c")]],
    ["node-1", [pod("d")]],
  ]);
});

Deno.test("countPending() counts pods whose machine is on its way or being bought", () => {
  const claims = [
    buildClaim({}, { metadata: { name: "claim-1" } }),
    buildClaim({}, { metadata: { name: "claim-2" }, spec: { nodePoolRef: { name: "other" } } }),
  ];
  assert.deepEqual([...countPending(plan, claims)].sort(), [["gpu", 5], ["other", 1]]);
});
