import assert from "node:assert/strict";
import { pods } from "../../../kube/resource.ts";
import { nodeClaims } from "../../../kube/tgp_resources.ts";
import type { LaunchOutcome } from "../../../providers/contract.ts";
import { findCondition } from "../../../schemas/conditions.ts";
import { buildOffer, buildPod } from "../../support/controller_builders.ts";
import { ClaimBench, claimName } from "../../support/claim_bench.ts";
import { isWrite, never } from "../../support/controller_world.ts";
import { buildEntry } from "../../support/scripted_provider.ts";

const message = "the vendor's words";
const launched: LaunchOutcome = {
  kind: "launched",
  instanceId: "i-1",
  providerID: "lambda:///i-1",
};
const isStatusWrite = isWrite("patch", "gpunodeclaims/status");
const first = buildOffer();
const second = buildOffer({ id: "of-second", instanceType: "gpu_1x_a6000" });
const minute = 60_000;

/** What one outcome leads to: the claim's record, its account, and whether the next pass orders again. */
const table: readonly (readonly [LaunchOutcome, {
  readonly outcome: string;
  readonly refused: readonly string[];
  readonly soldOut: boolean;
  readonly blockedFor: number;
  readonly ordersNext: string | undefined;
}])[] = [
  [launched, {
    outcome: "Launched",
    refused: [],
    soldOut: false,
    blockedFor: 0,
    ordersNext: undefined,
  }],
  [{ kind: "unknown", message }, {
    outcome: "Unknown",
    refused: [],
    soldOut: false,
    blockedFor: 0,
    ordersNext: undefined,
  }],
  [{ kind: "outOfCapacity", message }, {
    outcome: "Refused",
    refused: ["outOfCapacity"],
    soldOut: true,
    blockedFor: 0,
    ordersNext: second.instanceType,
  }],
  [{ kind: "rejected", message }, {
    outcome: "Refused",
    refused: ["rejected"],
    soldOut: true,
    blockedFor: 0,
    ordersNext: second.instanceType,
  }],
  ...(["quotaExceeded", "billing", "unauthorized"] as const).map((kind) =>
    [{ kind, message }, {
      outcome: "Refused",
      refused: [kind],
      soldOut: false,
      blockedFor: 10 * minute,
      ordersNext: undefined,
    }] as const
  ),
  [{ kind: "notSent", message }, {
    outcome: "Refused",
    refused: [],
    soldOut: false,
    blockedFor: 5_000,
    ordersNext: undefined,
  }],
  [{ kind: "rateLimited", message, retryAfterMs: 30_000 }, {
    outcome: "Refused",
    refused: [],
    soldOut: false,
    blockedFor: 30_000,
    ordersNext: undefined,
  }],
];

for (const [outcome, expected] of table) {
  Deno.test(`an order that is ${outcome.kind}`, async () => {
    using bench = await ClaimBench.create({ offers: [first, second] });
    const provider = bench.provider();
    provider.outcomes = [outcome, launched];
    await bench.pass();
    const account = bench.account();
    assert.equal(bench.status.launch?.outcome, expected.outcome);
    assert.deepEqual(
      (bench.status.refusedOffers ?? []).map(({ reason }) => reason),
      expected.refused,
    );
    assert.equal(account.stock.has(first.id), expected.soldOut);
    assert.deepEqual(bench.saved, expected.soldOut ? ["lambda"] : []);
    const now = bench.world.clock.now();
    assert.equal(account.block ? account.block.until - now : 0, expected.blockedFor);
    await bench.pass();
    assert.equal(provider.launches[1]?.instanceType, expected.ordersNext);
    assert.equal(provider.openPermits, 0);
  });
}

/** One account has one key. */
const secondKey = { name: "lambda-key", key: "second" };

Deno.test("an order that was not sent is tried again after a moment", async () => {
  using bench = await ClaimBench.create();
  bench.provider().outcomes = [{ kind: "notSent", message }, launched];
  await bench.pass();
  assert.deepEqual(await bench.pass(), {
    kind: "requeueAfter",
    delayMs: 5_000,
    reason: "what accounts offer is not known yet",
  });
  await bench.world.clock.advance(5_000);
  await bench.pass();
  assert.equal(bench.status.launch?.outcome, "Launched");
  assert.equal(bench.status.launch?.message, undefined);
});

Deno.test("an order that was not sent goes to the next account at once", async () => {
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
  bench.provider().outcomes = [{ kind: "notSent", message: "connection refused" }];
  await bench.pass();
  await bench.pass();
  assert.equal(bench.provider("second").launches.length, 1);
  assert.equal(bench.status.launch?.offer.account, "second");
});

Deno.test("a claim does not wait for an account that throttles for long", async () => {
  using bench = await ClaimBench.create();
  bench.provider().outcomes = [{ kind: "rateLimited", message, retryAfterMs: 10 * minute }];
  await bench.pass();
  await bench.pass();
  assert.equal(bench.status.end?.reason, "NoOfferLeft");
});

