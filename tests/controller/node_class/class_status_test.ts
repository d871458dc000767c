import assert from "node:assert/strict";
import type { Account } from "../../../controller/accounts/account.ts";
import { computeClassStatus } from "../../../controller/node_class/class_status.ts";
import type { ClassUsers } from "../../../controller/node_class/class_users.ts";
import type { EntryFinding } from "../../../controller/node_class/entry_finding.ts";
import { findCondition } from "../../../schemas/conditions.ts";
import type { GPUNodeClass, NodeClassStatus } from "../../../schemas/node_class.ts";
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
    enabled: true,
    problem: undefined,
    account: account(),
    fingerprint: "0123456789ab",
    ...change,
  };
}

const noUsers: ClassUsers = { claims: [], pools: [] };

function compute(
  nodeClass: GPUNodeClass,
  findings: readonly EntryFinding[],
  at = now,
  users = noUsers,
): NodeClassStatus {
  return computeClassStatus({ nodeClass, findings, users, now: at });
}

/** `status/reason` of Ready. */
function readiness(findings: readonly EntryFinding[], nodeClass = buildClass()): string {
  const ready = findCondition(compute(nodeClass, findings).conditions, "Ready");
  return `${ready?.status}/${ready?.reason}`;
}

const rejected = { reason: "CredentialsRejected", message: "wrong key" };
const pending = { reason: "Pending", message: "The key is being verified" };
const notFound = { reason: "SecretNotFound", message: "failed to get credential secret a/b: gone" };
const bad = finding({ name: "other", account: undefined, problem: notFound });
const open = finding({ name: "third", account: undefined, problem: pending });

const readyTable: readonly (readonly [string, readonly EntryFinding[], string])[] = [
  ["one account that works", [finding()], "True/Ready"],
  ["one bad account beside one that works", [bad, finding()], "True/Ready"],
  ["all accounts bad", [bad, finding({ problem: rejected })], "False/SecretNotFound"],
  ["nothing known yet", [open], "Unknown/Pending"],
  ["one bad account and nothing known of the other", [open, bad], "False/SecretNotFound"],
  [
    "no account enabled",
    [finding({
      enabled: false,
      account: account({ entry: buildEntry({ enabled: false }) }),
    })],
    "False/ProviderDisabled",
  ],
  [
    "an account whose machines could not join",
    [finding({
      account: account({
        snapshot: { offers: [buildOffer({ notJoinable: "it runs containers" })], readAt: now },
      }),
    })],
    "False/NotJoinable",
  ],
  [
    "a refusal that lasts",
    [finding({ account: account({ block: { ...rejected, until: now + minute } }) })],
    "False/CredentialsRejected",
  ],
  [
    "a refusal that has run out",
    [finding({ account: account({ block: { ...rejected, until: now } }) })],
    "True/Ready",
  ],
  [
    "an order that is held back for a moment",
    [finding({ account: account({ block: { ...rejected, until: now + minute, passing: true } }) })],
    "True/Ready",
  ],
];

for (const [what, findings, expected] of readyTable) {
  Deno.test(`computeClassStatus() judges Ready with ${what}`, () => {
    assert.equal(readiness(findings), expected);
  });
}

Deno.test("computeClassStatus() names the one bad account, and stays ready", () => {
  const status = compute(buildClass(), [bad, finding()]);
  assert.deepEqual(status.providers?.map(({ available }) => available), [false, true]);
  const reachable = findCondition(status.conditions, "ProvidersReachable");
  assert.equal(reachable?.status, "False");
  assert.equal(reachable?.message, `other: ${notFound.message}`);
  const ready = findCondition(status.conditions, "Ready");
  assert.equal(ready?.message, "Machines can be bought from lambda");
});

Deno.test("computeClassStatus() is not ready while the class waits for its last machine, and says for which", () => {
  const leaving = buildClass({ metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } });
  const users = { claims: ["tgp-a"], pools: ["gpu"] };
  const ready = findCondition(compute(leaving, [finding()], now, users).conditions, "Ready");
  assert.equal(`${ready?.status}/${ready?.reason}`, "False/DeletionHeld");
  assert.match(ready?.message ?? "", /tgp-a.*pool gpu/);
});

Deno.test("computeClassStatus() is not ready without a bootstrap", () => {
  const { bootstrap: _bootstrap, ...spec } = buildClass().spec;
  assert.equal(readiness([finding()], { ...buildClass(), spec }), "False/BootstrapMissing");
});

