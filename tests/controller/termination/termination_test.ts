import assert from "node:assert/strict";
import { ledgerName } from "../../../controller/ledger.ts";
import { configMaps, nodes, pods } from "../../../kube/resource.ts";
import { nodeClaims } from "../../../kube/tgp_resources.ts";
import { findCondition, formatTime } from "../../../schemas/conditions.ts";
import { minutes } from "../../../schemas/duration.ts";
import {
  buildCondition,
  buildInstance,
  buildLaunch,
  buildNode,
  buildPod,
  buildSteps,
  testStart,
} from "../../support/controller_builders.ts";
import { type ClaimBench, claimName } from "../../support/claim_bench.ts";
import { ending, ordered, passes, second, sent } from "./ending_bench.ts";
import { isWrite, testNamespace } from "../../support/controller_world.ts";
import { providerError } from "../../support/scripted_provider.ts";

for (const launch of [undefined, buildLaunch({ outcome: "Refused" })]) {
  const what = launch ? "whose orders were all refused" : "that ordered nothing";
  Deno.test(`a claim ${what} goes at once, and its token with it`, async () => {
    using bench = await ending(launch ? { launch } : {});
    bench.accounts.drop("default");
    await bench.pass();
    assert.equal(bench.claim, undefined);
    assert.deepEqual(bench.tokens, ["revoke"]);
  });
}

Deno.test("the token dies first, then the machine ends, then the books, then the claim", async () => {
  using bench = await ending(ordered);
  await bench.world.putNode(buildNode({ metadata: { finalizers: ["tgp.io/termination"] } }));
  await bench.world.clock.advance(60 * second);
  bench.list(buildInstance());
  const order: string[] = [];
  bench.world.server.addHook({
    before: ({ info, method }) => {
      if (info.kind !== "resource" || method === "GET") return;
      order.push(`${info.verb} ${info.plural}`);
    },
  });
  await passes(bench, 2);
  assert.deepEqual(bench.tokens, ["revoke", "revoke"]);
  assert.deepEqual(bench.provider().terminated, ["i-1"]);
  assert.equal(findCondition(bench.status.conditions, "InstanceTerminated")?.reason, "Terminating");
  order.length = 0;
  for (let poll = 0; poll < 2; poll++) {
    await bench.world.clock.advance(5 * second);
    bench.list();
    await bench.pass();
  }
  assert.equal(bench.claim, undefined);
  assert.deepEqual(order, [
    "create configmaps",
    "delete nodes",
    "patch nodes",
    "patch gpunodeclaims",
  ]);
  assert.equal(await bench.world.find(nodes, claimName), undefined);
  assert.deepEqual(bench.world.reasons, ["Terminating", "Terminated"]);
});

Deno.test("the ledger line says what the machine cost, to the second it was ordered to end", async () => {
  using bench = await ending({ ...ordered, end: { reason: "Empty", message: "" } });
  const uid = bench.claim?.metadata.uid ?? "";
  await bench.world.clock.advance(3_599 * second + 1);
  bench.list(buildInstance());
  await passes(bench, 2);
  for (let poll = 0; poll < 2; poll++) {
    await bench.world.clock.advance(5 * second);
    bench.list();
    await bench.pass();
  }
  const name = ledgerName(testStart);
  const { data } = await bench.world.kube.get(configMaps, { name, namespace: testNamespace });
  const line = JSON.parse(data?.[uid] ?? "{}");
  assert.equal(line.cost, "1.20");
  assert.equal(line.until, formatTime(testStart + 3_600 * second));
  assert.equal(line.reason, "Empty");
  assert.equal(bench.ledger.linesOf(testStart).length, 1);
});

Deno.test("a claim is not released on failed, old, single or lagging lists", async () => {
  using bench = await sent();
  const stays = async (why: string) => {
    await bench.pass();
    assert.ok(bench.claim, why);
  };
  bench.account().lists = [
    { startedAt: testStart - second, instances: [] },
    { startedAt: testStart - 2 * second, instances: [] },
  ];
  await stays("lists from before the order to end");
  bench.account().lists = [];
  await bench.world.clock.advance(24 * 3_600 * second);
  await stays("no list at all");
  bench.list();
  await stays("one list");
  bench.list(buildInstance({ state: "terminating" }));
  await stays("a list that shows it");
  await bench.world.clock.advance(second);
  bench.list();
  await stays("one list after that");
  await bench.world.clock.advance(second);
  bench.list();
  await bench.pass();
  assert.equal(bench.claim, undefined);
});