Deno.test("a claim whose offers were all refused ends and says why", async () => {
  using bench = await ClaimBench.create({ offers: [first, second] });
  bench.provider().outcomes = [{ kind: "outOfCapacity", message }];
  for (let pass = 0; pass < 3; pass++) await bench.pass();
  assert.equal(bench.provider().launches.length, 2);
  assert.equal(bench.status.end?.reason, "NoOfferLeft");
  assert.match(bench.status.end?.message ?? "", /refused lately/);
  await bench.pass();
  await bench.pass();
  assert.equal(bench.claim, undefined);
});

const objections:
  readonly (readonly [string, (bench: ClaimBench, stop: AbortController) => void])[] = [
    ["the lease is lost", (bench) => void (bench.leads = false)],
    ["the controller stops", (_bench, stop) => stop.abort()],
    ["nobody needs the machine any more", (bench) => bench.need.assign(new Map())],
    ["the account is blocked", (bench) => {
      const until = bench.world.clock.now() + minute;
      bench.account().block = { reason: "AccountBlocked", message, until };
    }],
    ["the account has another client", (bench) => bench.accounts.drop("default")],
  ];

for (const [what, happen] of objections) {
  Deno.test(`nothing is sent when ${what} while the intent is written`, async () => {
    using bench = await ClaimBench.create();
    const stop = new AbortController();
    bench.world.onceAfter(isStatusWrite, () => happen(bench, stop));
    const outcome = await bench.pass(stop.signal).catch((error) => error);
    assert.equal(bench.provider().launches.length, 0);
    assert.equal(bench.provider().openPermits, 0);
    if (stop.signal.aborted) return;
    assert.equal(outcome.kind, "requeueAfter");
    assert.equal(bench.status.launch?.outcome, "Refused");
    assert.equal(findCondition(bench.status.conditions, "Launched")?.reason, "AwaitingLaunch");
  });
}

Deno.test("nothing is sent when the claim is deleted while its intent is written", async () => {
  using bench = await ClaimBench.create();
  bench.world.onceBefore(isStatusWrite, async () => {
    await bench.world.kube.delete(nodeClaims, { name: claimName });
  });
  await assert.rejects(bench.pass(), { reason: "Conflict" });
  assert.equal(bench.provider().launches.length, 0);
  await bench.pass();
  assert.equal(bench.claim, undefined);
});

Deno.test("an outcome survives that somebody else writes to the claim meanwhile", async () => {
  using bench = await ClaimBench.create();
  let writes = 0;
  bench.provider().outcomes = [async () => {
    bench.world.server.addHook({
      before: async (request) => {
        if (!isStatusWrite(request) || ++writes > 3) return;
        const metadata = { labels: { touched: String(writes) } };
        await bench.world.kube.patch(nodeClaims, { name: claimName }, { metadata });
      },
    });
    await Promise.resolve();
    return launched;
  }];
  await bench.pass();
  assert.equal(bench.status.launch?.outcome, "Launched");
  assert.equal(bench.status.instanceID, "i-1");
});

Deno.test("an outcome survives that the claim is deleted meanwhile, and its machine is ended", async () => {
  using bench = await ClaimBench.create();
  bench.provider().outcomes = [async () => {
    await bench.world.kube.delete(nodeClaims, { name: claimName });
    return launched;
  }];
  await bench.pass();
  assert.equal(bench.status.instanceID, "i-1");
  for (let pass = 0; pass < 3; pass++) await bench.pass();
  assert.deepEqual(bench.provider().terminated, ["i-1"]);
});

Deno.test("an outcome survives an API server that is away for a while", async () => {
  using bench = await ClaimBench.create();
  bench.provider().outcomes = [() => {
    for (let failure = 0; failure < 3; failure++) {
      bench.world.onceBefore(
        isStatusWrite,
        () => Response.json({ kind: "Status", code: 500 }, { status: 500 }),
      );
    }
    return launched;
  }];
  await bench.world.sync();
  const pass = bench.reconciler.reconcile(claimName, never);
  while (bench.world.clock.sleeping > 0 || bench.provider().launches.length === 0) {
    await bench.world.clock.advance(1_000);
  }
  await pass;
  assert.equal((await bench.world.claim(claimName)).status?.instanceID, "i-1");
});

Deno.test("an outcome is not written over what another leader has begun to find out", async () => {
  using bench = await ClaimBench.create();
  bench.provider().outcomes = [async () => {
    await bench.world.kube.patch(nodeClaims, { name: claimName }, {
      status: { launch: { outcome: "Unknown" } },
    }, { subresource: "status" });
    return launched;
  }];
  await bench.pass();
  assert.equal(bench.status.launch?.outcome, "Unknown");
  assert.equal(bench.status.instanceID, undefined);
});

Deno.test("a pod that is served elsewhere between two orders ends the claim", async () => {
  using bench = await ClaimBench.create({ offers: [first, second] });
  bench.provider().outcomes = [{ kind: "outOfCapacity", message }];
  await bench.pass();
  const { name, namespace } = buildPod().metadata;
  const binding = {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name, namespace },
    target: { apiVersion: "v1", kind: "Node", name: "elsewhere" },
  };
  await bench.world.kube.create(pods, binding, { subresource: "binding" });
  await bench.pass();
  assert.equal(bench.provider().launches.length, 1);
  assert.equal(bench.status.end?.reason, "NotNeeded");
});
