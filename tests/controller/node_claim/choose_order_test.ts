import assert from "node:assert/strict";
import { chooseOrder, type OrderChoiceDeps } from "../../../controller/node_claim/choose_order.ts";
import type { Account } from "../../../controller/accounts/account.ts";
import type { Needed } from "../../../controller/need.ts";
import { nodeClasses, nodePools } from "../../../kube/tgp_resources.ts";
import { formatTime } from "../../../schemas/conditions.ts";
import type { GPUNodeClaim, NodeClaimStatus } from "../../../schemas/node_claim.ts";
import { parseUsd } from "../../../schemas/money.ts";
import { buildClass, buildLaunch, buildOffer } from "../../support/controller_builders.ts";
import { type BenchOptions, ClaimBench } from "../../support/claim_bench.ts";
import { buildEntry } from "../../support/scripted_provider.ts";

/** What is chosen, in a word: the offer's id, `wait`, or the reason of the end. */
async function choose(
  options: BenchOptions & {
    readonly account?: Partial<Account>;
    readonly need?: Needed;
    readonly status?: NodeClaimStatus;
    readonly byHand?: boolean;
    readonly prepare?: (bench: ClaimBench) => void | Promise<void>;
    readonly refusal?: OrderChoiceDeps["budget"]["check"];
  },
): Promise<string> {
  using bench = await ClaimBench.create(options);
  Object.assign(bench.account(), options.account);
  await options.prepare?.(bench);
  await bench.world.sync();
  const deps: OrderChoiceDeps = {
    ...bench.deps,
    need: { ...bench.need, of: () => options.need ?? "yes" },
    budget: { check: options.refusal ?? (() => undefined) },
  };
  const claim: GPUNodeClaim | undefined = bench.claim;
  assert.ok(claim);
  const { nodePoolRef, ...spec } = claim.spec;
  const choice = chooseOrder(deps, {
    ...claim,
    spec: options.byHand ? spec : { ...spec, ...(nodePoolRef ? { nodePoolRef } : {}) },
    ...(options.status ? { status: options.status } : {}),
  });
  switch (choice.kind) {
    case "order":
      return choice.offer.id;
    case "wait":
      return `wait ${choice.delayMs}`;
    case "end":
      return choice.end.reason;
  }
}

const unread = { snapshot: undefined };
const price = buildOffer().price;
const dear = buildOffer({ id: "of-dear", price: { ...price, perHour: parseUsd("1.99") } });
const cheap = buildOffer({ id: "of-cheap", price: { ...price, perHour: parseUsd("0.99") } });
const refused = (id: string) => ({
  refusedOffers: [{ id, description: "", reason: "outOfCapacity", message: "", time: "" }],
});
const now = Date.UTC(2026, 0, 1);

