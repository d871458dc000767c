import assert from "node:assert/strict";
import {
  type Evidence,
  gatherEvidence,
  judgeKey,
  type Stake,
} from "../../../controller/accounts/key_trial.ts";
import type { Instance } from "../../../providers/contract.ts";
import { ProviderError } from "../../../providers/errors.ts";
import { buildInstance } from "../../support/controller_builders.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { buildAccount, providerError, ScriptedProvider } from "../../support/scripted_provider.ts";

const nothing: Stake = { knownInstanceIds: [], openOrders: [], lastIdentity: "team-a" };
const machine: Stake = { ...nothing, knownInstanceIds: ["i-1"], lastIdentity: undefined };
const order: Stake = { ...machine, knownInstanceIds: [], openOrders: ["tgp-abc123-gpu-aaaaaa"] };
const named = (stake: Stake): Stake => ({ ...stake, lastIdentity: "team-a" });

const found: Evidence = { problem: undefined, identity: undefined, list: undefined };
const of = (identity: string): Evidence => ({ ...found, identity });
const listing = (...instances: Instance[]): Evidence => ({
  ...found,
  list: { startedAt: 0, instances },
});
const rejected = { reason: "CredentialsRejected", message: "wrong key" };
const stranger = buildInstance({ id: "i-9", ownership: { kind: "foreign" } });

const table: readonly (readonly [string, Stake, Evidence, string])[] = [
  ["a key that is not accepted", nothing, { ...found, problem: rejected }, "CredentialsRejected"],
  ["nothing at stake", nothing, of("team-b"), "accepted"],
  ["the same identity", named(machine), of("team-a"), "accepted"],
  ["another identity", named(machine), of("team-b"), "AccountChanged"],
  [
    "another identity that lists a machine of ours",
    named(machine),
    { ...listing(buildInstance()), identity: "team-b" },
    "AccountChanged",
  ],
  ["an identity that was not known before", machine, of("team-a"), "unproven"],
  ["no identity where there was one", named(machine), found, "unproven"],
  ["our machine", machine, listing(stranger, buildInstance()), "accepted"],
  ["no machine of ours", machine, listing(stranger), "AccountChanged"],
  ["our open order", order, listing(buildInstance({ id: "i-9" })), "accepted"],
  ["no open order of ours", order, listing(), "AccountChanged"],
];

for (const [what, stake, evidence, expected] of table) {
  Deno.test(`judgeKey() with ${what}: ${expected}`, () => {
    const verdict = judgeKey(stake, evidence);
    assert.equal(verdict.kind === "refused" ? verdict.problem.reason : verdict.kind, expected);
  });
}

Deno.test("judgeKey() says what is at stake and what to do", () => {
  const stake = { ...machine, openOrders: ["a", "b"] };
  const verdict = judgeKey(stake, listing());
  assert.equal(
    verdict.kind === "refused" && verdict.problem.message,
    "The key does not know this account's 3 machines and open orders, so it seems to be another " +
      "account's: put a key of the old account back until they are gone",
  );
});

const never = new AbortController().signal;

Deno.test("gatherEvidence() passes on what keeps a key from being used", async () => {
  const provider = new ScriptedProvider();
  provider.credentials = providerError("unauthorized", "wrong key");
  const evidence = await gatherEvidence(
    { clock: new FakeClock() },
    buildAccount(provider, { verified: false }),
    () => true,
    never,
  );
  assert.deepEqual(evidence, { problem: rejected, identity: undefined, list: undefined });
  assert.deepEqual(provider.calls, ["verifyCredentials"]);
});

const failures = [
  ["billing", 403, undefined],
  ["quota", 400, undefined],
  ["invalid_request", undefined, undefined],
  ["invalid_request", 302, "ProviderUnreachable"],
  ["invalid_request", 400, "ProviderMisconfigured"],
  ["transient", 502, "ProviderUnreachable"],
] as const;

for (const [kind, status, reason] of failures) {
  Deno.test(`gatherEvidence() of a verification that fails as ${kind} ${status ?? "of its own"}: ${reason ?? "the key is right"}`, async () => {
    const provider = new ScriptedProvider();
    provider.credentials = new ProviderError("no", { kind, status, account: "", operation: "" });
    provider.instances = [buildInstance()];
    const account = buildAccount(provider, { verified: false });
    const deps = { clock: new FakeClock() };
    const evidence = await gatherEvidence(deps, account, () => true, never);
    assert.equal(evidence.problem?.reason, reason);
    assert.equal(evidence.list?.instances.length, reason === undefined ? 1 : undefined);
    assert.equal(account.verified, false);
  });
}

Deno.test("gatherEvidence() ends with its signal, and blames nobody", async () => {
  const provider = new ScriptedProvider();
  const stop = new AbortController();
  provider.verifyCredentials = () => {
    stop.abort(new Error("stopped"));
    return Promise.reject(
      new ProviderError("cut", { kind: "transient", account: "", operation: "" }),
    );
  };
  const account = buildAccount(provider, { verified: false });
  await assert.rejects(
    gatherEvidence({ clock: new FakeClock() }, account, () => false, stop.signal),
    { message: "stopped" },
  );
});
