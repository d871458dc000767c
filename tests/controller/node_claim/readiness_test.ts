import assert from "node:assert/strict";
import fc from "fast-check";
import { decideReady } from "../../../controller/node_claim/readiness.ts";
import type { Condition } from "../../../schemas/conditions.ts";
import { buildClaim } from "../../support/controller_builders.ts";

const time = "2026-01-01T00:00:00Z";

function condition(type: string, status: Condition["status"], reason: string): Condition {
  return { type, status, reason, message: `${type} is ${status}`, lastTransitionTime: time };
}

const stages = ["Launched", "Registered", "Initialized"];

Deno.test("a claim is ready when all has become so that has to", () => {
  const conditions = stages.map((type) => condition(type, "True", type));
  assert.deepEqual(decideReady(buildClaim({ conditions })), {
    type: "Ready",
    status: "True",
    reason: "Ready",
    message: "The machine serves pods",
  });
});

const waits: readonly (readonly [string, readonly Condition[], string, string])[] = [
  ["nothing is known of", [], "AwaitingLaunch", "No order yet"],
  [
    "whose order is open",
    [condition("Launched", "Unknown", "LaunchUnknown")],
    "LaunchUnknown",
    "Launched is Unknown",
  ],
  ["that was launched", [condition("Launched", "True", "Launched")], "AwaitingNode", "No Node yet"],
  [
    "whose node is refused",
    [condition("Launched", "True", "Launched"), condition("Registered", "False", "StaleNode")],
    "StaleNode",
    "Registered is False",
  ],
  [
    "whose node has joined",
    [condition("Launched", "True", "Launched"), condition("Registered", "True", "Registered")],
    "AwaitingReady",
    "Not usable yet",
  ],
];

for (const [what, conditions, reason, message] of waits) {
  Deno.test(`a claim ${what} says what it waits for`, () => {
    const { status, ...why } = decideReady(buildClaim({ conditions: [...conditions] }));
    assert.deepEqual({ status, ...why }, { type: "Ready", status: "False", reason, message });
  });
}

Deno.test("a claim that ends is not ready, whatever it was, and says why", () => {
  const conditions = stages.map((type) => condition(type, "True", type));
  const end = { reason: "Empty", message: "No pod has used the node for 5m" };
  assert.deepEqual(decideReady(buildClaim({ conditions, end })), {
    type: "Ready",
    status: "False",
    ...end,
  });
  const deleted = buildClaim({ conditions }, { metadata: { deletionTimestamp: time } });
  assert.equal(decideReady(deleted).reason, "Terminating");
});

Deno.test("what Ready said before has no part in what it says", () => {
  const some = fc.record({
    type: fc.constantFrom(...stages),
    status: fc.constantFrom("True" as const, "False" as const, "Unknown" as const),
  }).map(({ type, status }) => condition(type, status, "Some"));
  const lists = fc.uniqueArray(some, { selector: ({ type }) => type });
  fc.assert(fc.property(lists, fc.boolean(), (conditions, wasReady) => {
    const before = condition("Ready", wasReady ? "True" : "False", "Before");
    assert.deepEqual(
      decideReady(buildClaim({ conditions: [...conditions, before] })),
      decideReady(buildClaim({ conditions })),
    );
  }));
});
