import assert from "node:assert/strict";
import { secrets } from "../../kube/resource.ts";
import { nodeClaims, nodeClasses, nodePools } from "../../kube/tgp_resources.ts";
import { findCondition } from "../../schemas/conditions.ts";
import type { SimulatedWorld } from "../support/simulated_world.ts";
import {
  checkBooks,
  createSceneWith,
  isOver,
  minute,
  playToTheEnd,
  podOf,
  putKey,
  readAccount,
  readEvents,
} from "./scenario.ts";
import { keys, TwoAccounts } from "./two_accounts.ts";

/** A watch tells within moments; a pass and the vendor's answer take a moment each. */
const seconds = 5_000;

const oneA10 = { gpu_1x_a10: { "us-east-1": 1 } };

/** One account at Lambda whose keys are `one` and `two`. */
function createClassScene(seed: number): Promise<SimulatedWorld> {
  return createSceneWith({
    seed,
    cloud: { apiKeys: ["one", "two"], stock: oneA10 },
  }, [{ entry: { name: "lambda", lambda: { sshKeyName: "tgp" } }, apiKey: "one" }]);
}

async function awaitReason(
  world: SimulatedWorld,
  account: string,
  reason: string,
  limitMs: number,
): Promise<void> {
  const holds = async () => (await readAccount(world, account))?.reason === reason;
  await world.until(`${account} is ${reason}`, holds, limitMs);
}

/** `status/reason` of a condition of the class. */
async function readFact(world: SimulatedWorld, type: string): Promise<string> {
  const { status } = await world.kube.get(nodeClasses, { name: "lambda" });
  const condition = findCondition(status?.conditions, type);
  return `${condition?.status}/${condition?.reason}`;
}

Deno.test("a key that changes, comes or goes is seen within seconds, and Secrets are asked for by name only", async () => {
  await using world = await createClassScene(1);
  let asked = 0;
  world.api.addHook({
    before: ({ info, user, url }) => {
      if (info.kind !== "resource" || info.plural !== "secrets") return;
      if (user?.name !== "kubernetes-admin" || !["list", "watch"].includes(info.verb)) return;
      asked++;
      assert.equal(info.verb, "watch");
      assert.match(url.search, /fieldSelector=metadata\.name%3Dlambda-key(&|$)/);
      assert.equal(info.namespace, "tgp-system");
    },
  });
  world.startController();
  await awaitReason(world, "lambda", "Ready", minute);
  const first = await readAccount(world, "lambda");

  await putKey(world, "lambda", "two");
  await world.until(
    "the other key is in use",
    async () => (await readAccount(world, "lambda"))?.fingerprintInUse !== first?.fingerprintInUse,
    seconds,
  );
  await awaitReason(world, "lambda", "Ready", seconds);

  await world.kube.delete(secrets, { name: "lambda-key", namespace: "tgp-system" });
  await awaitReason(world, "lambda", "SecretNotFound", seconds);
  assert.equal(await readFact(world, "CredentialsResolved"), "False/SecretNotFound");
  assert.equal(await readFact(world, "Ready"), "False/SecretNotFound");

  await putKey(world, "lambda", "two");
  await awaitReason(world, "lambda", "Ready", seconds);

  await putKey(world, "lambda", "of-nobody");
  await awaitReason(world, "lambda", "CredentialsRejected", seconds);
  await world.kube.patch(secrets, { name: "lambda-key", namespace: "tgp-system" }, {
    data: { "api-key": null, other: btoa("one") },
  });
  await awaitReason(world, "lambda", "SecretKeyNotFound", seconds);
  await putKey(world, "lambda", "one");
  await awaitReason(world, "lambda", "Ready", seconds);
  // The watch is renewed every five to ten minutes, and no more often.
  await world.clock.advance(20 * minute);
  assert.ok(asked >= 2 && asked <= 6, String(asked));
});

Deno.test("where Secrets may not be watched, a changed key is seen within half a minute", async () => {
  await using world = await createClassScene(2);
  world.api.addHook({
    before: ({ info }) => {
      if (info.kind !== "resource" || info.plural !== "secrets" || info.verb !== "watch") return;
      const status = { kind: "Status", code: 403, reason: "Forbidden", message: "no" };
      return Response.json(status, { status: 403 });
    },
  });
  world.startController();
  await awaitReason(world, "lambda", "Ready", minute);
  await putKey(world, "lambda", "of-nobody");
  await awaitReason(world, "lambda", "CredentialsRejected", 35_000);
  await putKey(world, "lambda", "two");
  await awaitReason(world, "lambda", "Ready", 35_000);
});

