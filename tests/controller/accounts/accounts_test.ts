import assert from "node:assert/strict";
import { type AccountRequest, Accounts } from "../../../controller/accounts/accounts.ts";
import { decideBuyingProblem } from "../../../controller/accounts/account.ts";
import { fingerprintOf } from "../../../providers/api_key.ts";
import type { Offer } from "../../../providers/contract.ts";
import { silentMetrics } from "../../../runtime/metrics.ts";
import type { ProviderEntry } from "../../../schemas/node_class.ts";
import { buildInstance, buildOffer } from "../../support/controller_builders.ts";
import { never } from "../../support/controller_world.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { buildEntry, providerError, ScriptedProvider } from "../../support/scripted_provider.ts";

/** Accounts whose clients are scripted, one per key. */
class Keyring {
  readonly clock = new FakeClock();
  readonly providers = new Map<string, ScriptedProvider>();
  readonly running = new Set<string>();
  readonly poked: string[] = [];
  readonly tried: string[] = [];
  readonly forgotten: unknown[] = [];
  published: readonly Offer[] = [];
  built = 0;
  readonly accounts = new Accounts({
    clock: this.clock,
    metrics: { ...silentMetrics, forget: (labels) => void this.forgotten.push(labels) },
    createProvider: ({ entry, apiKey }) => {
      if (apiKey === "broken") {
        throw providerError("unauthorized", "Cannot use account: the key has a line break");
      }
      if (apiKey === "nowhere") throw new RangeError("Cannot use base URL");
      this.built++;
      return this.provider(apiKey, entry.name);
    },
    createPoller: (account) => ({
      poke: () => void this.poked.push(account.name),
      run: async (signal) => {
        this.running.add(account.fingerprint);
        await this.clock.sleep(1e9, signal).catch(() => {});
        this.running.delete(account.fingerprint);
      },
    }),
    loadStock: () => Promise.resolve(new Map()),
    loadOffers: () => Promise.resolve(this.published),
    onTried: (className) => void this.tried.push(className),
  });

  provider(apiKey: string, name = "lambda"): ScriptedProvider {
    const provider = this.providers.get(apiKey) ?? new ScriptedProvider(name);
    this.providers.set(apiKey, provider);
    return provider;
  }

  /** One pass; what it returns does not wait for any vendor. */
  ask(apiKey: string, change: Partial<AccountRequest> = {}) {
    return this.accounts.ensure({
      className: "default",
      entry: buildEntry(),
      apiKey,
      knownInstanceIds: [],
      openOrders: [],
      lastFingerprint: undefined,
      lastIdentity: undefined,
      ...change,
    });
  }

  /** Passes until the vendor has answered. */
  async ensure(apiKey: string, change: Partial<AccountRequest> = {}) {
    const problem = await this.ask(apiKey, change);
    if (problem?.reason !== "Pending") return problem;
    await this.clock.settle();
    return await this.ask(apiKey, change);
  }

  get fingerprint(): string | undefined {
    return this.accounts.get("default", "lambda")?.fingerprint;
  }
}

const known = { knownInstanceIds: ["i-1"] };
const open = { openOrders: ["tgp-abc123-gpu-aaaaaa"] };

Deno.test("ensure() builds a client once, and polls it", async () => {
  const keyring = new Keyring();
  const stop = new AbortController();
  keyring.accounts.start(stop.signal);
  assert.equal(await keyring.ensure("one"), undefined);
  assert.equal(await keyring.ensure("one"), undefined);
  assert.equal(keyring.built, 1);
  await keyring.clock.settle();
  assert.deepEqual([...keyring.running], [fingerprintOf("one")]);
  stop.abort();
  await keyring.clock.settle();
  assert.equal(keyring.running.size, 0);
});

Deno.test("ensure() names what is wrong with a key that cannot be used", async () => {
  const keyring = new Keyring();
  assert.deepEqual(await keyring.ensure("broken"), {
    reason: "CredentialsMalformed",
    message: "Cannot use account: the key has a line break",
  });
  assert.equal((await keyring.ensure("nowhere"))?.reason, "ProviderMisconfigured");
  assert.equal(keyring.accounts.list().length, 0);
});

Deno.test("ensure() asks no vendor about the first key, and compares its offers with those published", async () => {
  const keyring = new Keyring();
  keyring.published = [buildOffer()];
  assert.equal(await keyring.ask("one"), undefined);
  assert.deepEqual(keyring.provider("one").calls, []);
  assert.deepEqual(keyring.accounts.get("default", "lambda")?.lastOffers, keyring.published);
});

