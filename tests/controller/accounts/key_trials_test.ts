import assert from "node:assert/strict";
import { KeyTrials } from "../../../controller/accounts/key_trials.ts";
import { buildInstance } from "../../support/controller_builders.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { buildAccount, providerError, ScriptedProvider } from "../../support/scripted_provider.ts";

const stake = { knownInstanceIds: ["i-1"], openOrders: [], lastIdentity: undefined };
const second = 1_000;

function setUp() {
  const clock = new FakeClock();
  const tried: string[] = [];
  const trials = new KeyTrials({ clock, onTried: (className) => void tried.push(className) });
  const provider = new ScriptedProvider();
  const account = buildAccount(provider, { verified: false });
  return { clock, tried, trials, provider, account };
}

Deno.test("a key that cannot be judged yet is tried again half a minute later, not before", async () => {
  const { account, clock, provider, tried, trials } = setUp();
  provider.instances = providerError("transient", "no answer");
  const reasons: (string | undefined)[] = [];
  for (let pass = 0; pass < 8; pass++) {
    reasons.push(trials.judge(account, stake)?.reason);
    await clock.advance(10 * second);
  }
  // Once it has an answer, the answer stands while the next try runs.
  assert.deepEqual(reasons, ["Pending", ...Array(7).fill("ProviderUnreachable")]);
  assert.equal(provider.calls.filter((call) => call === "verifyCredentials").length, 3);
  assert.deepEqual(tried, ["default", "default", "default"]);
  provider.instances = [buildInstance()];
  await clock.advance(30 * second);
  trials.judge(account, stake);
  await clock.settle();
  assert.equal(trials.judge(account, stake), undefined);
  assert.equal(account.lists.length, 1);
});

Deno.test("another key begins another trial and ends the one before it", async () => {
  const { account, clock, provider, tried, trials } = setUp();
  let ended = false;
  provider.verifyCredentials = (signal?: AbortSignal) =>
    new Promise((_resolve, reject) =>
      signal?.addEventListener("abort", () => {
        ended = true;
        reject(signal.reason);
      }, { once: true })
    );
  trials.judge(account, stake);
  await clock.settle();
  const next = buildAccount(new ScriptedProvider(), { verified: false });
  trials.judge(next, stake);
  await clock.settle();
  assert.equal(ended, true);
  assert.equal(trials.candidate("default/lambda"), next);
  assert.deepEqual(tried, ["default"]);
});

Deno.test("trials end with the leadership", async () => {
  const { account, clock, provider, tried, trials } = setUp();
  const stop = new AbortController();
  trials.start(stop.signal);
  provider.verifyCredentials = (signal?: AbortSignal) =>
    new Promise((_resolve, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true })
    );
  trials.judge(account, stake);
  stop.abort();
  await clock.settle();
  assert.deepEqual(tried, []);
  trials.end("default/lambda");
  assert.equal(trials.candidate("default/lambda"), undefined);
});
