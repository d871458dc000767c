import assert from "node:assert/strict";
import type { Account } from "../../../controller/accounts/account.ts";
import { createDeviceTolerance } from "../../../controller/provisioner/device_tolerance.ts";
import { type SnapshotInput, takeSnapshot } from "../../../controller/provisioner/snapshot.ts";
import { formatTime } from "../../../schemas/conditions.ts";
import { parseUsd } from "../../../schemas/money.ts";
import type { Node } from "../../../schemas/kubernetes.ts";
import { wholeQuantity } from "../../../schemas/quantity.ts";
import {
  buildClaim,
  buildClass,
  buildCondition,
  buildLaunch,
  buildNode,
  buildOffer,
  buildPod,
  buildPool,
  buildSteps,
  testStart,
} from "../../support/controller_builders.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { buildAccount, ScriptedProvider } from "../../support/scripted_provider.ts";

const name = "tgp-abc123-gpu-aaaaaa";
const initialized = buildClaim({
  nodeName: name,
  launch: buildLaunch(),
  instanceID: "i-1",
  steps: buildSteps({ Ordered: 0, Accepted: 0, Initialized: 60 }),
});
const booting = buildClaim({ launch: buildLaunch(), instanceID: "i-1" });
const account: Account = buildAccount(new ScriptedProvider(), {
  snapshot: { offers: [buildOffer()], readAt: testStart },
  stock: new Map([["of-sold", { failures: 1, until: testStart + 1, message: "" }]]),
});

function snapshot(change: Partial<SnapshotInput> = {}) {
  return takeSnapshot({
    nodes: [],
    claims: [],
    pools: [buildPool()],
    classes: [buildClass()],
    pods: [],
    accountsOf: () => [account],
    ended: [],
    podsPlannedOnto: () => [],
    devices: createDeviceTolerance(new FakeClock()),
    now: testStart,
    ...change,
  });
}

Deno.test("a ready node of an initialized claim takes pods, less what runs on it", () => {
  const busy = buildPod({
    metadata: { name: "busy" },
    spec: { nodeName: name },
    status: { phase: "Running" },
  });
  const done = buildPod({ spec: { nodeName: name }, status: { phase: "Succeeded" } });
  const { nodes, planned, pods } = snapshot({
    nodes: [buildNode()],
    claims: [initialized],
    pods: [busy, done, buildPod()],
  });
  assert.deepEqual(nodes.map((node) => node.name), [name]);
  assert.deepEqual(nodes[0]?.used, { "nvidia.com/gpu": wholeQuantity(1), pods: wholeQuantity(1) });
  assert.deepEqual(planned, []);
  assert.deepEqual(pods.map(({ metadata }) => metadata.name), ["pod"]);
});

function nodeWith(spec: NonNullable<Node["spec"]>, ready = true): Node {
  return { ...buildNode({ ready }), spec };
}

const hidden: readonly (readonly [string, Partial<SnapshotInput>])[] = [
  ["is not ready", { nodes: [buildNode({ ready: false })] }],
  ["is cordoned", { nodes: [nodeWith({ unschedulable: true })] }],
  ["is leaving", {
    nodes: [nodeWith({ taints: [{ key: "tgp.io/disrupted", effect: "NoSchedule" }] })],
  }],
  ["is not taken in", {
    nodes: [nodeWith({ taints: [{ key: "tgp.io/unregistered", effect: "NoExecute" }] })],
  }],
  ["is being deleted", {
    nodes: [buildNode({ metadata: { deletionTimestamp: formatTime(testStart) } })],
  }],
  ["belongs to a claim that ends", {
    claims: [buildClaim({ ...initialized.status, end: { reason: "Empty", message: "" } })],
  }],
  ["belongs to a claim that boots", { claims: [booting] }],
  ["speaks of amounts that nobody can read", {
    nodes: [{ ...buildNode(), status: { ...buildNode().status, allocatable: { cpu: "many" } } }],
  }],
];

for (const [what, change] of hidden) {
  Deno.test(`a node that ${what} takes no pods`, () => {
    const input = { nodes: [buildNode()], claims: [initialized], ...change };
    assert.deepEqual(snapshot(input).nodes, []);
  });
}

Deno.test("nodes of others take pods as they are", () => {
  const node = buildNode({ metadata: { name: "on-premises" } });
  assert.deepEqual(snapshot({ nodes: [node] }).nodes.map((one) => one.name), ["on-premises"]);
});

