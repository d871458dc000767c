import assert from "node:assert/strict";
import { nodes } from "../../../kube/resource.ts";
import { nodeClaims } from "../../../kube/tgp_resources.ts";
import { minutes } from "../../../schemas/duration.ts";
import type { NodeClaimStatus } from "../../../schemas/node_claim.ts";
import {
  buildCondition,
  buildInstance,
  buildLaunch,
  buildNode,
  buildSteps,
} from "../../support/controller_builders.ts";
import { ClaimBench, claimName } from "../../support/claim_bench.ts";
import { isWrite } from "../../support/controller_world.ts";

const minute = 60_000;
const launched: NodeClaimStatus = {
  launch: buildLaunch(),
  instanceID: "i-1",
  providerID: "lambda://us-east-1/i-1",
  steps: buildSteps({ Ordered: 0, Accepted: 0 }),
  conditions: [buildCondition("Launched")],
};
const initialized: NodeClaimStatus = {
  ...launched,
  nodeName: claimName,
  steps: buildSteps({ Ordered: 0, Accepted: 0, Running: 60, Registered: 90, Initialized: 120 }),
  conditions: ["Launched", "Registered", "Initialized", "Ready"].map((type) =>
    buildCondition(type)
  ),
};
const booting = buildInstance({ state: "booting", rawState: "booting", addresses: [] });

Deno.test("a claim that is gone asks for nothing", async () => {
  using bench = await ClaimBench.create();
  assert.deepEqual(
    await bench.reconciler.reconcile("no-such-claim", new AbortController().signal),
    {
      kind: "awaitChange",
    },
  );
});

Deno.test("a claim whose end is written is deleted, and its machine ended", async () => {
  using bench = await ClaimBench.with({ ...launched, end: { reason: "Empty", message: "" } });
  await bench.pass();
  assert.ok(bench.claim?.metadata.deletionTimestamp);
  await bench.pass();
  await bench.pass();
  assert.deepEqual(bench.provider().terminated, ["i-1"]);
});

Deno.test("a claim of the same name that came later is not deleted in its place", async () => {
  using bench = await ClaimBench.with({ end: { reason: "NoOfferLeft", message: "" } });
  await bench.world.kube.patch(nodeClaims, { name: claimName }, { metadata: { finalizers: [] } });
  await bench.world.sync();
  const claim = bench.claim;
  assert.ok(claim);
  await bench.world.kube.patch(nodeClaims, { name: claimName }, {
    metadata: { finalizers: ["tgp.io/termination"] },
  });
  await bench.world.sync();
  bench.world.onceBefore(isWrite("delete", "gpunodeclaims"), async () => {
    await bench.world.kube.patch(nodeClaims, { name: claimName }, { metadata: { finalizers: [] } });
    await bench.world.kube.delete(nodeClaims, { name: claimName });
    await bench.world.putClaim({ ...claim, metadata: { name: claimName }, status: {} });
  });
  await assert.rejects(bench.pass(), { reason: "Conflict" });
  assert.equal((await bench.world.claim(claimName)).metadata.deletionTimestamp, undefined);
});

Deno.test("a booting machine is looked at every ten seconds and written only on change", async () => {
  using bench = await ClaimBench.with(launched);
  let writes = 0;
  bench.world.server.addHook({ before: ({ method }) => void (method === "PATCH" && writes++) });
  for (let look = 0; look < 12; look++) {
    bench.list(booting);
    assert.deepEqual(await bench.pass(), {
      kind: "requeueAfter",
      delayMs: 10_000,
      reason: "the machine is booting",
    });
    await bench.world.clock.advance(10_000);
  }
  assert.equal(writes, 1);
});

Deno.test("what a status has no room for is no news each time", async () => {
  using bench = await ClaimBench.with(launched);
  let writes = 0;
  bench.world.server.addHook({ before: ({ method }) => void (method === "PATCH" && writes++) });
  const addresses = Array.from({ length: 12 }, (_, index) => `10.0.0.${index}`);
  addresses.unshift(`fe80::1%${"x".repeat(100)}`);
  for (let look = 0; look < 3; look++) {
    bench.list({ ...booting, rawState: "booting ".repeat(20), addresses });
    await bench.pass();
    await bench.world.clock.advance(10_000);
  }
  assert.equal(writes, 1);
  assert.deepEqual(bench.status.addresses, addresses.slice(1, 9));
});

