import assert from "node:assert/strict";
import { isNodeReady } from "../../../controller/termination/node_ready.ts";
import type { Node } from "../../../schemas/kubernetes.ts";
import { buildNode } from "../../support/controller_builders.ts";

function nodeWith(conditions: NonNullable<Node["status"]>["conditions"]): Node {
  return { ...buildNode(), status: { conditions } };
}

Deno.test("isNodeReady() takes only Ready=True for ready", () => {
  assert.equal(isNodeReady(buildNode()), true);
  assert.equal(isNodeReady(buildNode({ ready: false })), false);
  assert.equal(isNodeReady(nodeWith([{ type: "Ready", status: "Unknown" }])), false);
  assert.equal(isNodeReady(nodeWith([{ type: "MemoryPressure", status: "True" }])), false);
  assert.equal(isNodeReady(nodeWith(undefined)), false);
});
