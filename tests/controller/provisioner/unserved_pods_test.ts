import assert from "node:assert/strict";
import type { Account } from "../../../controller/accounts/account.ts";
import { UnservedPods } from "../../../controller/provisioner/unserved_pods.ts";
import type { UnplacedPod } from "../../../scheduling/plan.ts";
import { buildClass, buildOffer } from "../../support/controller_builders.ts";
import { buildAccount, ScriptedProvider } from "../../support/scripted_provider.ts";

const nodeClass = buildClass();
const pod = { namespace: "default", name: "pod", uid: "uid-pod" };
const waiting: UnplacedPod = { pod, reasons: [{ pool: "gpu", kind: "offers", message: "None" }] };
const refused: UnplacedPod = { pod, refusal: "It uses resource claims", reasons: [] };

function setUp(accounts: Account[]) {
  const notes: string[] = [];
  const pods = new UnservedPods({
    recorder: { record: ({ message }) => void notes.push(message) },
    accounts: { ofClass: () => accounts },
    classes: { list: () => [nodeClass], get: () => nodeClass },
  });
  return { notes, pods };
}

const accountWith = (change: Partial<Account>) => buildAccount(new ScriptedProvider(), change);
const heard = { snapshot: { offers: [buildOffer()], readAt: 0 } };

Deno.test("pods hear why nobody serves them once, and again after five minutes", () => {
  const { notes, pods } = setUp([accountWith(heard)]);
  for (const now of [0, 10_000, 299_999]) pods.tell({ unplaced: [waiting] }, now);
  assert.equal(notes.length, 1);
  pods.tell({ unplaced: [waiting] }, 300_000);
  assert.equal(notes.length, 2);
});

Deno.test("pods hear nothing while a cloud has not been heard of", () => {
  const account = accountWith({ snapshot: undefined });
  const { notes, pods } = setUp([accountWith(heard), account]);
  for (const now of [0, 10_000, 20_000]) pods.tell({ unplaced: [waiting] }, now);
  assert.deepEqual(notes, []);
  account.problem = { reason: "ProviderUnreachable", message: "no answer" };
  pods.tell({ unplaced: [waiting] }, 30_000);
  assert.equal(notes.length, 1);
});

Deno.test("a class without accounts is waited for ten seconds", () => {
  const { notes, pods } = setUp([]);
  for (const now of [5_000, 14_999]) pods.tell({ unplaced: [waiting] }, now);
  assert.deepEqual(notes, []);
  pods.tell({ unplaced: [waiting] }, 15_000);
  assert.equal(notes.length, 1);
});

Deno.test("a pod that nobody could ever serve is told at once", () => {
  const { notes, pods } = setUp([]);
  pods.tell({ unplaced: [refused] }, 0);
  assert.deepEqual(notes.length, 1);
});

Deno.test("an account that buys nothing is not waited for", () => {
  for (
    const why of [
      { keyProblem: { reason: "SecretNotFound", message: "no Secret" } },
      { problem: { reason: "Unauthorized", message: "wrong key" } },
    ]
  ) {
    const { notes, pods } = setUp([accountWith({ snapshot: undefined, ...why })]);
    pods.tell({ unplaced: [waiting] }, 0);
    assert.equal(notes.length, 1, JSON.stringify(why));
  }
});
