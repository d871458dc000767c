import assert from "node:assert/strict";
import type { Account } from "../../../controller/accounts/account.ts";
import {
  type AccountPoller,
  createAccountPoller,
  defaultPollIntervals,
  toProblem,
} from "../../../controller/accounts/account_poller.ts";
import { silentLog } from "../../../runtime/log.ts";
import { silentMetrics } from "../../../runtime/metrics.ts";
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
    onChange: () => {},
  }, account);
  const running = poller.run(stop.signal);
  await clock.settle();
  stop.abort();
  await running;
  assert.equal(account.problem, undefined);
});

Deno.test("toProblem() tells a wrong key and an unpaid bill from no answer", () => {
  assert.equal(toProblem(providerError("unauthorized")).reason, "CredentialsRejected");
  assert.equal(toProblem(providerError("billing")).reason, "AccountBlocked");
  assert.equal(toProblem(providerError("transient")).reason, "ProviderUnreachable");
  assert.deepEqual(toProblem("text"), { reason: "ProviderUnreachable", message: "text" });
});
