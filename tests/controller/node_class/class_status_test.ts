import assert from "node:assert/strict";
import type { Account } from "../../../controller/accounts/account.ts";
import {
  computeClassStatus,
  type EntryFinding,
} from "../../../controller/node_class/class_status.ts";
import { findCondition } from "../../../schemas/conditions.ts";
import type { NodeClassStatus } from "../../../schemas/node_class.ts";
import { parseUsd } from "../../../schemas/money.ts";
import { buildClass, buildOffer, testStart } from "../../support/controller_builders.ts";
import { buildAccount, buildEntry, ScriptedProvider } from "../../support/scripted_provider.ts";

const now = testStart;
const minute = 60_000;
const snapshot = { offers: [buildOffer()], readAt: now };

function account(change: Partial<Account> = {}): Account {
  return buildAccount(new ScriptedProvider(), { snapshot, ...change });
}

function finding(change: Partial<EntryFinding> = {}): EntryFinding {
  return {
    name: "lambda",
    provider: "lambda",
    problem: undefined,
    account: account(),
    fingerprint: "0123456789ab",
    ...change,
  };
}

/** `type=status/reason` of every condition. */
function facts(findings: readonly EntryFinding[], nodeClass = buildClass()): readonly string[] {
  return (computeClassStatus(nodeClass, findings, now).conditions ?? [])
    .map(({ type, status, reason }) => `${type}=${status}/${reason}`);
}

const unreachable = { reason: "ProviderUnreachable", message: "no answer" };
const rejected = { reason: "CredentialsRejected", message: "wrong key" };
const notFound = { reason: "SecretNotFound", message: "failed to get credential secret a/b: gone" };

const table: readonly (readonly [string, Partial<EntryFinding>, readonly string[]])[] = [
  ["a working account", {}, [
    "CredentialsResolved=True/AllResolved",
    "ProvidersReachable=True/AllReachable",
    "CatalogFresh=True/CatalogRefreshed",
    "Ready=True/Ready",
  ]],
  ["a missing Secret", { account: undefined, problem: notFound }, [
    "CredentialsResolved=False/SecretNotFound",
    "ProvidersReachable=True/AllReachable",
    "CatalogFresh=False/CatalogStale",
    "Ready=False/SecretNotFound",
  ]],
  ["a wrong key", { account: account({ verified: false, problem: rejected }) }, [
    "CredentialsResolved=False/CredentialsRejected",
    "ProvidersReachable=True/AllReachable",
    "CatalogFresh=True/CatalogRefreshed",
    "Ready=False/CredentialsRejected",
  ]],
  [
    "a key that is not verified yet",
    { account: account({ verified: false, snapshot: undefined }) },
    [
      "CredentialsResolved=Unknown/Pending",
      "ProvidersReachable=Unknown/Pending",
      "CatalogFresh=False/CatalogStale",
      "Ready=Unknown/Pending",
    ],
  ],
  ["offers that are not read yet", { account: account({ snapshot: undefined }) }, [
    "CredentialsResolved=Unknown/Pending",
    "ProvidersReachable=Unknown/Pending",
    "CatalogFresh=False/CatalogStale",
    "Ready=Unknown/Pending",
  ]],
  [
    "offers that cannot be read",
    { account: account({ snapshot: undefined, problem: unreachable }) },
    [
      "CredentialsResolved=True/AllResolved",
      "ProvidersReachable=False/ProviderUnreachable",
      "CatalogFresh=False/CatalogStale",
      "Ready=False/ProviderUnreachable",
    ],
  ],
  ["a cloud that worked and does not answer now", { account: account({ problem: unreachable }) }, [
    "CredentialsResolved=True/AllResolved",
    "ProvidersReachable=False/ProviderUnreachable",
    "CatalogFresh=True/CatalogRefreshed",
    "Ready=True/Ready",
  ]],
  ["old offers", {
    account: account({ snapshot: { ...snapshot, readAt: now - 11 * minute } }),
  }, [
    "CredentialsResolved=True/AllResolved",
    "ProvidersReachable=True/AllReachable",
    "CatalogFresh=False/CatalogStale",
    "Ready=True/Ready",
  ]],
  ["an account whose machines could not join", {
    account: account({
      snapshot: { offers: [buildOffer({ notJoinable: "it runs containers" })], readAt: now },
    }),
  }, [
    "CredentialsResolved=True/AllResolved",
    "ProvidersReachable=True/AllReachable",
    "CatalogFresh=True/CatalogRefreshed",
    "Ready=False/NotJoinable",
  ]],
  ["settings that the account does not have", {
    account: account({
      verified: false,
      problem: { reason: "ProviderMisconfigured", message: 'SSH key "tgp" does not exist' },
    }),
  }, [
    "CredentialsResolved=True/AllResolved",
    "ProvidersReachable=False/ProviderMisconfigured",
    "CatalogFresh=True/CatalogRefreshed",
    "Ready=False/ProviderMisconfigured",
  ]],
  ["a disabled entry", {
    account: account({ entry: buildEntry({ enabled: false }), snapshot: undefined }),
  }, [
    "CredentialsResolved=True/AllResolved",
    "ProvidersReachable=True/AllReachable",
    "CatalogFresh=True/CatalogRefreshed",
    "Ready=False/ProviderDisabled",
  ]],
  ["a refused key while buying", {
    account: account({ block: { ...rejected, until: now + minute } }),
  }, [
    "CredentialsResolved=False/CredentialsRejected",
    "ProvidersReachable=True/AllReachable",
    "CatalogFresh=True/CatalogRefreshed",
    "Ready=False/CredentialsRejected",
  ]],
  ["an order that is held back for a moment", {
    account: account({ block: { ...unreachable, until: now + minute, passing: true } }),
  }, [
    "CredentialsResolved=True/AllResolved",
    "ProvidersReachable=True/AllReachable",
    "CatalogFresh=True/CatalogRefreshed",
    "Ready=True/Ready",
  ]],
  ["a refusal that has run out", { account: account({ block: { ...rejected, until: now } }) }, [
    "CredentialsResolved=True/AllResolved",
    "ProvidersReachable=True/AllReachable",
    "CatalogFresh=True/CatalogRefreshed",
    "Ready=True/Ready",
  ]],
];

