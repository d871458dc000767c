import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type ObservationInput,
  observeInstance,
} from "../../../controller/node_claim/observation.ts";
import { isSame } from "../../../controller/same.ts";
import type { Instance, InstanceState } from "../../../providers/contract.ts";
import { formatTime } from "../../../schemas/conditions.ts";
import { parseUsd } from "../../../schemas/money.ts";
import {
  buildClaim,
  buildInfo,
  buildInstance,
  buildLaunch,
  buildNode,
  buildSteps,
  testStart,
} from "../../support/controller_builders.ts";

const minute = 60_000;
const now = testStart + 10 * minute;
const launched = buildClaim({
  launch: buildLaunch(),
  instanceID: "i-1",
  steps: buildSteps({ Ordered: 1, Accepted: 2 }),
});
const seen = buildClaim({ ...launched.status, instanceState: "active" });

function observe(
  instances: readonly (readonly Instance[])[],
  change: Partial<ObservationInput> = {},
) {
  const lists = instances.map((listed, index) => ({
    startedAt: now - index * 15_000,
    instances: listed,
  }));
  return observeInstance({
    claim: launched,
    lists,
    info: buildInfo(),
    node: undefined,
    now,
    ...change,
  });
}

Deno.test("observeInstance() of no list changes nothing", () => {
  const { instance, status } = observe([]);
  assert.equal(instance, undefined);
  assert.equal(status, launched.status);
});

Deno.test("observeInstance() of a booting machine that bills from running", () => {
  const booting = buildInstance({ state: "booting", rawState: "booting", addresses: [] });
  const { instance, status } = observe([[booting]]);
  assert.equal(instance, booting);
  assert.deepEqual(status, { ...launched.status, instanceState: "booting", addresses: [] });
});

Deno.test("observeInstance() of a booting machine that bills from acceptance", () => {
  const booting = buildInstance({ state: "booting", rawState: "booting" });
  const info = buildInfo({ billingStarts: "accepted" });
  const { status } = observe([[booting]], { info });
  assert.deepEqual(status.prices, [
    { from: formatTime(testStart + 2_000), perHour: parseUsd("1.29"), source: "Offer" },
  ]);
});

Deno.test("observeInstance() of a running machine bills it and notes the step once", () => {
  const { status } = observe([[buildInstance()]]);
  assert.equal(status.instanceState, "active");
  assert.deepEqual(status.addresses, ["203.0.113.7"]);
  assert.equal(status.prices?.length, 1);
  assert.equal(status.steps?.at(-1)?.step, "Running");
  const later = observe([[buildInstance()]], {
    claim: { ...launched, status },
    now: now + minute,
  });
  assert.ok(isSame(later.status, status));
});

Deno.test("observeInstance() follows the vendor's price", () => {
  const { status } = observe([[buildInstance({ pricePerHour: parseUsd("1.50") })]]);
  assert.deepEqual(status.prices?.map(({ perHour, source }) => [perHour, source]), [
    [parseUsd("1.29"), "Offer"],
    [parseUsd("1.50"), "Instance"],
  ]);
});

Deno.test("observeInstance() counts the price that the vendor says at first sight from the start", () => {
  const booting = buildInstance({ state: "booting", pricePerHour: parseUsd("2.00") });
  const info = buildInfo({ billingStarts: "accepted" });
  const from = formatTime(testStart + 2_000);
  assert.deepEqual(observe([[booting]], { info }).status.prices, [
    { from, perHour: parseUsd("1.29"), source: "Offer" },
    { from, perHour: parseUsd("2.00"), source: "Instance" },
  ]);
});

const ends:
  readonly (readonly [InstanceState, "ready" | "not ready" | "no", string | undefined])[] = [
    ["running", "no", undefined],
    ["booting", "no", undefined],
    ["unknown", "no", undefined],
    ["unhealthy", "no", "InstanceFailed"],
    ["unhealthy", "not ready", "InstanceFailed"],
    ["unhealthy", "ready", undefined],
    ["stopped", "no", undefined],
    ["stopped", "not ready", "InstanceStopped"],
    ["stopped", "ready", "InstanceStopped"],
    ["terminating", "ready", "InstanceFailed"],
  ];

for (const [state, node, end] of ends) {
  Deno.test(`observeInstance() of a machine that is ${state} with ${node} node: ${end ?? "goes on"}`, () => {
    const { status } = observe([[buildInstance({ state, rawState: `raw-${state}` })]], {
      node: node === "no" ? undefined : buildNode({ ready: node === "ready" }),
    });
    assert.equal(status.end?.reason, end);
    if (end) assert.match(status.end?.message ?? "", new RegExp(`raw-${state}`));
  });
}

const failures = [
  ["availability", "OutOfCapacity"],
  ["unknown", "BootFailed"],
] as const;

for (const [kind, reason] of failures) {
  Deno.test(`observeInstance() of a machine that will never run (${kind}) ends as ${reason}, in the vendor's words`, () => {
    const bootFailure = { kind, message: "This machine type can't start" };
    const instance = buildInstance({ state: "stopped", rawState: "off", bootFailure });
    const { status } = observe([[instance]]);
    assert.equal(status.end?.reason, reason);
    assert.match(status.end?.message ?? "", /: This machine type can't start$/);
  });
}

Deno.test("observeInstance() of a machine that ran and could not be started again: it was shut down", () => {
  const bootFailure = { kind: "availability", message: "no capacity" } as const;
  const instance = buildInstance({ state: "stopped", rawState: "off", bootFailure });
  const claim = buildClaim({
    ...seen.status,
    steps: buildSteps({ Ordered: 1, Accepted: 2, Running: 60 }),
  });
  assert.equal(observe([[instance]], { claim }).status.end?.reason, "InstanceStopped");
});

Deno.test("observeInstance() lets a machine vanish only after two lists without it", () => {
  assert.equal(observe([[]], { claim: seen }).status.end, undefined);
  assert.equal(observe([[], []], { claim: seen }).status.end?.reason, "InstanceVanished");
});

Deno.test("observeInstance() waits the settle time for a machine that no list has shown yet", () => {
  const soon = { claim: launched, now: testStart + 4 * minute };
  const lists = [0, 1, 2].map((index) => ({
    startedAt: testStart + 4 * minute - index * 5_000,
    instances: [],
  }));
  assert.equal(observe([], { ...soon, lists }).status.end, undefined);
});

Deno.test("observeInstance() believes a ready node more than the vendor's list", () => {
  const { status } = observe([[], []], { claim: seen, node: buildNode() });
  assert.equal(status.end, undefined);
});

Deno.test("observeInstance() keeps the first reason to end", () => {
  const end = { reason: "Empty", message: "first" };
  const claim = buildClaim({ ...seen.status, end });
  const { status } = observe([[buildInstance({ state: "stopped" })]], { claim });
  assert.equal(status.end, end);
});

Deno.test("observeInstance() twice on the same lists says the same: nothing is rewritten for ever", () => {
  const state = fc.constantFrom<InstanceState>(
    "booting",
    "running",
    "unhealthy",
    "stopped",
    "terminating",
    "terminated",
    "unknown",
  );
  fc.assert(
    fc.property(fc.array(fc.option(state), { maxLength: 3 }), fc.boolean(), (states, ready) => {
      const lists = states.map((listed) =>
        listed === null ? [] : [buildInstance({ state: listed, rawState: listed })]
      );
      const node = ready ? buildNode() : undefined;
      const once = observe(lists, { node }).status;
      const twice = observe(lists, { node, claim: { ...launched, status: once }, now: now + 1 });
      assert.ok(isSame(twice.status, once));
    }),
  );
});
