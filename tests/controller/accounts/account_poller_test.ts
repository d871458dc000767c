import assert from "node:assert/strict";
import type { Account } from "../../../controller/accounts/account.ts";
import {
  type AccountPoller,
  createAccountPoller,
  defaultPollIntervals,
} from "../../../controller/accounts/account_poller.ts";
import { CircuitOpenError } from "../../../providers/circuit_breaker.ts";
import type { Offer } from "../../../providers/contract.ts";
import { ProviderError } from "../../../providers/errors.ts";
import { toClassOfferId } from "../../../providers/offer_id.ts";
import { silentLog } from "../../../runtime/log.ts";
import { silentMetrics } from "../../../runtime/metrics.ts";
import { parseUsd } from "../../../schemas/money.ts";
import { buildInstance, buildOffer } from "../../support/controller_builders.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import {
  buildAccount,
  buildEntry,
  providerError,
  ScriptedProvider,
} from "../../support/scripted_provider.ts";

/** A poller that runs until disposed. */
class Polled implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly provider = new ScriptedProvider();
  readonly account: Account;
  readonly changes: string[] = [];
  others: readonly Offer[] = [];
  busy = false;
  readonly poller: AccountPoller;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(
    change: Partial<Account> = {},
    script: (provider: ScriptedProvider) => void = () => {},
  ) {
    script(this.provider);
    this.account = buildAccount(this.provider, { verified: false, ...change });
    this.poller = createAccountPoller({
      clock: this.clock,
      log: silentLog,
      metrics: silentMetrics,
      intervals: defaultPollIntervals,
      isBusy: () => this.busy,
      otherOffers: () => this.others,
      onChange: (_account, what) => void this.changes.push(what),
    }, this.account);
    this.#running = this.poller.run(this.#stop.signal);
  }

  count(call: string): number {
    return this.provider.calls.filter((made) => made === call).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
    assert.equal(this.clock.sleeping, 0);
  }
}

Deno.test("run() keeps the account's identity where the vendor no longer tells: the key is the same", async () => {
  await using polled = new Polled({ identity: "acc-1" });
  await polled.clock.advance(0);
  assert.deepEqual([polled.account.verified, polled.account.identity], [true, "acc-1"]);
});

Deno.test("run() verifies the key, lists machines and reads offers at once", async () => {
  await using polled = new Polled({}, (provider) => {
    provider.credentials = "acc-1";
    provider.instances = [buildInstance()];
    provider.offers = [buildOffer()];
  });
  await polled.clock.settle();
  const { account } = polled;
  assert.equal(account.verified, true);
  assert.equal(account.identity, "acc-1");
  assert.equal(account.lists[0]?.instances.length, 1);
  assert.equal(account.snapshot?.offers.length, 1);
  assert.deepEqual(polled.changes, ["health", "machines", "offers"]);
});

Deno.test("run() lists every 15 s, every 5 s while busy, and reads offers every minute", async () => {
  await using polled = new Polled();
  await polled.clock.advance(60_000 - 1);
  assert.deepEqual([polled.count("listInstances"), polled.count("listOffers")], [4, 1]);
  await polled.clock.advance(1);
  assert.equal(polled.count("listOffers"), 2);
  polled.busy = true;
  polled.poller.poke();
  const before = polled.count("listInstances");
  await polled.clock.advance(60_000);
  assert.equal(polled.count("listInstances") - before, 12);
});

Deno.test("poke() cannot make an account ask more often than its busy pace", async () => {
  await using polled = new Polled();
  polled.busy = true;
  for (let second = 0; second < 20; second++) {
    polled.poller.poke();
    await polled.clock.advance(1_000);
  }
  assert.equal(polled.count("listInstances"), 5);
});

Deno.test("a failure keeps what is known", async () => {
  await using polled = new Polled({}, (provider) => {
    provider.instances = [buildInstance()];
    provider.offers = [buildOffer()];
  });
  await polled.clock.settle();
  polled.provider.instances = providerError("transient", "no answer");
  polled.provider.offers = providerError("transient", "no answer");
  await polled.clock.advance(120_000);
  const { account } = polled;
  assert.equal(account.lists.length, 1);
  assert.equal(account.snapshot?.offers.length, 1);
  assert.equal(account.verified, true);
  assert.deepEqual(account.problem, { reason: "ProviderUnreachable", message: "no answer" });
});

Deno.test("an unauthorized answer unverifies, and only a verification verifies again", async () => {
  await using polled = new Polled();
  await polled.clock.settle();
  polled.provider.instances = providerError("unauthorized", "wrong key");
  polled.provider.credentials = providerError("unauthorized", "wrong key");
  await polled.clock.advance(15_000);
  assert.equal(polled.account.verified, false);
  assert.equal(polled.account.problem?.reason, "CredentialsRejected");
  polled.provider.instances = [];
  await polled.clock.advance(60_000);
  assert.equal(polled.account.verified, false);
  polled.provider.credentials = undefined;
  await polled.clock.advance(15_000);
  assert.equal(polled.account.verified, true);
  assert.equal(polled.account.problem, undefined);
});

Deno.test("a list that works does not hide why the account cannot be used", async () => {
  await using polled = new Polled({}, (provider) => {
    provider.credentials = providerError("invalid_request", 'SSH key "tgp" does not exist');
  });
  await polled.clock.advance(60_000);
  const { account } = polled;
  assert.equal(account.verified, false);
  assert.equal(account.problem?.message, 'SSH key "tgp" does not exist');
  assert.ok(account.lists.length > 0);
  assert.deepEqual(polled.changes.filter((what) => what === "health"), ["health"]);
});

