import assert from "node:assert/strict";
import type { Account, Problem } from "../../../controller/accounts/account.ts";
import { judgeAccounts } from "../../../controller/node_class/class_conditions.ts";
import type { EntryFinding } from "../../../controller/node_class/entry_finding.ts";
import { buildOffer, testStart } from "../../support/controller_builders.ts";
import { buildAccount, ScriptedProvider } from "../../support/scripted_provider.ts";

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

/** `status/reason` of the three conditions. */
function facts(...findings: readonly EntryFinding[]): readonly string[] {
  return [...judgeAccounts(findings, now).values()].map(({ status, reason }) =>
    `${status}/${reason}`
  );
}

function problem(reason: string): Problem {
  return { reason, message: `because of ${reason}` };
}

const unreachable = problem("ProviderUnreachable");
const fresh = { account: undefined, fingerprint: undefined };

/** What was found, and what `CredentialsResolved`, `ProvidersReachable` and `CatalogFresh` make of it. */
const table:
  readonly (readonly [string, Partial<EntryFinding>, readonly [string, string, string]])[] = [
    ["a working account", {}, ["True/AllResolved", "True/AllReachable", "True/CatalogRefreshed"]],
    ["a missing Secret", { ...fresh, problem: problem("SecretNotFound") }, [
      "False/SecretNotFound",
      "False/SecretNotFound",
      "False/CatalogStale",
    ]],
    ["a Secret that has gone while its client works", { problem: problem("SecretNotFound") }, [
      "False/SecretNotFound",
      "False/SecretNotFound",
      "True/CatalogRefreshed",
    ]],
    ["a key of another account", { problem: problem("AccountChanged") }, [
      "False/AccountChanged",
      "False/AccountChanged",
      "True/CatalogRefreshed",
    ]],
    ["a wrong key", {
      account: account({ verified: false, problem: problem("CredentialsRejected") }),
    }, ["False/CredentialsRejected", "False/CredentialsRejected", "True/CatalogRefreshed"]],
    ["a cloud that there is not", { ...fresh, problem: problem("UnsupportedProvider") }, [
      "Unknown/UnsupportedProvider",
      "False/UnsupportedProvider",
      "False/CatalogStale",
    ]],
    ["a missing block", { ...fresh, problem: problem("ProviderBlockMissing") }, [
      "Unknown/ProviderBlockMissing",
      "False/ProviderBlockMissing",
      "False/CatalogStale",
    ]],
    ["a key that is on trial", { ...fresh, problem: problem("Pending") }, [
      "Unknown/Pending",
      "Unknown/Pending",
      "Unknown/Pending",
    ]],
    ["a new key on trial while the old client works", { problem: problem("Pending") }, [
      "Unknown/Pending",
      "Unknown/Pending",
      "True/CatalogRefreshed",
    ]],
    ["a key that is not verified yet", {
      account: account({ verified: false, snapshot: undefined }),
    }, ["Unknown/Pending", "Unknown/Pending", "Unknown/Pending"]],
    ["offers that are not read yet", { account: account({ snapshot: undefined }) }, [
      "True/AllResolved",
      "Unknown/Pending",
      "Unknown/Pending",
    ]],
    ["a cloud that has never answered", {
      account: account({ verified: false, snapshot: undefined, problem: unreachable }),
    }, ["Unknown/ProviderUnreachable", "False/ProviderUnreachable", "False/CatalogStale"]],
    ["offers that cannot be read", {
      account: account({ snapshot: undefined, problem: unreachable }),
    }, ["True/AllResolved", "False/ProviderUnreachable", "False/CatalogStale"]],
    ["a cloud that worked and does not answer now", {
      account: account({ problem: unreachable }),
    }, ["True/AllResolved", "False/ProviderUnreachable", "True/CatalogRefreshed"]],
    ["old offers", { account: account({ snapshot: { ...snapshot, readAt: now - 11 * minute } }) }, [
      "True/AllResolved",
      "True/AllReachable",
      "False/CatalogStale",
    ]],
    ["an account whose machines could not join", {
      account: account({
        snapshot: { offers: [buildOffer({ notJoinable: "it runs containers" })], readAt: now },
      }),
    }, ["True/AllResolved", "True/AllReachable", "True/CatalogRefreshed"]],
    ["settings that the account does not have", {
      account: account({ verified: false, problem: problem("ProviderMisconfigured") }),
    }, ["True/AllResolved", "False/ProviderMisconfigured", "True/CatalogRefreshed"]],
    ["settings that no client could be made of", {
      ...fresh,
      problem: problem("ProviderMisconfigured"),
    }, ["Unknown/ProviderMisconfigured", "False/ProviderMisconfigured", "False/CatalogStale"]],
    ["an unpaid bill", {
      account: account({ verified: false, problem: problem("AccountBlocked") }),
    }, ["True/AllResolved", "True/AllReachable", "True/CatalogRefreshed"]],
    ["a key that is refused while buying", {
      account: account({ block: { ...problem("CredentialsRejected"), until: now + minute } }),
    }, ["False/CredentialsRejected", "False/CredentialsRejected", "True/CatalogRefreshed"]],
    ["an order that is held back for a moment", {
      account: account({ block: { ...unreachable, until: now + minute, passing: true } }),
    }, ["True/AllResolved", "True/AllReachable", "True/CatalogRefreshed"]],
    [
      "a refusal that has run out",
      { account: account({ block: { ...unreachable, until: now } }) },
      [
        "True/AllResolved",
        "True/AllReachable",
        "True/CatalogRefreshed",
      ],
    ],
    ["nobody to ask", { enabled: false }, [
      "Unknown/ProviderDisabled",
      "Unknown/ProviderDisabled",
      "Unknown/ProviderDisabled",
    ]],
  ];

for (const [what, change, expected] of table) {
  Deno.test(`judgeAccounts() with ${what}`, () => {
    assert.deepEqual(facts(finding(change)), expected);
  });
}

Deno.test("judgeAccounts() asks no account that is disabled", () => {
  const broken = finding({ ...fresh, name: "off", enabled: false, problem: unreachable });
  assert.deepEqual(facts(broken, finding()), facts(finding()));
});

Deno.test("judgeAccounts() lets a no outweigh what cannot be told, and names all that say it", () => {
  const open = finding({ ...fresh, name: "open", problem: problem("Pending") });
  const first = finding({ ...fresh, name: "first", problem: problem("SecretNotFound") });
  const second = finding({ ...fresh, name: "second", problem: problem("SecretKeyNotFound") });
  const fact = judgeAccounts([open, first, finding(), second], now).get("CredentialsResolved");
  assert.deepEqual(fact, {
    status: "False",
    reason: "SecretNotFound",
    message: "first: because of SecretNotFound; second: because of SecretKeyNotFound",
  });
});

Deno.test("judgeAccounts() says why offers are old", () => {
  const old = account({
    snapshot: { ...snapshot, readAt: now - 11 * minute },
    offersFailure: { kind: "transient", message: "no answer", at: now },
  });
  const fact = judgeAccounts([finding({ account: old })], now).get("CatalogFresh");
  assert.equal(fact?.message, "lambda: No fresh offers: no answer");
});
