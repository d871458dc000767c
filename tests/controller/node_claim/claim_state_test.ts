import assert from "node:assert/strict";
import {
  isEnding,
  moveStep,
  plannedCapacity,
  plannedLabels,
  poolName,
  promisesCapacity,
  stepTime,
  withStep,
} from "../../../controller/node_claim/claim_state.ts";
import { formatTime } from "../../../schemas/conditions.ts";
import { wholeQuantity } from "../../../schemas/quantity.ts";
import {
  buildClaim,
  buildLaunch,
  buildSteps,
  testStart,
} from "../../support/controller_builders.ts";

const asked = { "nvidia.com/gpu": wholeQuantity(1) };
const ordered = buildLaunch().offer.capacity;

Deno.test("withStep() keeps the first time, moveStep() takes the last", () => {
  const steps = buildSteps({ Ordered: 0, TerminateSent: 10 });
  assert.equal(withStep(steps, "TerminateSent", testStart + 60_000), steps);
  assert.deepEqual(moveStep(steps, "TerminateSent", testStart + 60_999), [
    ...buildSteps({ Ordered: 0, TerminateSent: 60 }),
  ]);
  assert.deepEqual(withStep(undefined, "Ordered", testStart), buildSteps({ Ordered: 0 }));
});

Deno.test("stepTime() is whole seconds, or nothing", () => {
  const claim = buildClaim({ steps: buildSteps({ Running: 5 }) });
  assert.equal(stepTime(claim, "Running"), testStart + 5_000);
  assert.equal(stepTime(claim, "Gone"), undefined);
});

Deno.test("a claim promises its node until it ends, for whatever reason", () => {
  const ended = buildClaim({ end: { reason: "Empty", message: "" } });
  const deleted = buildClaim({}, { metadata: { deletionTimestamp: formatTime(testStart) } });
  for (const [claim, ending] of [[buildClaim(), false], [ended, true], [deleted, true]] as const) {
    assert.equal(isEnding(claim), ending);
    assert.equal(promisesCapacity(claim), !ending);
  }
});

for (
  const [outcome, capacity, model] of [
    [undefined, asked, undefined],
    ["Refused", asked, undefined],
    ["Pending", ordered, "A10-24GB"],
    ["Unknown", ordered, "A10-24GB"],
    ["Launched", ordered, "A10-24GB"],
  ] as const
) {
  Deno.test(`what a claim promises when its order is ${outcome ?? "not written"}`, () => {
    const claim = buildClaim(outcome ? { launch: buildLaunch({ outcome }) } : {});
    assert.deepEqual(plannedCapacity(claim), capacity);
    assert.equal(plannedLabels(claim)["tgp.io/gpu-model"], model);
    assert.equal(plannedLabels(claim)["tgp.io/node-pool"], "gpu");
  });
}

Deno.test("plannedLabels() knows what requirements leave no choice about, and the claim's own win", () => {
  const labels = plannedLabels(buildClaim({}, {
    spec: {
      labels: { team: "a" },
      requirements: [
        { key: "tgp.io/gpu-model", operator: "In", values: ["H100-SXM5-80GB"] },
        { key: "tgp.io/country", operator: "In", values: ["us", "ca"] },
        { key: "team", operator: "In", values: ["b"] },
        { key: "tgp.io/gpu-count", operator: "Gt", values: ["3"] },
      ],
    },
  }));
  assert.deepEqual(labels, {
    "tgp.io/gpu-model": "H100-SXM5-80GB",
    team: "a",
    "tgp.io/node-pool": "gpu",
  });
});

Deno.test("poolName() of a claim made by hand is nothing", () => {
  const { nodePoolRef: _pool, ...spec } = buildClaim().spec;
  const byHand = { ...buildClaim(), spec };
  assert.equal(poolName(byHand), undefined);
  assert.equal("tgp.io/node-pool" in plannedLabels(byHand), false);
});