Deno.test("ensure() takes any key that the vendor accepts while nothing is rented", async () => {
  const keyring = new Keyring();
  await keyring.ensure("one");
  keyring.provider("two").credentials = "another-account";
  assert.deepEqual(await keyring.ask("two"), {
    reason: "Pending",
    message: "The key is being verified",
  });
  assert.equal(keyring.fingerprint, fingerprintOf("one"), "the old client goes on meanwhile");
  await keyring.clock.settle();
  assert.deepEqual(keyring.tried, ["default"]);
  assert.equal(await keyring.ask("two"), undefined);
  assert.equal(keyring.fingerprint, fingerprintOf("two"));
  const account = keyring.accounts.get("default", "lambda");
  assert.deepEqual([account?.verified, account?.identity], [true, "another-account"]);
  assert.deepEqual(keyring.provider("two").calls, ["verifyCredentials"]);
});

Deno.test("ensure() keeps the old client when the vendor does not accept the new key", async () => {
  const keyring = new Keyring();
  await keyring.ensure("one");
  keyring.provider("two").credentials = providerError("unauthorized", "wrong key");
  assert.deepEqual(await keyring.ensure("two"), {
    reason: "CredentialsRejected",
    message: "wrong key",
  });
  assert.equal(keyring.fingerprint, fingerprintOf("one"));
  assert.equal(await keyring.ensure("one"), undefined);
});

Deno.test("ensure() never waits for a vendor that does not answer", async () => {
  const keyring = new Keyring();
  await keyring.ensure("one");
  keyring.provider("two").verifyCredentials = () => new Promise(() => {});
  for (let pass = 0; pass < 3; pass++) {
    assert.equal((await keyring.ask("two", known))?.reason, "Pending");
    await keyring.clock.advance(60_000);
  }
  assert.equal(keyring.fingerprint, fingerprintOf("one"));
});

Deno.test("ensure() takes the key of the same account without asking for its machines", async () => {
  const keyring = new Keyring();
  await keyring.ensure("one");
  const account = keyring.accounts.get("default", "lambda");
  assert.ok(account);
  account.identity = "team-a";
  keyring.provider("two").credentials = "team-a";
  assert.equal(await keyring.ensure("two", known), undefined);
  assert.deepEqual(keyring.provider("two").calls, ["verifyCredentials"]);
});

Deno.test("ensure() refuses the key of another account, also after a restart, and names both", async () => {
  for (const restarted of [false, true]) {
    const keyring = new Keyring();
    if (!restarted) await keyring.ensure("one");
    const account = keyring.accounts.get("default", "lambda");
    if (account) account.identity = "team-a";
    const change = restarted ? { ...known, lastFingerprint: "0", lastIdentity: "team-a" } : known;
    keyring.provider("two").credentials = "team-b";
    // Even a machine of the same id would not make it the same account.
    keyring.provider("two").instances = [buildInstance()];
    const problem = await keyring.ensure("two", change);
    assert.equal(problem?.reason, "AccountChanged");
    assert.match(problem?.message ?? "", /"team-b".*"team-a": put a key of the old account back/);
    assert.equal(keyring.fingerprint, restarted ? undefined : fingerprintOf("one"));
  }
});

Deno.test("ensure() looks again whether a machine was bought while the key was tried", async () => {
  const keyring = new Keyring();
  await keyring.ensure("one");
  await keyring.ask("two");
  await keyring.clock.settle();
  assert.equal((await keyring.ensure("two", known))?.reason, "AccountChanged");
  assert.equal(keyring.fingerprint, fingerprintOf("one"));
});

Deno.test("ensure() lets a key take over that is right, although the class asks for what is not there", async () => {
  const keyring = new Keyring();
  await keyring.ensure("one");
  keyring.provider("two").credentials = providerError("invalid_request", "no such SSH key");
  keyring.provider("two").instances = [buildInstance()];
  assert.equal(await keyring.ensure("two", known), undefined);
  assert.equal(keyring.fingerprint, fingerprintOf("two"), "what runs could not be ended");
  assert.equal(keyring.accounts.get("default", "lambda")?.verified, false);
});