Deno.test("a machine that no list has shown is gone only after the settle time", async () => {
  const { instanceState: _state, ...unseen } = ordered;
  using bench = await ending({
    ...unseen,
    steps: [...buildSteps({ Ordered: 1, Accepted: 2, Drained: 3, TerminateSent: 3 })],
    conditions: [buildCondition("Drained")],
  });
  const until = testStart + 2 * second + (300 + 60) * second;
  while (bench.world.clock.now() < until - 5 * second) {
    await bench.world.clock.advance(5 * second);
    bench.list();
    await bench.pass();
    assert.ok(bench.claim);
  }
  await bench.world.clock.advance(10 * second);
  bench.list();
  await bench.world.clock.advance(second);
  bench.list();
  await bench.pass();
  assert.equal(bench.claim, undefined);
});

Deno.test("an order to end that is not followed is repeated every half minute, and the bill goes on", async () => {
  using bench = await sent();
  for (let look = 0; look < 20; look++) {
    await bench.world.clock.advance(5 * second);
    bench.list(buildInstance());
    await bench.pass();
  }
  assert.equal(bench.provider().terminated.length, 3);
  const ended = bench.status.steps?.find(({ step }) => step === "TerminateSent")?.time ?? "";
  assert.ok(Date.parse(ended) > testStart + 60 * second);
});

Deno.test("a machine that is ending is not told again", async () => {
  using bench = await sent();
  for (let look = 0; look < 20; look++) {
    await bench.world.clock.advance(5 * second);
    bench.list(buildInstance({ state: "terminating" }));
    await bench.pass();
  }
  assert.deepEqual(bench.provider().terminated, []);
});

Deno.test("a vendor that refuses to end the machine is asked again; nothing is written down", async () => {
  using bench = await ending(ordered);
  bench.provider().termination = providerError("transient", "not now");
  await bench.pass();
  await assert.rejects(bench.pass(), { message: "not now" });
  assert.deepEqual(bench.world.reasons, ["TerminationFailed"]);
  assert.equal(bench.status.steps?.some(({ step }) => step === "TerminateSent"), false);
  bench.provider().termination = undefined;
  await bench.pass();
  assert.deepEqual(bench.provider().terminated, ["i-1"]);
});

Deno.test("a machine that shows as off is given five minutes to go, and costs until it is told again", async () => {
  using bench = await sent();
  const start = bench.world.clock.now();
  const repeatedAt: number[] = [];
  for (let poll = 0; poll < 150; poll++) {
    await bench.world.clock.advance(5 * second);
    bench.list(buildInstance({ state: "stopped", rawState: "stopping" }));
    const before = bench.provider().terminated.length;
    await bench.pass();
    if (bench.provider().terminated.length > before) {
      repeatedAt.push((bench.world.clock.now() - start) / second);
    }
  }
  assert.equal(repeatedAt.length, 2);
  const [first = 0, next = 0] = repeatedAt;
  assert.ok(first >= 295 && first <= 310 && next - first > 300 && next - first <= 310);
});

Deno.test("a crash between the order to end and its record repeats the order", async () => {
  using bench = await ending(ordered);
  await bench.pass();
  bench.world.onceBefore(
    isWrite("patch", "gpunodeclaims/status"),
    () => Response.json({ kind: "Status" }, { status: 500 }),
  );
  await assert.rejects(bench.pass());
  await bench.pass();
  assert.deepEqual(bench.provider().terminated, ["i-1", "i-1"]);
});

for (const outcome of ["Launched", "Unknown", "Pending"] as const) {
  Deno.test(`without a client a claim whose order is ${outcome} waits and says what to restore`, async () => {
    using bench = await ending({ ...ordered, launch: buildLaunch({ outcome }) });
    bench.accounts.drop("default");
    assert.deepEqual(await bench.pass(), {
      kind: "requeueAfter",
      delayMs: 30 * second,
      reason: "no client for account lambda",
    });
    assert.ok(bench.claim);
    assert.match(bench.world.notes[0]?.message ?? "", /account "lambda" .* restore its Secret/);
  });
}

