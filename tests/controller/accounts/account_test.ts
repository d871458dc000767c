import assert from "node:assert/strict";
import {
  type Account,
  decideBuyingProblem,
  decideLastingProblem,
  recordList,
} from "../../../controller/accounts/account.ts";
import { testStart } from "../../support/controller_builders.ts";
import { buildAccount, buildEntry, ScriptedProvider } from "../../support/scripted_provider.ts";

const now = testStart;
const block = { reason: "AccountBlocked", message: "no credit" };
const problem = { reason: "ProviderUnreachable", message: "no answer" };

const table: readonly (readonly [string, Partial<Account>, string | undefined])[] = [
  ["works", {}, undefined],
  ["is no longer listed", { entry: undefined }, "The class no longer lists this account"],
  ["is disabled", { entry: buildEntry({ enabled: false }) }, "The class says enabled: false"],
  ["has lost its Secret", { keyProblem: { reason: "SecretNotFound", message: "gone" } }, "gone"],
  ["is blocked", { block: { ...block, until: now + 1 } }, "no credit"],
  ["was blocked", { block: { ...block, until: now } }, undefined],
  ["is not verified yet", { verified: false }, "The key is being verified"],
  ["cannot be verified", { verified: false, problem }, "no answer"],
  ["is verified and did not answer last", { problem }, undefined],
];

for (const [what, change, message] of table) {
  Deno.test(`decideBuyingProblem() of an account that ${what}`, () => {
    const account = buildAccount(new ScriptedProvider(), change);
    assert.equal(decideBuyingProblem(account, now)?.message, message);
  });
}

Deno.test("recordList() keeps three lists, newest first", () => {
  const account = buildAccount(new ScriptedProvider());
  for (const startedAt of [1, 2, 3, 4]) recordList(account, { startedAt, instances: [] });
  assert.deepEqual(account.lists.map(({ startedAt }) => startedAt), [4, 3, 2]);
});

Deno.test("decideLastingProblem() passes over what goes by itself within moments", () => {
  const passing = buildAccount(new ScriptedProvider(), {
    block: { ...block, until: now + 1, passing: true },
  });
  assert.equal(decideBuyingProblem(passing, now)?.message, "no credit");
  assert.equal(decideLastingProblem(passing, now), undefined);
  const lasting = buildAccount(new ScriptedProvider(), { block: { ...block, until: now + 1 } });
  assert.equal(decideLastingProblem(lasting, now)?.message, "no credit");
});