Deno.test("ensure() knows the account's identity again after a restart with the same key", async () => {
  const keyring = new Keyring();
  const change = { lastFingerprint: fingerprintOf("one"), lastIdentity: "team-a" };
  await keyring.ensure("one", change);
  assert.equal(keyring.accounts.get("default", "lambda")?.identity, "team-a");
});

Deno.test("ensure() takes a new key that knows one of our machines, with the list that proved it", async () => {
  const keyring = new Keyring();
  await keyring.ensure("one");
  keyring.provider("two").instances = [buildInstance()];
  assert.equal(await keyring.ensure("two", known), undefined);
  assert.equal(keyring.fingerprint, fingerprintOf("two"));
  assert.equal(keyring.accounts.get("default", "lambda")?.lists.length, 1);
});

Deno.test("ensure() keeps the old client when the new key knows none of our machines", async () => {
  const keyring = new Keyring();
  await keyring.ensure("one");
  keyring.provider("two").instances = [buildInstance({ id: "i-2" })];
  assert.equal((await keyring.ensure("two", known))?.reason, "AccountChanged");
  assert.equal(keyring.fingerprint, fingerprintOf("one"));
});

Deno.test("ensure() keeps the old client when the new key cannot list", async () => {
  const keyring = new Keyring();
  await keyring.ensure("one");
  keyring.provider("two").instances = providerError("unauthorized");
  assert.equal((await keyring.ensure("two", known))?.reason, "CredentialsRejected");
  assert.equal(keyring.fingerprint, fingerprintOf("one"));
});

Deno.test("ensure() keeps the old client while an order is open that the new key does not know", async () => {
  const keyring = new Keyring();
  await keyring.ensure("one");
  assert.equal((await keyring.ensure("two", open))?.reason, "AccountChanged");
  assert.equal(keyring.fingerprint, fingerprintOf("one"));
  keyring.provider("two").instances = [buildInstance()];
  await keyring.clock.advance(30_000);
  await keyring.ask("two", open);
  await keyring.clock.settle();
  assert.equal(await keyring.ask("two", open), undefined);
});

const afterRestart: readonly (readonly [string, Partial<AccountRequest>, string | undefined])[] = [
  ["the key it had", { ...known, lastFingerprint: fingerprintOf("one") }, undefined],
  ["another key", { ...known, lastFingerprint: fingerprintOf("zero") }, "AccountChanged"],
  ["machines, but no record of a key", known, "AccountChanged"],
  [
    "an open order and another key",
    { ...open, lastFingerprint: fingerprintOf("zero") },
    "AccountChanged",
  ],
  ["an open order, but no record of a key", open, undefined],
];

for (const [what, change, reason] of afterRestart) {
  Deno.test(`ensure() after a restart with ${what}: ${reason ?? "taken"}`, async () => {
    const keyring = new Keyring();
    assert.equal((await keyring.ensure("one", change))?.reason, reason);
    assert.equal(keyring.fingerprint, reason === undefined ? fingerprintOf("one") : undefined);
  });
}

const entryChanges: readonly (readonly [Partial<ProviderEntry>, number])[] = [
  [{ enabled: false }, 1],
  [{ priority: 7 }, 1],
  [{ timeouts: {} }, 1],
  [{ regions: ["us-east-1"] }, 2],
  [{ lambda: { sshKeyName: "other" } }, 2],
];

for (const [change, built] of entryChanges) {
  const [field] = Object.keys(change);
  Deno.test(`ensure() ${built === 1 ? "keeps" : "rebuilds"} the client when ${field} changes`, async () => {
    const keyring = new Keyring();
    await keyring.ensure("one");
    const entry = buildEntry(change);
    await keyring.ensure("one", { entry });
    keyring.accounts.update("default", entry, undefined);
    assert.equal(keyring.built, built);
    assert.deepEqual(keyring.accounts.get("default", "lambda")?.entry, entry);
  });
}

Deno.test("update() stops buying even while the key cannot be read", async () => {
  const keyring = new Keyring();
  await keyring.ensure("one");
  const account = keyring.accounts.get("default", "lambda");
  assert.ok(account);
  account.verified = true;
  const gone = { reason: "SecretNotFound", message: "gone" };
  keyring.accounts.update("default", buildEntry(), gone);
  assert.deepEqual(decideBuyingProblem(account, 0), gone);
  keyring.accounts.update("default", buildEntry({ enabled: false }), gone);
  assert.equal(decideBuyingProblem(account, 0)?.reason, "ProviderDisabled");
  keyring.accounts.update("default", buildEntry(), undefined);
  assert.equal(decideBuyingProblem(account, 0), undefined);
});