const timeouts: readonly (readonly [string, NodeClaimStatus, string])[] = [
  ["does not start", launched, "LaunchTimeout"],
  [
    "does not join",
    { ...launched, steps: buildSteps({ Ordered: 0, Running: 1 }) },
    "RegistrationTimeout",
  ],
  [
    "does not become usable",
    {
      ...launched,
      steps: buildSteps({ Ordered: 0, Running: 1, Registered: 2 }),
      conditions: [buildCondition("Launched"), buildCondition("Registered")],
    },
    "InitializationTimeout",
  ],
];

for (const [what, status, reason] of timeouts) {
  Deno.test(`a machine that ${what} in time ends its claim`, async () => {
    using bench = await ClaimBench.with(status);
    await bench.world.clock.advance(16 * minute);
    bench.list(status === launched ? booting : buildInstance());
    await bench.pass();
    assert.equal(bench.status.end?.reason, reason);
    assert.ok(bench.world.reasons.includes(reason));
    await bench.pass();
    assert.ok(bench.claim?.metadata.deletionTimestamp);
  });
}

Deno.test("the class's own time limits count", async () => {
  using bench = await ClaimBench.with(launched);
  const { entry } = bench.account();
  assert.ok(entry);
  bench.account().entry = { ...entry, timeouts: { launch: minutes(1) } };
  await bench.world.clock.advance(minute);
  bench.list(booting);
  await bench.pass();
  assert.equal(bench.status.end?.reason, "LaunchTimeout");
});

Deno.test("a machine that works is left alone", async () => {
  using bench = await ClaimBench.with(initialized);
  await bench.world.putNode(buildNode());
  bench.list(buildInstance());
  await bench.pass();
  await bench.world.clock.advance(24 * 60 * minute);
  bench.list(buildInstance());
  assert.deepEqual(await bench.pass(), { kind: "awaitChange" });
  assert.equal(bench.status.end, undefined);
});

Deno.test("a Node that somebody deletes takes its machine with it", async () => {
  using bench = await ClaimBench.with(initialized);
  await bench.world.putNode(buildNode({ metadata: { finalizers: ["tgp.io/termination"] } }));
  bench.list(buildInstance());
  await bench.world.kube.delete(nodes, { name: claimName });
  await bench.pass();
  assert.equal(bench.status.end?.reason, "NodeDeleted");
  assert.match(bench.status.end?.message ?? "", /Node was deleted/);
});

Deno.test("a boot that nobody needs any more is cancelled", async () => {
  using bench = await ClaimBench.with(launched);
  bench.need.assign(new Map());
  bench.list(booting);
  await bench.pass();
  await bench.world.clock.advance(5 * minute);
  bench.list(booting);
  await bench.pass();
  assert.equal(bench.status.end?.reason, "NotNeeded");
});

Deno.test("a machine whose account has no client is kept and told of", async () => {
  using bench = await ClaimBench.with(launched);
  bench.accounts.drop("default");
  await bench.world.clock.advance(60 * minute);
  assert.equal((await bench.pass()).kind, "requeueAfter");
  assert.equal(bench.status.end, undefined);
  assert.deepEqual(bench.world.reasons, ["AccountUnavailable"]);
});

Deno.test("a disabled account, an unready class and a paused pool do not stop a machine's ending", async () => {
  using bench = await ClaimBench.with({ ...launched, end: { reason: "Empty", message: "" } }, {
    pool: { nodeClassRef: { name: "default" }, paused: true },
  });
  const account = bench.account();
  account.entry = undefined;
  account.verified = false;
  account.block = { reason: "AccountBlocked", message: "", until: Infinity };
  for (let pass = 0; pass < 3; pass++) await bench.pass();
  assert.deepEqual(bench.provider().terminated, ["i-1"]);
});