Deno.test("an account that is disabled buys no more, and ends and books what it has", async () => {
  await using two = await TwoAccounts.create(3, [{ gpu_1x_a10: { "us-east-1": 9 } }, oneA10]);
  const { world, first, second } = two;
  world.startController();
  await world.apply(podOf("one"));
  await world.until("the first account buys", () => first.machines().length === 1, 2 * minute);
  const { spec } = await world.kube.get(nodeClasses, { name: "lambda" });
  await world.kube.patch(nodeClasses, { name: "lambda" }, {
    spec: {
      providers: spec.providers.map((entry) =>
        entry.name === "first" ? { ...entry, enabled: false } : entry
      ),
    },
  });
  await awaitReason(world, "first", "ProviderDisabled", seconds);
  assert.equal(await readFact(world, "Ready"), "True/Ready");
  assert.equal(await readFact(world, "ProvidersReachable"), "True/AllReachable");
  await world.apply(podOf("two"));
  await world.until("the other account buys", () => second.machines().length === 1, minute);
  await world.clock.advance(2 * minute);
  world.killController();
  world.startController();
  await playToTheEnd(world, ["one", "two"]);
  assert.equal(first.machines().length, 1);
});

Deno.test("one bad account is named and leaves the class ready; with all of them bad it is not", async () => {
  await using two = await TwoAccounts.create(4, [oneA10, oneA10]);
  const { world } = two;
  await putKey(world, "first", "of-nobody");
  world.startController();
  await awaitReason(world, "second", "Ready", minute);
  await awaitReason(world, "first", "CredentialsRejected", minute);
  assert.equal(await readFact(world, "Ready"), "True/Ready");
  assert.equal(await readFact(world, "CredentialsResolved"), "False/CredentialsRejected");
  assert.equal(await readFact(world, "ProvidersReachable"), "False/CredentialsRejected");
  const { status } = await world.kube.get(nodeClasses, { name: "lambda" });
  const reachable = findCondition(status?.conditions, "ProvidersReachable");
  assert.match(reachable?.message ?? "", /^first: /);
  assert.doesNotMatch(reachable?.message ?? "", /second/);
  await world.kube.delete(secrets, { name: "second-key", namespace: "tgp-system" });
  await awaitReason(world, "second", "SecretNotFound", seconds);
  assert.equal(await readFact(world, "Ready"), "False/CredentialsRejected");
  const pool = await world.kube.get(nodePools, { name: "gpu" });
  assert.equal(findCondition(pool.status?.conditions, "Ready")?.reason, "NodeClassNotReady");
  await putKey(world, "second", keys.second);
  await awaitReason(world, "second", "Ready", seconds);
  assert.equal(await readFact(world, "Ready"), "True/Ready");
});

Deno.test("a class that is deleted is held by its claims, says so once, and goes with the last of them", async () => {
  await using world = await createClassScene(5);
  world.startController();
  await world.apply(podOf("work"));
  await world.until("a machine is rented", () => world.cloud.machines().length === 1, 2 * minute);
  await world.kube.delete(nodeClasses, { name: "lambda" });
  await world.until(
    "the class says so",
    async () => await readFact(world, "Ready") === "False/DeletionHeld",
    seconds,
  );
  const [claim] = (await world.kube.list(nodeClaims)).items;
  const { status } = await world.kube.get(nodeClasses, { name: "lambda" });
  const { message = "" } = findCondition(status?.conditions, "Ready") ?? {};
  assert.match(message, /^1 claim still refers to this class/);
  assert.ok(message.includes(claim?.metadata.name ?? "?"));
  await world.apply(podOf("late"));
  await playToTheEnd(world, ["work"]);
  assert.equal(world.cloud.machines().length, 1, "nothing is bought any more");
  await world.until(
    "the class is gone",
    async () => (await world.kube.list(nodeClasses)).items.length === 0,
    seconds,
  );
  assert.deepEqual(await readEvents(world, "DeletionHeld"), [message]);
  const { items } = await world.kube.list(nodePools);
  const ready = findCondition(items[0]?.status?.conditions, "Ready");
  assert.equal(`${ready?.status}/${ready?.reason}`, "False/NodeClassNotFound");
});

Deno.test("a class that is taken away by force, with its controller gone, loses no machine", async () => {
  await using world = await createClassScene(6);
  world.startController();
  await world.apply(podOf("work"));
  await world.until("a machine is rented", () => world.cloud.machines().length === 1, 2 * minute);
  await world.clock.advance(minute);
  world.killController();
  await world.kube.patch(nodeClasses, { name: "lambda" }, { metadata: { finalizers: [] } });
  await world.kube.delete(nodeClasses, { name: "lambda" });
  world.startController();
  await world.until("everything is given back", () => isOver(world), 60 * minute);
  await checkBooks(world);
});