const table: readonly (readonly [string, Parameters<typeof choose>[0], string])[] = [
  ["the only offer", {}, "of-a10east1"],
  ["the cheapest offer", { offers: [dear, cheap] }, "of-cheap"],
  [
    "the next offer after a refusal",
    { offers: [dear, cheap], status: refused("of-cheap") },
    "of-dear",
  ],
  ["no offer over the claim's ceiling", {
    offers: [buildOffer({ price: { ...price, perHour: parseUsd("2.01") } })],
  }, "NoOfferLeft"],
  ["no offer over the pool's present cap", {
    offers: [dear],
    pool: { nodeClassRef: { name: "default" }, price: { maxPerHour: parseUsd("1.50") } },
  }, "NoOfferLeft"],
  ["no offer over the pool's cap per GPU", {
    offers: [dear],
    pool: { nodeClassRef: { name: "default" }, price: { maxPerGpuHour: parseUsd("1.00") } },
  }, "NoOfferLeft"],
  ["nothing that is remembered as sold out", {
    account: { stock: new Map([["of-a10east1", { failures: 1, until: now + 1, message: "" }]]) },
  }, "NoOfferLeft"],
  ["an offer that was sold out a while ago", {
    account: { stock: new Map([["of-a10east1", { failures: 1, until: now, message: "" }]]) },
  }, "of-a10east1"],
  ["nothing from a blocked account", {
    account: { block: { reason: "AccountBlocked", message: "", until: now + 600_000 } },
  }, "NoOfferLeft"],
  ["to wait for an account that is out of reach for a moment", {
    account: {
      block: { reason: "ProviderUnreachable", message: "", until: now + 5_000, passing: true },
    },
  }, "wait 5000"],
  ["to wait for a key to be verified", { account: { verified: false } }, "wait 1000"],
  ["to wait for offers to be read", { account: unread }, "wait 1000"],
  ["not to wait for a dead cloud", {
    account: {
      ...unread,
      verified: false,
      problem: { reason: "ProviderUnreachable", message: "" },
    },
  }, "NoOfferLeft"],
  ["not to wait for a disabled account", {
    account: { ...unread, entry: buildEntry({ enabled: false }) },
    nodeClass: { providers: [buildEntry({ enabled: false })] },
  }, "NoOfferLeft"],
  ["to wait for accounts that are still being built", {
    prepare: ({ accounts }) => accounts.drop("default"),
    byHand: true,
  }, "wait 1000"],
  ["to wait until need is known", { need: "unknown" }, "wait 1000"],
  ["to end when nobody needs it", { need: "no" }, "NotNeeded"],
  ["to ask nobody about a claim made by hand", { need: "no", byHand: true }, "of-a10east1"],
  ["to end when the pool is paused", {
    pool: { nodeClassRef: { name: "default" }, paused: true },
  }, "Paused"],
  ["to end when the pool is gone", {
    prepare: ({ world }) => world.kube.delete(nodePools, { name: "gpu" }),
  }, "NotNeeded"],
  ["to end when the class is gone", {
    prepare: ({ world }) => world.kube.delete(nodeClasses, { name: "default" }),
  }, "NodeClassNotFound"],
  ["the best offer that limits allow", {
    offers: [dear, cheap],
    refusal: (_claim, { id }) =>
      id === "of-cheap"
        ? { scope: "class", name: "default", limit: "nodes", message: "too many" }
        : undefined,
  }, "of-dear"],
  ["to end at a limit", {
    refusal: () => ({ scope: "class", name: "default", limit: "nodes", message: "too many" }),
  }, "LimitReached"],
];

for (const [what, options, expected] of table) {
  Deno.test(`chooseOrder() chooses ${what}`, async () => {
    assert.equal(await choose(options), expected);
  });
}

Deno.test("chooseOrder() does not order for a class that is being deleted", async () => {
  assert.equal(
    await choose({
      prepare: async ({ world }) => {
        const metadata = { finalizers: ["tgp.io/termination"] };
        await world.kube.patch(nodeClasses, { name: "default" }, { metadata });
        await world.kube.delete(nodeClasses, { name: "default" });
      },
    }),
    "NodeClassNotFound",
  );
});

Deno.test("chooseOrder() does not wait for an entry that the class's status calls broken", async () => {
  const message = "failed to get credential secret tgp-system/lambda-key: gone";
  assert.equal(
    await choose({
      byHand: true,
      prepare: async ({ accounts, world }) => {
        accounts.drop("default");
        await world.kube.delete(nodeClasses, { name: "default" });
        await world.putClass(buildClass({
          status: {
            providers: [{
              name: "lambda",
              provider: "lambda",
              available: false,
              reason: "SecretNotFound",
              message,
            }],
            lastCheckedTime: formatTime(now),
          },
        }));
      },
    }),
    "NoOfferLeft",
  );
});

Deno.test("chooseOrder() ranks the next order's offers by what the claim itself was refused", async () => {
  const status = { launch: buildLaunch({ outcome: "Refused" }), ...refused("of-cheap") };
  assert.equal(await choose({ offers: [cheap, dear], status }), "of-dear");
});