Deno.test("computeClassStatus() says which generation it has judged, in every condition", () => {
  const nodeClass = buildClass({ metadata: { generation: 7 } });
  const { conditions, observedGeneration } = compute(nodeClass, [finding()]);
  assert.equal(observedGeneration, 7);
  assert.deepEqual(
    conditions?.map((condition) => [condition.type, condition.observedGeneration]),
    [["CredentialsResolved", 7], ["ProvidersReachable", 7], ["CatalogFresh", 7], ["Ready", 7]],
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
  const [entry] = compute(buildClass(), findings, now).providers ?? [];
  assert.equal(entry?.offers, 5);
  assert.equal(entry?.availableOffers, 2);
  assert.equal(entry?.cheapestPerHour, parseUsd("2.00"));
});

Deno.test("computeClassStatus() says why machines of an account could not join", () => {
  const offers = [buildOffer({ notJoinable: "it runs containers" })];
  const findings = [finding({ account: account({ snapshot: { offers, readAt: now } }) })];
  const [entry] = compute(buildClass(), findings, now).providers ?? [];
  assert.equal(entry?.available, false);
  assert.equal(entry?.message, "Its machines could not join the cluster: it runs containers");
  assert.equal(entry?.cheapestPerHour, undefined);
});

Deno.test("computeClassStatus() keeps a key's fingerprint and its account's identity while no client works", () => {
  const known = account({ identity: "team-a" });
  const first = compute(buildClass(), [finding({ account: known })], now);
  const broken = finding({ account: undefined, problem: notFound, fingerprint: undefined });
  const second = compute(buildClass({ status: first }), [broken], now);
  const [entry] = second.providers ?? [];
  assert.equal(entry?.credentialFingerprint, "0123456789ab");
  assert.equal(entry?.fingerprintInUse, "0123456789ab");
  assert.equal(entry?.account, "team-a");
});

Deno.test("computeClassStatus() shows the fingerprint that the message is about, and the one in use beside it", () => {
  const wrong = finding({ problem: rejected, fingerprint: "wrong" });
  const first = compute(buildClass(), [wrong], now);
  const shown = { credentialFingerprint: "wrong", fingerprintInUse: "0123456789ab" };
  const pick = ({ providers }: NodeClassStatus) => {
    const { credentialFingerprint, fingerprintInUse } = providers?.[0] ?? {};
    return { credentialFingerprint, fingerprintInUse };
  };
  assert.deepEqual(pick(first), shown);
  // After a restart nobody is there to ask, and the key in use must still be known.
  const restarted = finding({ problem: rejected, fingerprint: "wrong", account: undefined });
  const second = compute(buildClass({ status: first }), [restarted], now);
  assert.deepEqual(pick(second), shown);
  const mended = compute(buildClass({ status: second }), [finding()], now);
  assert.deepEqual(pick(mended), {
    credentialFingerprint: "0123456789ab",
    fingerprintInUse: "0123456789ab",
  });
});

Deno.test("computeClassStatus() does not take a key for the one in use that no client works with", () => {
  const first = finding({ problem: pending, account: undefined });
  const [entry] = compute(buildClass(), [first], now).providers ?? [];
  assert.equal(entry?.credentialFingerprint, "0123456789ab");
  assert.equal(entry?.fingerprintInUse, undefined);
});

Deno.test("computeClassStatus() shows breakers that are not closed, in a fixed order", () => {
  const provider = new ScriptedProvider();
  const findings = [finding({ account: buildAccount(provider, { snapshot }) })];
  const breakers = () => compute(buildClass(), findings, now).providers?.[0]?.breakers;
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
  const first = compute(buildClass(), [finding()], now);
  const second = compute(buildClass({ status: first }), [finding()], now + minute);
  assert.deepEqual(second.conditions, first.conditions);
});

Deno.test("computeClassStatus() fits its longest messages into the status", () => {
  const problem = { reason: "CredentialsRejected", message: "x".repeat(10_000) };
  const findings = Array.from(
    { length: 16 },
    (_, index) => finding({ name: `account-${index}`, account: undefined, problem }),
  );
  const status = compute(buildClass(), findings, now);
  for (const { message } of status.providers ?? []) assert.ok(message.length <= 4096);
  for (const { message } of status.conditions ?? []) assert.ok(message.length <= 32_768);
});
