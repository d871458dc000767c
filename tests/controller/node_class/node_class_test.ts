import assert from "node:assert/strict";
import { z } from "zod";
import { Accounts } from "../../../controller/accounts/accounts.ts";
import { NodeClassReconciler } from "../../../controller/node_class/node_class.ts";
import { secrets, toKey } from "../../../kube/resource.ts";
import { nodeClaims, nodeClasses } from "../../../kube/tgp_resources.ts";
import { fingerprintOf } from "../../../providers/api_key.ts";
import { findCondition } from "../../../schemas/conditions.ts";
import { nodeClaimSchema } from "../../../schemas/node_claim.ts";
import type { Secret } from "../../../schemas/kubernetes.ts";
import type { GPUNodeClass, ProviderEntry } from "../../../schemas/node_class.ts";
import {
  buildClaim,
  buildClass,
  buildLaunch,
  buildOffer,
  buildPool,
} from "../../support/controller_builders.ts";
import { ControllerWorld, isWrite, never, testNamespace } from "../../support/controller_world.ts";
import { buildEntry, providerError, ScriptedProvider } from "../../support/scripted_provider.ts";

const finalizers = ["tgp.io/termination"];
const scope = { namespace: testNamespace, allowedNamespaces: [] };

/** A class reconciler of a process that has just started; accounts do not poll. */
function start(world: ControllerWorld, script: (provider: ScriptedProvider) => void = () => {}) {
  const providers: ScriptedProvider[] = [];
  const accounts = new Accounts({
    clock: world.clock,
    metrics: world.metrics,
    createProvider: ({ entry }) => {
      const provider = new ScriptedProvider(entry.name);
      script(provider);
      providers.push(provider);
      return provider;
    },
    createPoller: () => ({ run: () => Promise.resolve(), poke: () => {} }),
    loadStock: () => Promise.resolve(new Map()),
    loadOffers: () => Promise.resolve([]),
    onTried: () => {},
  });
  const followed = new Map<string, readonly string[]>();
  const reconciler = new NodeClassReconciler({
    ...world,
    accounts,
    scope,
    secretWatches: { follow: (name, refs) => void followed.set(name, refs.map(toKey)) },
  });
  return {
    accounts,
    providers,
    followed,
    /** A pass on caches as they are. */
    pass: () => reconciler.reconcile("default", never),
    reconcile: async () => {
      await world.sync();
      const outcome = await reconciler.reconcile("default", never);
      // A key may be on trial.
      await world.clock.settle();
      await world.sync();
      return outcome;
    },
  };
}

async function putSecret(world: ControllerWorld, apiKey: string) {
  const metadata = { name: "lambda-key", namespace: testNamespace };
  const data = { apiKey: btoa(apiKey), second: btoa("second") };
  const secret: Secret = { apiVersion: "v1", kind: "Secret", metadata, data };
  await world.kube.create(secrets, secret);
}

async function setKey(world: ControllerWorld, apiKey: string) {
  const ref = { name: "lambda-key", namespace: testNamespace };
  await world.kube.patch(secrets, ref, { data: { apiKey: btoa(apiKey) } });
}

async function setProviders(world: ControllerWorld, providers: readonly ProviderEntry[]) {
  await world.kube.patch(nodeClasses, { name: "default" }, { spec: { providers } });
}

function status(world: ControllerWorld): NonNullable<GPUNodeClass["status"]> {
  return world.classes.get("default")?.status ?? {};
}

const heldClass = buildClass({ metadata: { finalizers } });
const launched = buildClaim({ launch: buildLaunch(), instanceID: "i-1" }, {
  metadata: { finalizers },
});
const unknown = buildClaim({ launch: buildLaunch({ outcome: "Unknown" }) }, {
  metadata: { finalizers },
});

Deno.test("a new class gets its finalizer first", async () => {
  using world = await ControllerWorld.create();
  await world.putClass(buildClass());
  const { reconcile, accounts } = start(world);
  await reconcile();
  assert.deepEqual(world.classes.get("default")?.metadata.finalizers, finalizers);
  assert.equal(accounts.list().length, 0);
});

