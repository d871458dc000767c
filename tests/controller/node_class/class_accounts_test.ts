import assert from "node:assert/strict";
import { Accounts } from "../../../controller/accounts/accounts.ts";
import { ClassAccounts } from "../../../controller/node_class/class_accounts.ts";
import { secrets } from "../../../kube/resource.ts";
import { nodeClaims } from "../../../kube/tgp_resources.ts";
import type { Secret } from "../../../schemas/kubernetes.ts";
import type { ProviderEntry } from "../../../schemas/node_class.ts";
import { buildClaim, buildLaunch } from "../../support/controller_builders.ts";
import { ControllerWorld, never, testNamespace } from "../../support/controller_world.ts";
import { buildEntry, ScriptedProvider } from "../../support/scripted_provider.ts";

/** Two keys in one Secret, and accounts that do not poll. */
async function start(world: ControllerWorld) {
  const secret: Secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "lambda-key", namespace: testNamespace },
    data: { apiKey: btoa("one") },
  };
  await world.kube.create(secrets, secret);
  /** What is asked of the clients, by the signal that ends it. */
  const tried: AbortSignal[] = [];
  const accounts = new Accounts({
    clock: world.clock,
    metrics: world.metrics,
    createProvider: ({ entry }) => {
      const provider = new ScriptedProvider(entry.name);
      provider.verifyCredentials = (signal?: AbortSignal) => {
        if (signal) tried.push(signal);
        return new Promise(() => {});
      };
      return provider;
    },
    createPoller: () => ({ run: () => Promise.resolve(), poke: () => {} }),
    loadStock: () => Promise.resolve(new Map()),
    loadOffers: () => Promise.resolve([]),
    onTried: () => {},
  });
  const scope = { namespace: testNamespace, allowedNamespaces: [] };
  const { kube, claims } = world;
  return { accounts, tried, classAccounts: new ClassAccounts({ kube, claims, accounts, scope }) };
}

const badEntries: readonly (readonly [string, ProviderEntry, RegExp])[] = [
  [
    "a cloud that there is not",
    buildEntry({ name: "bad", provider: "nimbus" }),
    /^unsupported provider: nimbus$/,
  ],
  [
    "no block where its cloud asks for one",
    { name: "bad", provider: "lambda", credentialsRef: { name: "lambda-key", key: "apiKey" } },
    /^spec\.providers\[name=bad\]\.lambda is missing/,
  ],
  [
    "a Secret that there is not",
    buildEntry({ name: "bad", provider: "lambda", credentialsRef: { name: "gone", key: "a" } }),
    /^failed to get credential secret tgp-system\/gone: /,
  ],
];

for (const [what, entry, message] of badEntries) {
  Deno.test(`an entry with ${what} is named, beside one that works`, async () => {
    using world = await ControllerWorld.create();
    const { accounts, classAccounts } = await start(world);
    const of = { name: "default", entries: [entry, buildEntry()], known: [] };
    const [bad, good] = await classAccounts.update(of, never);
    assert.match(bad?.problem?.message ?? "", message);
    assert.equal(bad?.account, undefined);
    assert.equal(good?.problem, undefined);
    assert.deepEqual(accounts.list().map(({ name }) => name), ["lambda"]);
  });
}

Deno.test("an entry says whether it may buy, with a client or without", async () => {
  using world = await ControllerWorld.create();
  const { classAccounts } = await start(world);
  const entries = [
    buildEntry({ enabled: false }),
    buildEntry({ name: "bad", provider: "nimbus", enabled: false }),
    buildEntry({ name: "good", provider: "lambda" }),
  ];
  const findings = await classAccounts.update({ name: "default", entries, known: [] }, never);
  assert.deepEqual(findings.map(({ enabled }) => enabled), [false, false, true]);
});

const entry = buildEntry();

/** What the class says of an account that was used with another key before the controller started. */
const known = [{
  name: "lambda",
  provider: "lambda",
  available: true,
  reason: "Ready",
  message: "",
  fingerprintInUse: "0",
}];

/** A new key on trial, since the machine of a claim hangs on its account, which has no client. */
async function startTrial(world: ControllerWorld) {
  const { classAccounts, tried } = await start(world);
  await world.putClaim(buildClaim({ instanceID: "i-1", launch: buildLaunch({ entry }) }));
  const update = (entries: readonly ProviderEntry[]) =>
    classAccounts.update({ name: "default", entries, known }, never);
  const [finding] = await update([entry]);
  assert.equal(finding?.problem?.reason, "Pending");
  await world.clock.settle();
  const [signal] = tried;
  assert.equal(signal?.aborted, false);
  return { signal, update };
}

Deno.test("the trial of a key goes on for a claim whose entry the class no longer lists", async () => {
  using world = await ControllerWorld.create();
  const { signal, update } = await startTrial(world);
  await update([]);
  assert.equal(signal?.aborted, false);
});

Deno.test("the trial of a key ends with the last that names its account", async () => {
  using world = await ControllerWorld.create();
  const { signal, update } = await startTrial(world);
  await world.kube.delete(nodeClaims, buildClaim().metadata);
  await world.sync();
  await update([]);
  assert.equal(signal?.aborted, true);
});

Deno.test("the trial of a key ends when its Secret goes", async () => {
  using world = await ControllerWorld.create();
  const { signal, update } = await startTrial(world);
  await world.kube.delete(secrets, { name: "lambda-key", namespace: testNamespace });
  const [finding] = await update([entry]);
  assert.equal(finding?.problem?.reason, "SecretNotFound");
  assert.equal(signal?.aborted, true);
});
