import assert from "node:assert/strict";
import { Accounts } from "../../../controller/accounts/accounts.ts";
import { ClassAccounts } from "../../../controller/node_class/class_accounts.ts";
import { secrets } from "../../../kube/resource.ts";
import type { Secret } from "../../../schemas/kubernetes.ts";
import type { ProviderEntry } from "../../../schemas/node_class.ts";
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
  const accounts = new Accounts({
    clock: world.clock,
    createProvider: (entry) => new ScriptedProvider(entry.name),
    createPoller: () => ({ run: () => Promise.resolve(), poke: () => {} }),
    loadStock: () => Promise.resolve(new Map()),
    loadOffers: () => Promise.resolve([]),
    onTried: () => {},
  });
  const scope = { namespace: testNamespace, allowedNamespaces: [] };
  const { kube, claims } = world;
  return { accounts, classAccounts: new ClassAccounts({ kube, claims, accounts, scope }) };
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