for (const [what, change, expected] of table) {
  Deno.test(`computeClassStatus() with ${what}`, () => {
    assert.deepEqual(facts([finding(change)]), expected);
  });
}

Deno.test("computeClassStatus() lets one bad entry hide no good one", () => {
  const bad = finding({ name: "other", account: undefined, problem: notFound });
  assert.deepEqual(facts([bad, finding()]).at(-1), "Ready=True/Ready");
  const status = computeClassStatus(buildClass(), [bad, finding()], now);
  assert.deepEqual(status.providers?.map(({ available }) => available), [false, true]);
  const resolved = findCondition(status.conditions, "CredentialsResolved");
  assert.equal(resolved?.message, `other: ${notFound.message}`);
});

Deno.test("computeClassStatus() is not ready while the class waits for its last machine", () => {
  const leaving = buildClass({ metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } });
  assert.ok(facts([finding()], leaving).includes("Ready=False/DeletionHeld"));
});

Deno.test("computeClassStatus() is not ready without a bootstrap", () => {
  const { bootstrap: _bootstrap, ...spec } = buildClass().spec;
  assert.equal(
    facts([finding()], { ...buildClass(), spec }).at(-1),
    "Ready=False/BootstrapMissing",
  );
});

Deno.test("computeClassStatus() counts offers and shows the cheapest that can be bought", () => {
  const price = buildOffer().price;
  const offers = [
    buildOffer({ id: "of-1", price: { ...price, perHour: parseUsd("3.00") } }),
    buildOffer({ id: "of-2", price: { ...price, perHour: parseUsd("2.00") } }),
    buildOffer({ id: "of-3", price: { ...price, perHour: parseUsd("1.00") }, available: false }),
    buildOffer({ id: "of-5", notJoinable: "it runs containers" }),
    buildOffer({ id: "of-4", price: { ...price, perHour: parseUsd("0.01"), suspect: "slipped" } }),
  ];
  const findings = [finding({ account: account({ snapshot: { offers, readAt: now } }) })];
  const [entry] = computeClassStatus(buildClass(), findings, now).providers ?? [];
  assert.equal(entry?.offers, 5);
  assert.equal(entry?.availableOffers, 2);
  assert.equal(entry?.cheapestPerHour, parseUsd("2.00"));
});