Deno.test("a ledger that cannot be written keeps the claim", async () => {
  using bench = await sent();
  await bench.world.clock.advance(5 * second);
  bench.list();
  await bench.world.clock.advance(5 * second);
  bench.list();
  bench.world.onceBefore(
    isWrite("create", "configmaps"),
    () => Response.json({ kind: "Status" }, { status: 500 }),
  );
  await assert.rejects(bench.pass());
  assert.ok(bench.claim);
  await bench.pass();
  assert.equal(bench.claim, undefined);
});

Deno.test("a claim that somebody changes at the last moment is released in the next pass", async () => {
  using bench = await ending({});
  bench.world.onceBefore(isWrite("patch", "gpunodeclaims"), async () => {
    await bench.world.kube.patch(nodeClaims, { name: claimName }, {
      metadata: { labels: { a: "b" } },
    });
  });
  await assert.rejects(bench.pass(), { reason: "Conflict" });
  await bench.pass();
  assert.equal(bench.claim, undefined);
});

/** A bench whose node runs one pod. */
async function occupied(ready: boolean): Promise<ClaimBench> {
  const bench = await ending(ordered, { terminationGracePeriod: minutes(10) });
  await bench.world.putNode(buildNode({ ready }));
  await bench.world.putPod(buildPod({
    metadata: { name: "busy" },
    spec: { nodeName: claimName },
    status: { phase: "Running" },
  }));
  await bench.world.clock.advance(60 * second);
  return bench;
}

Deno.test("a machine is ended only when its pods have left", async () => {
  using bench = await occupied(true);
  bench.list(buildInstance());
  assert.deepEqual(await bench.pass(), {
    kind: "requeueAfter",
    delayMs: second,
    reason: "1 pods to drain",
  });
  const node = bench.world.nodes.get(claimName);
  assert.ok(node?.spec?.taints?.some(({ key }) => key === "tgp.io/disrupted"));
  assert.deepEqual(bench.provider().terminated, []);
  await bench.world.kube.delete(pods, { name: "busy", namespace: "default" }, {
    gracePeriodSeconds: 0,
  });
  await passes(bench, 2);
  assert.equal(findCondition(bench.status.conditions, "Drained")?.reason, "Drained");
  assert.deepEqual(bench.provider().terminated, ["i-1"]);
});

Deno.test("pods that a budget holds back are told of, and deleted at the claim's deadline", async () => {
  using bench = await occupied(true);
  bench.world.server.addHook({
    before: (request) =>
      isWrite("create", "pods/eviction")(request)
        ? Response.json({ kind: "Status", code: 429 }, { status: 429 })
        : undefined,
  });
  await bench.pass();
  assert.deepEqual(bench.world.reasons, ["DrainBlocked"]);
  await bench.world.clock.advance(10 * 60 * second);
  await bench.pass();
  const [busy] = bench.world.pods.list().filter(({ metadata }) => metadata.name === "busy");
  assert.ok(busy === undefined || busy.metadata.deletionTimestamp);
});

Deno.test("a dead node whose machine is gone has nothing to drain", async () => {
  using bench = await occupied(false);
  bench.list();
  await bench.world.clock.advance(second);
  bench.list();
  await passes(bench, 2);
  assert.equal(findCondition(bench.status.conditions, "Drained")?.reason, "NothingToDrain");
  // Ended all the same: the lists may be wrong, and asking costs nothing.
  assert.deepEqual(bench.provider().terminated, ["i-1"]);
});

Deno.test("a dead node whose machine is still listed is drained", async () => {
  using bench = await occupied(false);
  bench.list(buildInstance());
  assert.equal((await bench.pass()).kind, "requeueAfter");
  assert.deepEqual(bench.provider().terminated, []);
});

Deno.test("a dead node whose machine was shut down has nothing to drain: it costs on", async () => {
  using bench = await occupied(false);
  bench.list(buildInstance({ state: "stopped", rawState: "off" }));
  await passes(bench, 2);
  assert.equal(findCondition(bench.status.conditions, "Drained")?.reason, "NothingToDrain");
  assert.deepEqual(bench.provider().terminated, ["i-1"]);
});
