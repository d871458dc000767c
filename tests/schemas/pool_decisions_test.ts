import assert from "node:assert/strict";
import { parseUsd } from "../../schemas/money.ts";
import {
  decisionsKey,
  decodeDecisions,
  encodeDecisions,
  parseDecisionsName,
  type PoolDecisions,
  toDecisionsName,
} from "../../schemas/pool_decisions.ts";

const decisions: PoolDecisions = {
  pool: "gpu",
  since: "2026-01-01T00:00:00Z",
  considered: 3,
  fitting: 0,
  planned: 0,
  bought: 1,
  refusals: [{ kind: "offers", message: "None fits", pods: { count: 2, first: ["a/b"] } }],
  otherRefused: 0,
  purchases: [{
    time: "2026-01-01T00:00:00Z",
    claim: "tgp-abc123-gpu-aaaaaa",
    pods: { count: 1, first: ["a/c"] },
    offer: {
      id: "of-1",
      provider: "lambda",
      account: "lambda",
      instanceType: "gpu_1x_a10",
      capacityType: "on-demand",
      gpuCount: 1,
      perHour: parseUsd("1.29"),
    },
    ceilingPerHour: parseUsd("1.50"),
    why: "the cheapest of all 2 offers",
  }],
};

Deno.test("decisions are read as they were written", () => {
  assert.deepEqual(decodeDecisions(encodeDecisions(decisions)), decisions);
});

Deno.test("money is written as a decimal string, for people who look with kubectl", () => {
  assert.match(encodeDecisions(decisions)[decisionsKey] ?? "", /"perHour": "1.29"/);
});

Deno.test("decodeDecisions() takes nothing for decisions that is none", () => {
  for (const text of ["", "{", "[]", '{"pool":"gpu"}']) {
    assert.equal(decodeDecisions({ [decisionsKey]: text }), undefined);
  }
  assert.equal(decodeDecisions({}), undefined);
  assert.equal(decodeDecisions(undefined), undefined);
});

Deno.test("a pool's name and that of its decisions lead to each other", () => {
  assert.equal(parseDecisionsName(toDecisionsName("gpu")), "gpu");
  for (const name of ["tgp-decisions-", "tgp-stock-a.b", "other"]) {
    assert.equal(parseDecisionsName(name), undefined);
  }
});
