import assert from "node:assert/strict";
import { configMaps } from "../../kube/resource.ts";
import { nodeClaims, nodeClasses } from "../../kube/tgp_resources.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { lambdaFaults } from "../../sim/clouds/lambda/faults.ts";
import { createPaperspaceCloud } from "../../sim/clouds/paperspace/mod.ts";
import { createRunpodCloud, defaultRunpodKey } from "../../sim/clouds/runpod/mod.ts";
import {
  createSceneWith,
  isOver,
  minute,
  playToTheEnd,
  podOf,
  putKey,
  readAccount,
  readEvents,
  readLedger,
  rented,
} from "./scenario.ts";
import { keys, TwoAccounts } from "./two_accounts.ts";

const oneA10 = { gpu_1x_a10: { "us-east-1": 1 } };

/** A pod that wants a certain machine. */
function podWith(nodeSelector: Readonly<Record<string, string>>, name: string): KubernetesObject {
  const pod = podOf(name) as KubernetesObject & { readonly spec: Record<string, unknown> };
  return { ...pod, spec: { ...pod.spec, nodeSelector } } as KubernetesObject;
}

Deno.test("two accounts of one cloud buy side by side, and each ends and books what it bought", async () => {
  await using two = await TwoAccounts.create(1, [oneA10, oneA10]);
  const { world, first, second } = two;
  world.startController();
  await world.apply(podOf("one"), podOf("two"));
  await world.until(
    "a machine is rented in each account",
    () => first.machines().length === 1 && second.machines().length === 1,
    5 * minute,
  );
  await world.clock.advance(minute);
  world.killController();
  world.startController();
  await playToTheEnd(world, ["one", "two"]);
  const lines = await readLedger(world);
  assert.deepEqual(
    lines.map(({ account, instanceID }) => [account, instanceID]).sort(),
    [["first", first.machines()[0]?.id], ["second", second.machines()[0]?.id]],
  );
  const { items } = await world.kube.list(configMaps, { namespace: "tgp-system" });
  const names = items.map(({ metadata }) => metadata.name);
  for (const account of ["first", "second"]) {
    assert.ok(names.includes(`tgp-offers-lambda.${account}`));
    assert.equal((await readAccount(world, account))?.reason, "Ready");
  }
});

Deno.test("an account that does not answer from the start delays no other", async () => {
  await using two = await TwoAccounts.create(2, [{ gpu_1x_a10: { "us-east-1": 9 } }, oneA10]);
  const { world, second } = two;
  two.hangs = (account) => account === "first";
  world.startController();
  await world.apply(podOf("work"));
  await world.until("the other account buys", () => second.machines().length === 1, 30_000);
  const { status } = await world.kube.get(nodeClasses, { name: "lambda" });
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  assert.equal(ready?.status, "True");
  assert.equal((await readAccount(world, "first"))?.available, false);
  await playToTheEnd(world, ["work"]);
  assert.equal(rented(world), 0);
});

Deno.test("an account that stops answering, orders included, delays no other", async () => {
  await using two = await TwoAccounts.create(3, [{ gpu_1x_a10: { "us-east-1": 9 } }, oneA10]);
  const { world, second } = two;
  world.startController();
  await world.until(
    "both accounts are ready",
    async () =>
      (await readAccount(world, "first"))?.available === true &&
      (await readAccount(world, "second"))?.available === true,
    2 * minute,
  );
  two.hangs = (account) => account === "first";
  await world.apply(
    podWith({ "tgp.io/account": "first" }, "stuck"),
    podWith({ "tgp.io/account": "second" }, "work"),
  );
  await world.until("the other account buys", () => second.machines().length === 1, 30_000);
  await world.until("its pod succeeds", () => world.succeeded.has("work"), 30 * minute);
  await world.until(
    "its machine is given back",
    () => second.bill().every(({ end }) => end !== undefined),
    15 * minute,
  );
  assert.equal(rented(world), 0);
});

Deno.test("a key of another account is refused while machines run, and taken when they are gone", async () => {
  await using two = await TwoAccounts.create(4, [oneA10, {}]);
  const { world, first } = two;
  world.startController();
  await world.apply(podOf("work"));
  await world.until("a machine is rented", () => first.machines().length === 1, 2 * minute);
  await world.clock.advance(2 * minute);
  await putKey(world, "first", keys.second);
  await world.until(
    "the class refuses the key",
    async () => (await readAccount(world, "first"))?.reason === "AccountChanged",
    2 * minute,
  );
  const refused = await readAccount(world, "first");
  assert.notEqual(refused?.credentialFingerprint, refused?.fingerprintInUse);
  world.killController();
  world.startController();
  await world.clock.advance(2 * minute);
  // Without a client that knows the machine nothing is done about it: it is neither lost nor doubled.
  assert.equal((await readAccount(world, "first"))?.reason, "AccountChanged");
  assert.equal((await world.kube.list(nodeClaims)).items.length, 1);
  await putKey(world, "first", keys.first);
  await playToTheEnd(world, ["work"]);
  await putKey(world, "first", keys.second);
  await world.until(
    "the other account's key is taken",
    async () => {
      const account = await readAccount(world, "first");
      return account?.reason === "Ready" &&
        account.fingerprintInUse === refused?.credentialFingerprint;
    },
    2 * minute,
  );
});