Deno.test("a machine on its way is planned with what was ordered, also while its node has no GPUs", () => {
  const node = { ...buildNode(), status: { ...buildNode().status, allocatable: { cpu: "30" } } };
  const { nodes, planned } = snapshot({
    nodes: [node],
    claims: [booting],
    podsPlannedOnto: () => ["pod-uid"],
  });
  assert.deepEqual(nodes, []);
  assert.equal(planned[0]?.name, name);
  assert.equal(planned[0]?.allocatable["nvidia.com/gpu"], wholeQuantity(1));
  assert.equal(planned[0]?.labels["tgp.io/gpu-model"], "A10-24GB");
  assert.deepEqual(planned[0]?.plannedPods, ["pod-uid"]);
  assert.equal(planned[0]?.labelsDecided, true);
});

for (
  const [outcome, decided] of [
    [undefined, false],
    ["Refused", false],
    ["Pending", false],
    ["Unknown", true],
    ["Launched", true],
  ] as const
) {
  Deno.test(`a claim whose order is ${outcome ?? "not written"} is planned capacity`, () => {
    const claim = buildClaim(outcome ? { launch: buildLaunch({ outcome }) } : {});
    assert.deepEqual(snapshot({ claims: [claim] }).planned.map((one) => one.labelsDecided), [
      decided,
    ]);
  });
}

Deno.test("a claim that ends promises nothing", () => {
  const end = { reason: "NoOfferLeft", message: "" };
  const deleted = buildClaim({}, { metadata: { deletionTimestamp: formatTime(testStart) } });
  assert.deepEqual(snapshot({ claims: [buildClaim({ end }), deleted] }).planned, []);
});

Deno.test("a device plugin that restarts costs an initialized node no GPUs", () => {
  const node = {
    ...buildNode(),
    status: { ...buildNode().status, allocatable: { cpu: "30", "nvidia.com/gpu": "0" } },
  };
  const [planned] = snapshot({ nodes: [node], claims: [initialized] }).nodes;
  assert.equal(planned?.allocatable["nvidia.com/gpu"], wholeQuantity(1));
});

Deno.test("pools and classes come with what they use, offers and who may sell", () => {
  const running = buildClaim({
    ...booting.status,
    prices: [{ from: formatTime(testStart), perHour: parseUsd("1.20"), source: "Offer" }],
  });
  const other = buildClaim({}, {
    metadata: { name: "other" },
    spec: { nodePoolRef: { name: "other" } },
  });
  const { pools, classes } = snapshot({ claims: [running, other] });
  assert.equal(pools[0]?.usage.nodes, 1);
  assert.equal(pools[0]?.usage.perHour, parseUsd("1.20"));
  assert.equal(classes[0]?.usage.nodes, 2);
  assert.equal(classes[0]?.usage.perHour, parseUsd("3.20"));
  assert.deepEqual(classes[0]?.offers.map(({ id }) => id), ["of-a10east1"]);
  assert.deepEqual(classes[0]?.excludedOffers, ["of-sold"]);
  assert.deepEqual(classes[0]?.accounts, [{ name: "lambda", priority: 0 }]);
});

const { bootstrap: _bootstrap, ...withoutBootstrap } = buildClass().spec;
const blocked: readonly (readonly [string, Partial<SnapshotInput>, RegExp])[] = [
  ["has no bootstrap", {
    classes: [{ ...buildClass(), spec: withoutBootstrap }],
  }, /has no spec\.bootstrap\.kubeadm/],
  ["is being deleted", {
    classes: [buildClass({ metadata: { deletionTimestamp: formatTime(testStart) } })],
  }, /is being deleted/],
  ["has no account yet", { accountsOf: () => [] }, /is not ready: no account works yet/],
  ["has no account and says why", {
    accountsOf: () => [],
    classes: [buildClass({
      status: { conditions: [{ ...buildCondition("Ready"), status: "False", message: "no key" }] },
    })],
  }, /is not ready: no key/],
];

for (const [what, change, message] of blocked) {
  Deno.test(`nothing is bought of a class that ${what}`, () => {
    assert.match(snapshot(change).classes[0]?.blocked ?? "", message);
  });
}

Deno.test("a pool whose class does not exist is blocked, one that is being deleted is left out", () => {
  assert.match(snapshot({ classes: [] }).pools[0]?.blocked ?? "", /does not exist/);
  const going = buildPool({ metadata: { deletionTimestamp: formatTime(testStart) } });
  assert.deepEqual(snapshot({ pools: [going] }).pools, []);
});

Deno.test("one pod that cannot be read does not stop buying for everybody", () => {
  const odd = buildPod({
    metadata: { name: "odd" },
    spec: {
      nodeName: name,
      containers: [{ name: "main", resources: { requests: { memory: "1Qi" } } }],
    },
    status: { phase: "Running" },
  });
  const { nodes } = snapshot({ nodes: [buildNode()], claims: [initialized], pods: [odd] });
  assert.equal(nodes.length, 1);
});
