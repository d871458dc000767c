import assert from "node:assert/strict";
import { renderDecisions } from "../../../plugin/pools/render_decisions.ts";
import { parseUsd } from "../../../schemas/money.ts";
import type { PoolDecisions } from "../../../schemas/pool_decisions.ts";

const offer = {
  id: "of-aaaaaaaa",
  provider: "lambda",
  account: "lambda",
  instanceType: "gpu_1x_a10",
  region: "us-east-1",
  capacityType: "on-demand",
  gpuModel: "A10-24GB",
  gpuCount: 1,
  perHour: parseUsd("1.29"),
};

const decisions: PoolDecisions = {
  pool: "gpu",
  since: "2026-01-01T00:00:00Z",
  considered: 9,
  fitting: 1,
  planned: 2,
  bought: 0,
  refusals: [{
    kind: "offers",
    message: "None of 120 offers fits",
    pods: { count: 5, first: ["default/a", "default/b"] },
  }],
  otherRefused: 1,
  purchases: [{
    time: "2026-01-01T00:01:00Z",
    claim: "tgp-abc123-gpu-aaaaaa",
    pods: { count: 2, first: ["default/c", "default/d"] },
    offer,
    ceilingPerHour: parseUsd("1.50"),
    why: "the cheapest of 2 that suit",
    next: {
      id: "of-bbbbbbbb",
      provider: "paperspace",
      account: "second",
      instanceType: "C5",
      capacityType: "spot",
      gpuCount: 0,
      perHour: parseUsd("1.40"),
    },
  }],
};

const now = Date.UTC(2026, 0, 1, 0, 5);

function render(change: Partial<PoolDecisions> = {}, width?: number) {
  const reading = { kind: "known", decisions: { ...decisions, ...change } } as const;
  return Object.fromEntries(
    renderDecisions(reading, width, now).map(({ label, lines }) => [label, lines]),
  );
}

Deno.test("renderDecisions() says what became of pods, why, and what was bought", () => {
  assert.deepEqual(render(), {
    "Decided": [
      "5m ago, for 9 pods: 2 waiting for one that is on its way, 1 fitting on nodes that are there, " +
      "6 not served",
    ],
    "Not served": [
      "5 pods (default/a, default/b and 3 more): None of 120 offers fits",
      "1 pod for further reasons",
    ],
    "Bought last": [
      "4m ago A10-24GB x1 lambda us-east-1 $1.29/h (of-aaaaaaaa), at most $1.50/h, " +
      "for 2 pods (default/c, default/d): tgp-abc123-gpu-aaaaaa",
      "why: the cheapest of 2 that suit; next C5 paperspace (second) spot $1.40/h (of-bbbbbbbb)",
    ],
  });
});

Deno.test("renderDecisions() shows the latest orders only", () => {
  const [purchase] = decisions.purchases;
  assert.ok(purchase);
  const { next: _next, ...single } = purchase;
  const lines = render({ purchases: Array.from({ length: 10 }, () => single) })["Bought last"];
  assert.equal(lines?.length, 6);
});

Deno.test("renderDecisions() breaks lines between words", () => {
  for (const lines of Object.values(render({}, 60))) {
    for (const line of lines) assert.ok(line.length <= 60, line);
  }
});

Deno.test("renderDecisions() says that there are none, or why they are not known", () => {
  assert.deepEqual(renderDecisions({ kind: "none" }, undefined, now), [
    { label: "Decided", lines: ["nothing yet: no pod has waited for this pool"] },
  ]);
  assert.deepEqual(renderDecisions({ kind: "unknown", why: "you may not" }, undefined, now), [
    { label: "Decided", lines: ["unknown: you may not"] },
  ]);
});