Deno.test("computeClassStatus() says why machines of an account could not join", () => {
  const offers = [buildOffer({ notJoinable: "it runs containers" })];
  const findings = [finding({ account: account({ snapshot: { offers, readAt: now } }) })];
  const [entry] = computeClassStatus(buildClass(), findings, now).providers ?? [];
  assert.equal(entry?.available, false);
  assert.equal(entry?.message, "Its machines could not join the cluster: it runs containers");
  assert.equal(entry?.cheapestPerHour, undefined);
});

Deno.test("computeClassStatus() keeps a key's fingerprint and its account's identity while no client works", () => {
  const known = account({ identity: "team-a" });
  const first = computeClassStatus(buildClass(), [finding({ account: known })], now);
  const broken = finding({ account: undefined, problem: notFound, fingerprint: undefined });
  const second = computeClassStatus(buildClass({ status: first }), [broken], now);
  const [entry] = second.providers ?? [];
  assert.equal(entry?.credentialFingerprint, "0123456789ab");
  assert.equal(entry?.fingerprintInUse, "0123456789ab");
  assert.equal(entry?.account, "team-a");
});

Deno.test("computeClassStatus() shows the fingerprint that the message is about, and the one in use beside it", () => {
  const wrong = finding({ problem: rejected, fingerprint: "wrong" });
  const first = computeClassStatus(buildClass(), [wrong], now);
  const shown = { credentialFingerprint: "wrong", fingerprintInUse: "0123456789ab" };
  const pick = ({ providers }: NodeClassStatus) => {
    const { credentialFingerprint, fingerprintInUse } = providers?.[0] ?? {};
    return { credentialFingerprint, fingerprintInUse };
  };
  assert.deepEqual(pick(first), shown);
  // After a restart nobody is there to ask, and the key in use must still be known.
  const restarted = finding({ problem: rejected, fingerprint: "wrong", account: undefined });
  const second = computeClassStatus(buildClass({ status: first }), [restarted], now);
  assert.deepEqual(pick(second), shown);
  const mended = computeClassStatus(buildClass({ status: second }), [finding()], now);
  assert.deepEqual(pick(mended), {
    credentialFingerprint: "0123456789ab",
    fingerprintInUse: "0123456789ab",
  });
});

Deno.test("computeClassStatus() does not take a key for the one in use that no client works with", () => {
  const pending = { reason: "Pending", message: "The key is being verified" };
  const first = finding({ problem: pending, account: undefined });
  const [entry] = computeClassStatus(buildClass(), [first], now).providers ?? [];
  assert.equal(entry?.credentialFingerprint, "0123456789ab");
  assert.equal(entry?.fingerprintInUse, undefined);
});

Deno.test("computeClassStatus() shows breakers that are not closed, in a fixed order", () => {
  const provider = new ScriptedProvider();
  const findings = [finding({ account: buildAccount(provider, { snapshot }) })];
  const breakers = () => computeClassStatus(buildClass(), findings, now).providers?.[0]?.breakers;
  assert.equal(breakers(), undefined);
  provider.breakers = [
    { operation: "listOffers", state: "half-open" },
    { operation: "launchInstance", state: "open" },
  ];
  const shown = [
    { operation: "launchInstance", state: "Open" },
    { operation: "listOffers", state: "HalfOpen" },
  ];
  assert.deepEqual(breakers(), shown);
  provider.breakers = provider.breakers.toReversed();
  assert.deepEqual(breakers(), shown);
});

Deno.test("computeClassStatus() moves a transition time only with the status", () => {
  const first = computeClassStatus(buildClass(), [finding()], now);
  const second = computeClassStatus(buildClass({ status: first }), [finding()], now + minute);
  assert.deepEqual(second.conditions, first.conditions);
});

Deno.test("computeClassStatus() fits its longest messages into the status", () => {
  const problem = { reason: "CredentialsRejected", message: "x".repeat(10_000) };
  const findings = Array.from(
    { length: 16 },
    (_, index) => finding({ name: `account-${index}`, account: undefined, problem }),
  );
  const status = computeClassStatus(buildClass(), findings, now);
  for (const { message } of status.providers ?? []) assert.ok(message.length <= 4096);
  for (const { message } of status.conditions ?? []) assert.ok(message.length <= 32_768);
});