Deno.test("a class with a missing Secret says so and works as soon as it is there", async () => {
  using world = await ControllerWorld.create();
  await world.putClass(heldClass);
  const { reconcile, accounts } = start(world);
  await reconcile();
  const resolved = findCondition(status(world).conditions, "CredentialsResolved");
  assert.equal(
    resolved?.message,
    'lambda: failed to get credential secret tgp-system/lambda-key: secrets "lambda-key" not found',
  );
  await putSecret(world, "one");
  await reconcile();
  const account = accounts.get("default", "lambda");
  assert.ok(account);
  account.verified = true;
  account.snapshot = { offers: [buildOffer()], readAt: world.clock.now() };
  assert.deepEqual(await reconcile(), {
    kind: "requeueAfter",
    delayMs: 30_000,
    reason: "Secrets may change",
  });
  assert.equal(findCondition(status(world).conditions, "Ready")?.status, "True");
  assert.equal(status(world).providers?.[0]?.credentialFingerprint, fingerprintOf("one"));
  assert.deepEqual(world.reasons, ["SecretNotFound", "ProviderAvailable"]);
});

Deno.test("a quiet class is written every ten minutes at most, whatever time passes", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, "one");
  await world.putClass(heldClass);
  const { reconcile } = start(world);
  await reconcile();
  let writes = 0;
  world.server.addHook({
    before: (request) => void (isWrite("patch", "gpunodeclasses/status")(request) && writes++),
  });
  for (let minute = 0; minute < 30; minute++) {
    await reconcile();
    await world.clock.advance(60_000);
  }
  assert.equal(writes, 2);
});

Deno.test("a key of another account is not taken while machines run, also after a restart", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, "one");
  await world.putClass(heldClass);
  await world.putClaim(launched);
  const first = start(world);
  await first.reconcile();
  assert.equal(status(world).providers?.[0]?.reason, "Pending");
  await first.reconcile();
  // No key was on record, so the first one has to know the machine as well.
  assert.equal(status(world).providers?.[0]?.reason, "AccountChanged");
  await world.kube.patch(nodeClasses, { name: "default" }, {
    status: {
      providers: [{
        name: "lambda",
        provider: "lambda",
        available: true,
        reason: "Ready",
        message: "",
        fingerprintInUse: fingerprintOf("one"),
      }],
    },
  }, { subresource: "status" });
  await first.reconcile();
  assert.equal(first.accounts.get("default", "lambda")?.fingerprint, fingerprintOf("one"));

  await setKey(world, "two");
  const second = start(world);
  for (let pass = 0; pass < 3; pass++) await second.reconcile();
  assert.equal(second.accounts.list().length, 0);
  const [refused] = status(world).providers ?? [];
  assert.equal(refused?.reason, "AccountChanged");
  assert.equal(refused?.credentialFingerprint, fingerprintOf("two"), "the message is about it");
  assert.equal(refused?.fingerprintInUse, fingerprintOf("one"));
  const third = start(world);
  for (let pass = 0; pass < 3; pass++) await third.reconcile();
  assert.equal(third.accounts.list().length, 0, "shown is not proven");
  await setKey(world, "one");
  await second.reconcile();
  assert.equal(second.accounts.get("default", "lambda")?.fingerprint, fingerprintOf("one"));
});

Deno.test("a disabled entry stops buying even when its Secret is gone", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, "one");
  await world.putClass(heldClass);
  const { reconcile, accounts } = start(world);
  await reconcile();
  await world.kube.delete(secrets, { name: "lambda-key", namespace: testNamespace });
  await setProviders(world, [buildEntry({ enabled: false })]);
  await reconcile();
  assert.equal(accounts.get("default", "lambda")?.entry?.enabled, false);
});

for (const [what, claim] of [["a machine", launched], ["an open order", unknown]] as const) {
  Deno.test(`an entry that is taken out keeps its client while there is ${what}`, async () => {
    using world = await ControllerWorld.create();
    await putSecret(world, "one");
    await world.putClass(heldClass);
    const { reconcile, accounts } = start(world);
    await reconcile();
    await world.putClaim(claim);
    await setProviders(world, [buildEntry({ name: "second", provider: "lambda" })]);
    for (let pass = 0; pass < 4; pass++) {
      await reconcile();
      await world.clock.advance(60_000);
    }
    assert.ok(accounts.get("default", "lambda"));
    await world.kube.patch(nodeClaims, { name: claim.metadata.name }, {
      metadata: { finalizers: [] },
    });
    await world.kube.delete(nodeClaims, { name: claim.metadata.name });
    await reconcile();
    await world.clock.advance(60_000);
    await reconcile();
    assert.equal(accounts.get("default", "lambda"), undefined);
  });
}