Deno.test("the old client ends what runs while the Secret holds a key of another account", async () => {
  await using two = await TwoAccounts.create(5, [oneA10, {}]);
  const { world, first } = two;
  world.startController();
  await world.apply(podOf("work"));
  await world.until("a machine is rented", () => first.machines().length === 1, 2 * minute);
  await putKey(world, "first", keys.second);
  await playToTheEnd(world, ["work"]);
});

Deno.test("teams of Paperspace are told apart by their identity", async () => {
  const teams = { apiKeys: ["ours-1", "ours-2"], otherApiKeys: ["theirs"], teamId: "team0ours" };
  const clouds: ReturnType<typeof createPaperspaceCloud>[] = [];
  await using world = await createSceneWith({
    seed: 6,
    moreClouds: (deps) => {
      const cloud = createPaperspaceCloud({ ...deps, ...teams, stock: { P4000: { ny2: 1 } } });
      clouds.push(cloud);
      return [cloud];
    },
  }, [{ entry: { name: "paperspace", regions: ["ny2"] }, apiKey: "ours-1" }]);
  world.startController();
  await world.apply(podOf("work"));
  await world.until("a machine is rented", () => clouds[0]?.machines().length === 1, 2 * minute);
  assert.equal((await readAccount(world, "paperspace"))?.account, "team0ours");
  await putKey(world, "paperspace", "theirs");
  await world.until(
    "the other team's key is refused",
    async () => (await readAccount(world, "paperspace"))?.reason === "AccountChanged",
    2 * minute,
  );
  assert.match(
    (await readAccount(world, "paperspace"))?.message ?? "",
    /of account "team0oursother".*in "team0ours": put a key of the old account back/,
  );
  await putKey(world, "paperspace", "ours-2");
  await world.until(
    "another key of the same team is taken",
    async () => (await readAccount(world, "paperspace"))?.reason === "Ready",
    2 * minute,
  );
  await playToTheEnd(world, ["work"]);
});

Deno.test("an open launch breaker is shown, and keeps no machine from being ended", async () => {
  await using two = await TwoAccounts.create(7, [
    { ...oneA10, gpu_1x_a6000: { "us-south-1": 9 } },
    {},
  ]);
  const { world, first } = two;
  world.startController();
  await world.apply(podWith({ "tgp.io/gpu-model": "A10-24GB" }, "one"));
  await world.until("a machine is rented", () => first.machines().length === 1, 2 * minute);
  first.addFault({ operation: "launchInstance", answer: lambdaFaults.html502, times: 100 });
  await world.apply(...Array.from(
    { length: 5 },
    (_, index) => podWith({ "tgp.io/gpu-model": "RTX-A6000-48GB" }, `more-${index}`),
  ));
  await world.until(
    "the breaker is shown",
    async () => (await readAccount(world, "first"))?.breakers !== undefined,
    5 * minute,
  );
  const { breakers, available } = await readAccount(world, "first") ?? {};
  assert.deepEqual(breakers, [{ operation: "launchInstance", state: "Open" }]);
  assert.equal(available, true);
  await world.until("the machine is ended", async () => {
    assert.ok((await readAccount(world, "first"))?.breakers, "it was open all the time");
    return first.machines()[0]?.state === "terminated";
  }, 30 * minute);
  assert.deepEqual(await readEvents(world, "ProviderUnreachable"), [], "the status flapped");
  first.clearFaults();
  await world.until("everything is served", () => isOver(world), 120 * minute);
});

Deno.test("machines that could not join are never bought, however cheap, and the class and the pods say why", async () => {
  await using world = await createSceneWith({
    seed: 8,
    cloud: { apiKeys: [keys.first], stock: {} },
    moreClouds: (deps) => [createRunpodCloud(deps)],
  }, [
    { entry: { name: "lambda", lambda: { sshKeyName: "tgp" } }, apiKey: keys.first },
    { entry: { name: "runpod" }, apiKey: defaultRunpodKey },
  ]);
  const runpod = world.clouds.find(({ provider }) => provider === "runpod");
  assert.ok(runpod);
  world.startController();
  await world.apply(podOf("work"));
  await world.until(
    "the class says so",
    async () => (await readAccount(world, "runpod"))?.reason === "NotJoinable",
    2 * minute,
  );
  await world.until(
    "the pod hears so",
    async () =>
      (await readEvents(world, "NotServed")).some((text) =>
        /\d+ that could not join the cluster \(.+\)/.test(text)
      ),
    6 * minute,
  );
  world.cloud.setStock("gpu_1x_a10", "us-east-1", 1);
  await playToTheEnd(world, ["work"]);
  assert.deepEqual(runpod.bill(), []);
});
