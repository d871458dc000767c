import assert from "node:assert/strict";
import { nodeClaims } from "../../../kube/tgp_resources.ts";
import { isConflict } from "../../../kube/kube.ts";
import { UserDataError } from "../../../controller/bootstrap/user_data.ts";
import { findCondition, formatTime } from "../../../schemas/conditions.ts";
import { buildInfo, buildOffer } from "../../support/controller_builders.ts";
import { ClaimBench, claimName } from "../../support/claim_bench.ts";
import { isWrite, never } from "../../support/controller_world.ts";
import { buildEntry } from "../../support/scripted_provider.ts";

const isStatusWrite = isWrite("patch", "gpunodeclaims/status");

/** One account has one key. */
const secondKey = { name: "lambda-key", key: "second" };

Deno.test("the intent is stored before the call, and the order is what the intent says", async () => {
  using bench = await ClaimBench.create();
  const provider = bench.provider();
  let stored;
  provider.outcomes = [async () => {
    stored = (await bench.world.claim(claimName)).status?.launch;
    return { kind: "launched", instanceId: "i-1", providerID: "lambda:///i-1" };
  }];
  const now = bench.world.clock.now();
  await bench.pass();
  assert.deepEqual(stored, {
    ...bench.status.launch,
    outcome: "Pending",
    intentTime: formatTime(now),
    sendBefore: formatTime(now + 30_000),
  });
  const [request] = provider.launches;
  assert.equal(request?.name, claimName);
  assert.equal(request?.claimUid, bench.claim?.metadata.uid);
  assert.equal(request?.instanceType, "gpu_1x_a10");
  assert.equal(request?.region, "us-east-1");
  assert.equal(request?.nodePool, "gpu");
  assert.equal(request?.sendBefore, now + 30_000);
  assert.deepEqual(request?.workload, { kind: "machine", userData: "#cloud-config" });
});

Deno.test("a cloud without cloud-init gets a script of the size that it takes", async () => {
  using bench = await ClaimBench.create();
  const provider = bench.provider();
  provider.facts = buildInfo({ userDataFormat: "script", maxUserDataBytes: 16_000 });
  await bench.pass();
  assert.deepEqual(provider.launches[0]?.workload, {
    kind: "machine",
    userData: "#!/bin/bash # 16000",
  });
});

Deno.test("a launched machine is written down with its id and its steps", async () => {
  using bench = await ClaimBench.create();
  await bench.pass();
  const { launch, instanceID, providerID, steps, conditions } = bench.status;
  assert.equal(launch?.outcome, "Launched");
  assert.equal(instanceID, "i-1");
  assert.equal(providerID, "lambda:///i-1");
  assert.deepEqual(steps?.map(({ step }) => step), ["Ordered", "Accepted"]);
  assert.equal(findCondition(conditions, "Launched")?.status, "True");
  assert.equal(bench.provider().openPermits, 0);
  assert.deepEqual(bench.world.reasons, ["Launched"]);
});

Deno.test("a claim orders nothing before it has its finalizer", async () => {
  using bench = await ClaimBench.create({});
  await bench.world.kube.patch(nodeClaims, { name: claimName }, { metadata: { finalizers: [] } });
  await bench.pass();
  assert.deepEqual(bench.claim?.metadata.finalizers, ["tgp.io/termination"]);
  assert.equal(bench.provider().launches.length, 0);
  await bench.pass();
  assert.equal(bench.provider().launches.length, 1);
});

Deno.test("an order that is open, unknown or fulfilled is never sent again", async () => {
  for (const outcome of ["Pending", "Unknown", "Launched"] as const) {
    using bench = await ClaimBench.create();
    await bench.pass();
    const { launch } = bench.status;
    assert.ok(launch);
    await bench.world.kube.patch(nodeClaims, { name: claimName }, {
      status: { launch: { outcome }, instanceID: outcome === "Launched" ? "i-1" : null },
    }, { subresource: "status" });
    for (let pass = 0; pass < 5; pass++) {
      await bench.pass();
      await bench.world.clock.advance(10_000);
    }
    assert.equal(bench.provider().launches.length, 1, outcome);
  }
});

Deno.test("an unknown outcome is written down, and its claim orders nothing more", async () => {
  using bench = await ClaimBench.create();
  bench.provider().outcomes = [{ kind: "unknown", message: "the connection broke" }];
  for (let pass = 0; pass < 5; pass++) await bench.pass();
  assert.equal(bench.provider().launches.length, 1);
  assert.equal(bench.status.launch?.outcome, "Unknown");
  assert.equal(bench.status.launch?.message, "the connection broke");
  const launched = findCondition(bench.status.conditions, "Launched");
  assert.deepEqual([launched?.status, launched?.reason], ["Unknown", "LaunchUnknown"]);
  assert.equal(bench.status.instanceID, undefined);
});