Deno.test("a class that is deleted stays, with its accounts, until its claims are gone", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, "one");
  const known = {
    providers: [{
      name: "lambda",
      provider: "lambda",
      available: true,
      reason: "Ready",
      message: "",
      fingerprintInUse: fingerprintOf("one"),
    }],
  };
  await world.putClass({ ...heldClass, status: known });
  await world.putClaim(launched);
  await world.kube.delete(nodeClasses, { name: "default" });
  const { reconcile, accounts } = start(world);
  await reconcile();
  assert.ok(accounts.get("default", "lambda"), "the machine could not be ended");
  assert.deepEqual(world.reasons.filter((reason) => reason === "DeletionHeld"), ["DeletionHeld"]);
  await world.kube.patch(nodeClaims, { name: launched.metadata.name }, {
    metadata: { finalizers: [] },
  });
  await world.kube.delete(nodeClaims, { name: launched.metadata.name });
  await reconcile();
  assert.equal(await world.find(nodeClasses, "default"), undefined);
  assert.equal(accounts.list().length, 0);
});

Deno.test("a class that is held says so in an event once, and by name in its condition", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, "one");
  await world.putClass(heldClass);
  await world.putClaim(launched);
  await world.putPool(buildPool());
  await world.kube.delete(nodeClasses, { name: "default" });
  const { reconcile } = start(world);
  for (let pass = 0; pass < 30; pass++) {
    await reconcile();
    await world.clock.advance(60_000);
  }
  const told = world.notes.filter(({ reason }) => reason === "DeletionHeld");
  assert.equal(told.length, 1);
  assert.match(told[0]?.message ?? "", /tgp-abc123-gpu-aaaaaa.*pool gpu/);
  const ready = findCondition(status(world).conditions, "Ready");
  assert.equal(ready?.reason, "DeletionHeld");
  assert.equal(ready?.message, told[0]?.message);
});

Deno.test("a class that only pools refer to goes at once", async () => {
  using world = await ControllerWorld.create();
  await world.putClass(heldClass);
  await world.putPool(buildPool());
  await world.kube.delete(nodeClasses, { name: "default" });
  await start(world).reconcile();
  assert.equal(await world.find(nodeClasses, "default"), undefined);
  assert.deepEqual(world.reasons, []);
});

Deno.test("a claim that no cache shows yet holds its class", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, "one");
  await world.putClass(heldClass);
  await world.kube.delete(nodeClasses, { name: "default" });
  const { pass } = start(world);
  await world.sync();
  const claim = buildClaim({}, { metadata: { resourceVersion: undefined } });
  await world.kube.create(nodeClaims, z.encode(nodeClaimSchema, claim));
  await pass();
  assert.ok(await world.find(nodeClasses, "default"));
});

Deno.test("a class that was taken away by force leaves its machines a client, also after a restart", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, "one");
  const order = buildLaunch({ entry: buildEntry(), credentialFingerprint: fingerprintOf("one") });
  await world.putClaim(
    buildClaim({ launch: order, instanceID: "i-1" }, { metadata: { finalizers } }),
  );
  const { reconcile, accounts, followed } = start(world);
  await reconcile();
  const account = accounts.get("default", "lambda");
  assert.ok(account, "the machine could not be ended");
  assert.equal(account.entry, undefined, "and nothing is bought");
  assert.deepEqual(followed.get("default"), []);
  await world.kube.patch(nodeClaims, { name: launched.metadata.name }, {
    metadata: { finalizers: [] },
  });
  await world.kube.delete(nodeClaims, { name: launched.metadata.name });
  for (let pass = 0; pass < 3; pass++) {
    await reconcile();
    await world.clock.advance(60_000);
  }
  assert.equal(accounts.list().length, 0);
  assert.deepEqual(await reconcile(), { kind: "awaitChange" });
});

Deno.test("Secrets that a class refers to are watched, but for those in namespaces that are not allowed", async () => {
  using world = await ControllerWorld.create();
  const providers = [
    buildEntry(),
    buildEntry({
      name: "theirs",
      provider: "lambda",
      credentialsRef: { name: "theirs", key: "apiKey", namespace: "kube-system" },
    }),
  ];
  await world.putClass({ ...heldClass, spec: { ...heldClass.spec, providers } });
  const { reconcile, followed } = start(world);
  await reconcile();
  assert.deepEqual(followed.get("default"), ["tgp-system/lambda-key"]);
});

Deno.test("a vendor whose words change with every answer has them written once a minute", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, "one");
  await world.putClass(heldClass);
  const { reconcile, accounts } = start(world);
  await reconcile();
  let writes = 0;
  world.server.addHook({
    before: (request) => void (isWrite("patch", "gpunodeclasses/status")(request) && writes++),
  });
  const account = accounts.get("default", "lambda");
  assert.ok(account);
  for (let answer = 0; answer < 60; answer++) {
    account.problem = { reason: "ProviderUnreachable", message: `no answer, request ${answer}` };
    await reconcile();
    await world.clock.advance(10_000);
  }
  assert.ok(writes >= 9 && writes <= 11, String(writes));
});

