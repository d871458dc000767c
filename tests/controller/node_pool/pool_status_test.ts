import assert from "node:assert/strict";
import fc from "fast-check";
import {
  computePoolStatus,
  type PoolStatusInput,
} from "../../../controller/node_pool/pool_status.ts";
import { findCondition, formatTime } from "../../../schemas/conditions.ts";
import { seconds } from "../../../schemas/duration.ts";
import { parseUsd, zeroUsd } from "../../../schemas/money.ts";
import { wholeQuantity } from "../../../schemas/quantity.ts";
import {
  buildClaim,
  buildClass,
  buildCondition,
  buildLaunch,
  buildPool,
  testStart,
} from "../../support/controller_builders.ts";

const minute = 60_000;
const hour = 60 * minute;
const readyClass = buildClass({ status: { conditions: [buildCondition("Ready")] } });
const running = buildClaim({
  launch: buildLaunch(),
  instanceID: "i-1",
  prices: [{ from: formatTime(testStart), perHour: parseUsd("1.20"), source: "Offer" }],
  conditions: [buildCondition("Initialized")],
});

function compute(change: Partial<PoolStatusInput> = {}) {
  return computePoolStatus({
    pool: buildPool(),
    nodeClass: readyClass,
    claims: [],
    ended: [],
    pendingPods: 0,
    now: testStart,
    ...change,
  });
}

/** `type=status/reason` of every condition. */
function facts(change: Partial<PoolStatusInput>): readonly string[] {
  return (compute(change).conditions ?? [])
    .map(({ type, status, reason }) => `${type}=${status}/${reason}`);
}

const notReady = { ...buildCondition("Ready", "SecretNotFound"), status: "False" as const };
const table: readonly (readonly [string, Partial<PoolStatusInput>, readonly string[]])[] = [
  ["a pool that may buy", {}, [
    "NodeClassReady=True/Ready",
    "WithinBudget=True/WithinLimits",
    "Healthy=True/BootsSucceed",
    "Ready=True/Ready",
  ]],
  ["no class", { nodeClass: undefined }, [
    "NodeClassReady=False/NodeClassNotFound",
    "WithinBudget=True/WithinLimits",
    "Healthy=True/BootsSucceed",
    "Ready=False/NodeClassNotFound",
  ]],
  ["a class that is not judged yet", { nodeClass: buildClass() }, [
    "NodeClassReady=Unknown/NodeClassNotReady",
    "WithinBudget=True/WithinLimits",
    "Healthy=True/BootsSucceed",
    "Ready=Unknown/NodeClassNotReady",
  ]],
  ["a class that is not ready", {
    nodeClass: buildClass({ status: { conditions: [notReady] } }),
  }, [
    "NodeClassReady=False/NodeClassNotReady",
    "WithinBudget=True/WithinLimits",
    "Healthy=True/BootsSucceed",
    "Ready=False/NodeClassNotReady",
  ]],
  ["a paused pool", { pool: buildPool({ spec: { paused: true } }) }, [
    "NodeClassReady=True/Ready",
    "WithinBudget=True/WithinLimits",
    "Healthy=True/BootsSucceed",
    "Ready=False/Paused",
  ]],
  ["a reached limit", {
    pool: buildPool({ spec: { limits: { nodes: 1 } } }),
    claims: [running],
  }, [
    "NodeClassReady=True/Ready",
    "WithinBudget=False/LimitReached",
    "Healthy=True/BootsSucceed",
    "Ready=True/Ready",
  ]],
];

for (const [what, change, expected] of table) {
  Deno.test(`computePoolStatus() of ${what}`, () => {
    assert.deepEqual(facts(change), expected);
  });
}

Deno.test("computePoolStatus() counts machines, their resources and their cost", () => {
  const status = compute({
    claims: [running, buildClaim({})],
    now: testStart + hour,
    pendingPods: 3,
  });
  assert.equal(status.nodes, 2);
  assert.equal(status.readyNodes, 1);
  assert.equal(status.resources?.["nvidia.com/gpu"], wholeQuantity(2));
  // The one that has not launched yet reserves its ceiling.
  assert.equal(status.spendPerHour, parseUsd("3.20"));
  assert.equal(status.spentToday, parseUsd("1.20"));
  assert.equal(status.pendingPods, 3);
});

Deno.test("computePoolStatus() of a pool whose last machine is gone is empty", () => {
  const before = compute({ claims: [running] });
  const status = compute({ pool: buildPool({ status: before }) });
  assert.equal(status.nodes, 0);
  assert.deepEqual(status.resources, {});
  assert.equal(status.spendPerHour, zeroUsd);
});

Deno.test("computePoolStatus() says what a limit is and what is used", () => {
  const { conditions } = compute({
    pool: buildPool({ spec: { limits: { nodes: 1 } } }),
    claims: [running],
  });
  assert.match(
    findCondition(conditions, "WithinBudget")?.message ?? "",
    /Limit nodes of pool "gpu" is 1: 1 exist/,
  );
});

Deno.test("computePoolStatus() within one minute says the same, however finely a vendor bills", () => {
  const launch = buildLaunch();
  const bySecond = buildClaim({
    ...running.status,
    launch: { ...launch, offer: { ...launch.offer, billingIncrement: seconds(1) } },
  });
  const offset = fc.integer({ min: 0, max: minute - 1 });
  fc.assert(
    fc.property(offset, offset, (left, right) => {
      const at = (ms: number) => compute({ claims: [bySecond], now: testStart + hour + ms });
      const { conditions: _left, ...first } = at(left);
      const { conditions: _right, ...second } = at(right);
      assert.deepEqual(first, second);
    }),
  );
});