Deno.test("a stale cache cannot start a second order", async () => {
  using bench = await ClaimBench.create();
  await bench.reconciler.reconcile(claimName, never);
  assert.equal(bench.claim?.status?.launch, undefined, "the cache was not stale");
  await assert.rejects(bench.reconciler.reconcile(claimName, never), isConflict);
  assert.equal(bench.provider().launches.length, 1);
  assert.equal(bench.provider().openPermits, 0);
});

Deno.test("an intent that could not be written is not sent", async () => {
  using bench = await ClaimBench.create();
  bench.world.onceBefore(isStatusWrite, () => Response.json({ kind: "Status" }, { status: 500 }));
  await assert.rejects(bench.pass());
  assert.equal(bench.provider().launches.length, 0);
  assert.equal(bench.provider().openPermits, 0);
});

Deno.test("an intent whose write was answered by nobody is not sent, and resolved by looking", async () => {
  using bench = await ClaimBench.create();
  bench.world.onceAfter(isStatusWrite, () => Response.json({ kind: "Status" }, { status: 500 }));
  await assert.rejects(bench.pass());
  assert.equal(bench.provider().launches.length, 0);
  await bench.pass();
  assert.equal(bench.status.launch?.outcome, "Unknown");
  assert.equal(bench.provider().launches.length, 0);
});

Deno.test("the token is made after the wait in the vendor's queue, so that it lives through the boot", async () => {
  using bench = await ClaimBench.create();
  bench.provider().queue = () => bench.world.clock.advance(3_600_000);
  await bench.pass();
  assert.deepEqual(bench.tokens, ["prepare until +30m"]);
});

Deno.test("what changed during the wait in the queue counts", async () => {
  using bench = await ClaimBench.create({
    offers: [buildOffer(), buildOffer({ id: "of-2", instanceType: "gpu_1x_a6000" })],
  });
  bench.provider().queue = async () => {
    bench.account().snapshot = {
      offers: [
        buildOffer({ available: false }),
        buildOffer({ id: "of-2", instanceType: "gpu_1x_a6000" }),
      ],
      readAt: bench.world.clock.now(),
    };
    await bench.world.sync();
  };
  await bench.pass();
  assert.equal(bench.provider().launches[0]?.instanceType, "gpu_1x_a6000");
});

Deno.test("a claim that ends during the wait in the queue orders nothing and frees its place", async () => {
  using bench = await ClaimBench.create();
  bench.provider().queue = async () => {
    await bench.world.kube.delete(nodeClaims, { name: claimName });
    await bench.world.sync();
  };
  await bench.pass();
  assert.equal(bench.provider().launches.length, 0);
  assert.equal(bench.provider().openPermits, 0);
});

Deno.test("a claim does not hold a place at an account that is no longer the best", async () => {
  using bench = await ClaimBench.create({
    entries: [
      buildEntry(),
      buildEntry({ name: "second", provider: "lambda", credentialsRef: secondKey, priority: 1 }),
    ],
  });
  bench.account("second").snapshot = {
    offers: [buildOffer({ id: "of-2", account: "second" })],
    readAt: bench.world.clock.now(),
  };
  bench.provider().queue = () => {
    bench.account().entry = buildEntry({ enabled: false });
    return Promise.resolve();
  };
  assert.equal((await bench.pass()).kind, "requeueAfter");
  assert.equal(bench.provider().openPermits, 0);
  await bench.pass();
  assert.equal(bench.provider().launches.length, 0);
  assert.equal(bench.provider("second").launches.length, 1);
});

Deno.test("few claims wait at one account's queue; the others come back", async () => {
  using bench = await ClaimBench.create();
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  bench.provider().queue = () => opened;
  const waiting = Array.from({ length: 4 }, () => bench.reconciler.reconcile(claimName, never));
  assert.deepEqual(await bench.pass(), {
    kind: "requeueAfter",
    delayMs: 5_000,
    reason: "others order first",
  });
  open();
  await Promise.allSettled(waiting);
  assert.equal(bench.provider().openPermits, 0);
});

Deno.test("a class that cannot say how machines join is named, and nothing is ordered", async () => {
  using bench = await ClaimBench.create();
  const { prepare } = bench.deps.bootstrap;
  bench.deps.bootstrap.prepare = () =>
    Promise.reject(new UserDataError("kubeadm.caBundle", "must be PEM certificates in base64"));
  for (let pass = 0; pass < 3; pass++) {
    assert.equal((await bench.pass()).kind, "requeueAfter");
  }
  assert.equal(bench.provider().launches.length, 0);
  assert.equal(bench.provider().openPermits, 0);
  const launched = findCondition(bench.status.conditions, "Launched");
  assert.equal(launched?.reason, "BootstrapMissing");
  assert.match(launched?.message ?? "", /kubeadm\.caBundle must be PEM/);
  assert.ok(bench.world.reasons.includes("BootstrapMissing"));
  bench.deps.bootstrap.prepare = prepare;
  await bench.pass();
  assert.equal(bench.provider().launches.length, 1);
});
