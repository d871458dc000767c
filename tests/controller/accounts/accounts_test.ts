import assert from "node:assert/strict";
import { type AccountRequest, Accounts } from "../../../controller/accounts/accounts.ts";
import { decideBuyingProblem } from "../../../controller/accounts/account.ts";
import { fingerprintOf } from "../../../providers/api_key.ts";
import type { ProviderEntry } from "../../../schemas/node_class.ts";
import { buildInstance } from "../../support/controller_builders.ts";
import { never } from "../../support/controller_world.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { buildEntry, providerError, ScriptedProvider } from "../../support/scripted_provider.ts";

/** Accounts whose clients are scripted, one per key. */
class Keyring {
  readonly clock = new FakeClock();
  readonly providers = new Map<string, ScriptedProvider>();
  readonly running = new Set<string>();
  readonly poked: string[] = [];
  built = 0;
  readonly accounts = new Accounts({
    clock: this.clock,
    createProvider: (entry, apiKey) => {
      if (apiKey === "broken") throw new RangeError("Cannot use account: the key has a line break");
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
  });

  provider(apiKey: string, name = "lambda"): ScriptedProvider {
    const provider = this.providers.get(apiKey) ?? new ScriptedProvider(name);
    this.providers.set(apiKey, provider);
    return provider;
  }

  ensure(apiKey: string, change: Partial<AccountRequest> = {}) {
    const request = {
      className: "default",
      entry: buildEntry(),
      apiKey,
      knownInstanceIds: [],
      openOrders: [],
      lastFingerprint: undefined,
      ...change,
    };
    return this.accounts.ensure(request, never);
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
  assert.equal(keyring.accounts.list().length, 0);
});

Deno.test("ensure() takes any key while nothing is rented", async () => {
  const keyring = new Keyring();
  await keyring.ensure("one");
  assert.equal(await keyring.ensure("two"), undefined);
  assert.equal(keyring.fingerprint, fingerprintOf("two"));
  assert.deepEqual(keyring.provider("two").calls, []);
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
  assert.equal(await keyring.ensure("two", open), undefined);
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

Deno.test("drop() lets all accounts of a class go, and no other's", async () => {
  const keyring = new Keyring();
  await keyring.ensure("one");
  await keyring.ensure("two", { className: "other" });
  keyring.accounts.drop("default");
  assert.deepEqual(keyring.accounts.list().map(({ className }) => className), ["other"]);
});