Deno.test("a key that does not work is tried no more often than machines are listed", async () => {
  await using polled = new Polled({}, (provider) => {
    provider.credentials = providerError("unauthorized");
  });
  for (let second = 0; second < 60; second++) {
    polled.poller.poke();
    await polled.clock.advance(1_000);
  }
  assert.equal(polled.count("verifyCredentials"), 5);
});

for (
  const [what, entry] of [
    ["a disabled entry", buildEntry({ enabled: false })],
    ["an entry that the class no longer lists", undefined],
  ] as const
) {
  Deno.test(`${what} still lists machines but reads no offers`, async () => {
    await using polled = new Polled({ entry });
    await polled.clock.advance(60_000);
    assert.equal(polled.count("listInstances"), 5);
    assert.equal(polled.count("listOffers"), 0);
  });
}

Deno.test("run() keeps the newest three complete lists, newest first", async () => {
  await using polled = new Polled();
  const start = polled.clock.now();
  await polled.clock.advance(60_000);
  assert.deepEqual(polled.account.lists.map(({ startedAt }) => startedAt - start), [
    60_000,
    45_000,
    30_000,
  ]);
});

Deno.test("run() ends with its signal, in the middle of a call, and blames nobody", async () => {
  const clock = new FakeClock();
  const provider = new ScriptedProvider();
  const account = buildAccount(provider);
  const stop = new AbortController();
  provider.listInstances = () =>
    new Promise((_resolve, reject) =>
      stop.signal.addEventListener("abort", () => reject(stop.signal.reason), { once: true })
    );
  const poller = createAccountPoller({
    clock,
    log: silentLog,
    metrics: silentMetrics,
    intervals: defaultPollIntervals,
    isBusy: () => false,
    otherOffers: () => [],
    onChange: () => {},
  }, account);
  const running = poller.run(stop.signal);
  await clock.settle();
  stop.abort();
  await running;
  assert.equal(account.problem, undefined);
});

Deno.test("a call that was held back says nothing new: what its status says does not flap", async () => {
  const outage = providerError("transient", "no answer");
  const heldBack = new ProviderError("not tried for now", {
    kind: "transient",
    account: "lambda",
    operation: "test",
    cause: new CircuitOpenError(0, outage),
  });
  await using polled = new Polled({}, (provider) => {
    provider.instances = outage;
    provider.offers = outage;
  });
  await polled.clock.advance(1_000);
  const before = polled.changes.length;
  for (let turn = 0; turn < 10; turn++) {
    polled.provider.instances = turn % 2 === 0 ? heldBack : outage;
    polled.provider.offers = polled.provider.instances;
    await polled.clock.advance(60_000);
    assert.equal(polled.account.problem?.message, "no answer");
    assert.equal(polled.account.offersFailure?.message, "no answer");
  }
  assert.deepEqual(polled.changes.slice(before).filter((what) => what === "health"), []);
});

Deno.test("offers that cannot be read are told with their reason until they can", async () => {
  await using polled = new Polled({}, (provider) => {
    provider.offers = providerError("rate_limit", "slow down");
  });
  await polled.clock.settle();
  const at = polled.clock.now();
  const { account } = polled;
  assert.deepEqual(account.offersFailure, { kind: "rate_limit", message: "slow down", at });
  assert.ok(polled.changes.includes("offers"));
  polled.provider.offers = [buildOffer()];
  await polled.clock.advance(60_000);
  assert.equal(account.offersFailure, undefined);
  assert.equal(account.snapshot?.offers.length, 1);
});

Deno.test("offers have ids of their class", async () => {
  await using polled = new Polled({}, (provider) => {
    provider.offers = [buildOffer()];
  });
  await polled.clock.settle();
  const [offer] = polled.account.snapshot?.offers ?? [];
  assert.equal(offer?.id, toClassOfferId(buildOffer().id, "default"));
});

Deno.test("the first prices after a start are compared with the last, and with those of other accounts", async () => {
  const at = (dollars: string, id: string) => {
    const base = buildOffer({ id });
    const perHour = parseUsd(dollars);
    return { ...base, price: { ...base.price, perHour, perGpuHour: perHour } };
  };
  const id = toClassOfferId("of-1", "default");
  await using polled = new Polled({ lastOffers: [at("1.00", id)] }, (provider) => {
    provider.offers = [at("9.00", "of-1")];
  });
  await polled.clock.settle();
  assert.match(polled.account.snapshot?.offers[0]?.price.suspect ?? "", /^changed from \$1.00/);

  await using other = new Polled({}, (provider) => {
    provider.offers = [at("0.01", "of-1")];
  });
  other.others = [{ ...at("1.00", "of-2"), provider: "other", account: "other" }];
  await other.clock.settle();
  assert.match(other.account.snapshot?.offers[0]?.price.suspect ?? "", /less than 5 %/);
});

Deno.test("run() says that a cloud does not answer while it is still asked for the first time", async () => {
  const { promise, resolve } = Promise.withResolvers<{ account: string | undefined }>();
  await using polled = new Polled({}, (provider) => {
    provider.verifyCredentials = () => promise;
  });
  await polled.clock.advance(29_000);
  const problem = () => polled.account.problem;
  assert.equal(problem(), undefined);
  await polled.clock.advance(2_000);
  assert.equal(problem()?.reason, "ProviderUnreachable");
  assert.match(problem()?.message ?? "", /^No answer for 30s/);
  assert.deepEqual(polled.changes, ["health"]);
  resolve({ account: "acc-1" });
  await polled.clock.settle();
  assert.deepEqual([polled.account.verified, problem()], [true, undefined]);
});