Deno.test("a class whose status somebody else wrote meanwhile is written in the next pass", async () => {
  using world = await ControllerWorld.create();
  await world.putClass(heldClass);
  const { reconcile } = start(world);
  world.onceBefore(isWrite("patch", "gpunodeclasses/status"), async () => {
    await world.kube.patch(nodeClasses, { name: "default" }, { metadata: { labels: { a: "b" } } });
  });
  await assert.rejects(reconcile(), { reason: "Conflict" });
  await reconcile();
  assert.equal(status(world).providers?.[0]?.reason, "SecretNotFound");
});

Deno.test("a key that is rotated to a wrong one is told of by its own fingerprint, and buying stops", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, "one");
  await world.putClass(heldClass);
  const wrong = start(world, (provider) => {
    provider.credentials = providerError("unauthorized", "wrong key");
  });
  await wrong.reconcile();
  await setKey(world, "two");
  for (let pass = 0; pass < 2; pass++) await wrong.reconcile();
  const [shown] = status(world).providers ?? [];
  assert.deepEqual([shown?.reason, shown?.message], ["CredentialsRejected", "wrong key"]);
  assert.equal(shown?.credentialFingerprint, fingerprintOf("two"));
  assert.equal(shown?.fingerprintInUse, fingerprintOf("one"));
  assert.equal(wrong.accounts.get("default", "lambda")?.fingerprint, fingerprintOf("one"));
});

Deno.test("an account that vendors tell apart is recognized by its identity, also after a restart", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, "two");
  const known = {
    providers: [{
      name: "lambda",
      provider: "lambda",
      available: true,
      reason: "Ready",
      message: "",
      fingerprintInUse: fingerprintOf("one"),
      account: "team-a",
    }],
  };
  await world.putClass({ ...heldClass, status: known });
  await world.putClaim(launched);
  const other = start(world, (provider) => provider.credentials = "team-b");
  for (let pass = 0; pass < 2; pass++) await other.reconcile();
  assert.equal(other.accounts.list().length, 0);
  assert.match(status(world).providers?.[0]?.message ?? "", /"team-b".*"team-a"/);
  assert.equal(status(world).providers?.[0]?.account, "team-a");
  const same = start(world, (provider) => provider.credentials = "team-a");
  for (let pass = 0; pass < 2; pass++) await same.reconcile();
  assert.equal(same.accounts.get("default", "lambda")?.fingerprint, fingerprintOf("two"));
});

Deno.test("an account whose vendor does not answer holds up no other of its class", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, "one");
  const second = { name: "second", provider: "lambda" };
  const providers = [
    buildEntry(),
    buildEntry({ ...second, credentialsRef: { name: "lambda-key", key: "second" } }),
  ];
  const known = {
    providers: [{
      name: "lambda",
      provider: "lambda",
      available: true,
      reason: "Ready",
      message: "",
      fingerprintInUse: fingerprintOf("zero"),
    }],
  };
  await world.putClass({ ...heldClass, spec: { ...heldClass.spec, providers }, status: known });
  await world.putClaim(launched);
  const { reconcile, accounts } = start(world, (provider) => {
    if (provider.account === "lambda") provider.verifyCredentials = () => new Promise(() => {});
  });
  await reconcile();
  assert.deepEqual(accounts.list().map(({ name }) => name), ["second"]);
  assert.equal(status(world).providers?.[0]?.reason, "Pending");
});

Deno.test("a breaker that opens and closes is written; one that is being tried is not", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, "one");
  await world.putClass(heldClass);
  const { reconcile, providers } = start(world);
  await reconcile();
  const [provider] = providers;
  assert.ok(provider);
  let writes = 0;
  world.server.addHook({
    before: (request) => void (isWrite("patch", "gpunodeclasses/status")(request) && writes++),
  });
  const operation = "launchInstance";
  for (const state of ["open", "half-open", "open", "half-open"] as const) {
    provider.breakers = [{ operation, state }];
    await reconcile();
  }
  assert.equal(writes, 1);
  assert.deepEqual(status(world).providers?.[0]?.breakers, [{ operation, state: "Open" }]);
  provider.breakers = [];
  await reconcile();
  assert.equal(writes, 2);
  assert.equal(status(world).providers?.[0]?.breakers, undefined);
});