Deno.test("retire() keeps an account that claims refer to, but it buys no more", async () => {
  const keyring = new Keyring();
  keyring.accounts.start(never);
  await keyring.ensure("one");
  keyring.accounts.retire("default", "lambda", true);
  await keyring.clock.advance(3_600_000);
  keyring.accounts.retire("default", "lambda", true);
  const account = keyring.accounts.get("default", "lambda");
  assert.ok(account);
  assert.equal(keyring.running.size, 1);
  assert.equal(decideBuyingProblem(account, 0)?.reason, "ProviderDisabled");
  keyring.accounts.drop("default");
});

Deno.test("retire() waits for an order that is on its way before it lets an account go", async () => {
  const keyring = new Keyring();
  keyring.accounts.start(never);
  await keyring.ensure("one");
  keyring.accounts.retire("default", "lambda", false);
  assert.equal(keyring.accounts.list().length, 1);
  await keyring.clock.advance(59_999);
  keyring.accounts.retire("default", "lambda", true);
  await keyring.clock.advance(59_999);
  keyring.accounts.retire("default", "lambda", false);
  assert.equal(keyring.accounts.list().length, 1);
  await keyring.clock.advance(60_000);
  keyring.accounts.retire("default", "lambda", false);
  assert.equal(keyring.accounts.list().length, 0);
  await keyring.clock.settle();
  assert.equal(keyring.running.size, 0);
});

/** A key on trial in an account without a client, whose vendor does not answer; with its signal. */
async function startTrial(keyring: Keyring, change: Partial<AccountRequest> = {}) {
  const signals: AbortSignal[] = [];
  keyring.provider("two").verifyCredentials = (signal?: AbortSignal) => {
    if (signal) signals.push(signal);
    return new Promise(() => {});
  };
  const request = { ...known, lastFingerprint: fingerprintOf("one"), ...change };
  assert.equal((await keyring.ask("two", request))?.reason, "Pending");
  await keyring.clock.settle();
  const [signal] = signals;
  assert.equal(signal?.aborted, false);
  return { signal, request };
}

Deno.test("endTrials() ends and forgets what nobody asks for any more", async () => {
  const keyring = new Keyring();
  const { signal, request } = await startTrial(keyring);
  keyring.accounts.endTrials("default", new Set(["lambda"]));
  keyring.accounts.endTrials("other", new Set());
  assert.equal(signal?.aborted, false);
  assert.equal(keyring.built, 1);
  keyring.accounts.endTrials("default", new Set(["other"]));
  assert.equal(signal?.aborted, true);
  await keyring.ask("two", request);
  assert.equal(keyring.built, 2, "the client on trial was kept");
});

Deno.test("ensure() ends the trial of a key whose place one took that cannot be used", async () => {
  const keyring = new Keyring();
  const { signal, request } = await startTrial(keyring);
  assert.equal((await keyring.ask("broken", request))?.reason, "CredentialsMalformed");
  assert.equal(signal?.aborted, true);
});

Deno.test("drop() ends trials of accounts that never had a client", async () => {
  const keyring = new Keyring();
  const { signal } = await startTrial(keyring);
  const other = await startTrial(keyring, { className: "other" });
  keyring.accounts.drop("default");
  assert.deepEqual([signal?.aborted, other.signal?.aborted], [true, false]);
});

Deno.test("drop() lets all accounts of a class go, and no other's", async () => {
  const keyring = new Keyring();
  await keyring.ensure("one");
  await keyring.ensure("two", { className: "other" });
  keyring.accounts.drop("default");
  assert.deepEqual(keyring.accounts.list().map(({ className }) => className), ["other"]);
});

Deno.test("what was measured of an account goes with it, and with a client that is replaced", async () => {
  const keyring = new Keyring();
  const gone = { class: "default", account: "lambda" };
  assert.equal(await keyring.ensure("one"), undefined);
  assert.deepEqual(keyring.forgotten, []);
  assert.equal(await keyring.ensure("two"), undefined);
  assert.deepEqual(keyring.forgotten, [gone]);
  keyring.accounts.drop("default");
  keyring.accounts.drop("default");
  assert.deepEqual(keyring.forgotten, [gone, gone]);
});
