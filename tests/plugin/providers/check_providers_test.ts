import assert from "node:assert/strict";
import { checkNames } from "../../../plugin/providers/account_check.ts";
import { fingerprintOf } from "../../../providers/api_key.ts";
import { findRegistration, providerNames } from "../../../providers/registry.ts";
import { cloudNames, PluginClouds } from "../../support/plugin_clouds.ts";
import { PluginHarness, type PluginResult } from "../../support/plugin_harness.ts";
import { createClassOf, createSecret } from "../../support/plugin_objects.ts";

async function withClouds(
  run: (clouds: PluginClouds, plugin: PluginHarness) => Promise<void>,
): Promise<void> {
  await using plugin = await PluginHarness.create();
  const clouds = new PluginClouds(plugin);
  await run(clouds, plugin);
  assert.equal(plugin.openConnections, 0);
  assert.equal(plugin.clock.sleeping, 0, "something still waits");
}

interface Item {
  readonly account: string;
  readonly passed: boolean;
  readonly checks: readonly { check: string; state: string; message: string }[];
}

/** `lambda identity` ↦ state. */
function statesOf({ stdout }: PluginResult): ReadonlyMap<string, string> {
  const items: readonly Item[] = JSON.parse(stdout).items;
  return new Map(
    items.flatMap(({ account, checks }) =>
      checks.map(({ check, state }) => [`${account} ${check}`, state] as const)
    ),
  );
}

function assertSilent({ stdout, stderr }: PluginResult, keys: Iterable<string>): void {
  for (const key of keys) assert.ok(!`${stdout}${stderr}`.includes(key), "the key was printed");
}

Deno.test("providers check proves the keys in the Secrets that classes refer to", () =>
  withClouds(async (clouds) => {
    await clouds.createClass();
    const result = await clouds.run("providers check");
    assert.deepEqual([result.code, result.stderr], [0, ""]);
    const lines = result.stdout.trimEnd().split("\n");
    assert.match(lines[0] ?? "", /^ACCOUNT +CHECK +RESULT +DETAIL$/);
    assert.equal(lines.length, 1 + cloudNames.length * checkNames.length);
    for (const name of cloudNames) {
      const key = clouds.keys.get(name) ?? "";
      const line = (check: string) =>
        lines.find((text) => new RegExp(`^default/${name} +${check} `).test(text)) ?? "";
      const told = `${fingerprintOf(key)}, from Secret tgp-system/cloud-keys, key ${name}`;
      assert.match(line("key"), new RegExp(` ok +${told}$`));
      assert.match(line("identity"), / ok +(the key is accepted|account \S+)$/);
      assert.match(line("list"), / ok +0 machines in the account$/);
      assert.match(line("launch"), / (ok|unknown) +\S/);
    }
    assertSilent(result, clouds.keys.values());
  }));

Deno.test("providers check --local proves the keys in the environment, without a cluster", async () => {
  await using plugin = await PluginHarness.create({ installed: false });
  const clouds = new PluginClouds(plugin);
  const result = await clouds.run("providers check --local -o json");
  assert.equal(result.code, 0, result.stdout);
  const states = statesOf(result);
  for (const name of cloudNames) {
    assert.equal(states.get(`${name} identity`), "ok");
    const { apiKeyVariable, blockRequired } = findRegistration(
      providerNames.find((known) => known === name) ?? assert.fail(name),
    );
    if (blockRequired) assert.equal(states.get(`${name} launch`), "unknown");
    assert.ok(result.stdout.includes(`from ${apiKeyVariable}`));
  }
  assert.equal(plugin.lastFlags, undefined);
  assertSilent(result, clouds.keys.values());
});

Deno.test("providers check -o json has the names that scripts were promised", () =>
  withClouds(async (clouds) => {
    await clouds.createClass();
    const { stdout } = await clouds.run("providers check lambda -o json");
    const { kind, apiVersion, items } = JSON.parse(stdout);
    assert.deepEqual([apiVersion, kind, items.length], [
      "plugin.tgp.io/v1",
      "ProviderCheckList",
      1,
    ]);
    const { checks, ...account } = items[0];
    assert.deepEqual(account, {
      class: "default",
      account: "lambda",
      provider: "lambda",
      credentialFingerprint: fingerprintOf(clouds.keys.get("lambda") ?? ""),
      identity: null,
      passed: true,
    });
    assert.deepEqual(checks.map(({ check }: { check: string }) => check), checkNames);
    assert.deepEqual(Object.keys(checks[0]), ["check", "state", "message"]);
    assert.match(
      (await clouds.run("providers check -o yaml")).stdout,
      /^kind: ProviderCheckList$/m,
    );
  }));

for (const name of cloudNames) {
  Deno.test(`providers check of a key that ${name} rejects fails, says where to mend it, and asks no more`, () =>
    withClouds(async (clouds) => {
      clouds.keys.set(name, "canary_wrong_key_0123456789");
      await clouds.createClass();
      const result = await clouds.run("providers check");
      assert.equal(result.code, 3, result.stdout);
      assert.match(result.stdout, new RegExp(`^default/${name} +identity +FAIL +\\S`, "m"));
      assert.match(
        result.stdout,
        new RegExp(`; put a working key into Secret tgp-system/cloud-keys, key ${name}$`, "m"),
      );
      assert.match(result.stdout, new RegExp(`^default/${name} +list +unknown +not tried$`, "m"));
      assert.match(result.stderr, /^1 of \d accounts? failed a check$/m);
      for (const other of cloudNames.filter((cloud) => cloud !== name)) {
        assert.match(result.stdout, new RegExp(`^default/${other} +identity +ok `, "m"));
      }
      assertSilent(result, clouds.keys.values());
    }));

  Deno.test(`providers check ends within the call timeout while ${name} hangs, and delays no other`, () =>
    withClouds(async (clouds, plugin) => {
      clouds.hanging.add(name);
      const start = plugin.clock.now();
      const result = await clouds.run("providers check --local -o json");
      assert.equal(result.code, 3);
      assert.ok(plugin.clock.now() - start <= 31_000, `${plugin.clock.now() - start}`);
      const states = statesOf(result);
      for (const cloud of cloudNames) {
        assert.equal(states.get(`${cloud} identity`), cloud === name ? "fail" : "ok");
      }
      assert.match(result.stdout, /no complete answer within 30s; check the network, or TGP_/);
    }));
}

Deno.test("providers check tells a wrong setting from a wrong key", async () => {
  await using plugin = await PluginHarness.create();
  const clouds = new PluginClouds(plugin);
  await clouds.createClass();
  await createClassOf(plugin.kube, "other", [{
    name: "second",
    provider: "lambda",
    credentialsRef: { name: "cloud-keys", key: "lambda" },
    lambda: { sshKeyName: "nobody" },
  }]);
  const result = await clouds.run("providers check other -o json");
  assert.equal(result.code, 3);
  const states = statesOf(result);
  assert.equal(states.get("second identity"), "ok");
  assert.equal(states.get("second launch"), "fail");
  assert.equal(states.get("second list"), "ok");
  assert.match(result.stdout, /SSH key \\"nobody\\" does not exist/);
});

Deno.test("providers check says which key the controller uses, and of which account", () =>
  withClouds(async (clouds) => {
    await clouds.createClass({
      providers: [{
        name: "lambda",
        provider: "lambda",
        available: true,
        reason: "Ready",
        message: "",
        credentialFingerprint: "0123456789ab",
      }],
    });
    const { code, stdout } = await clouds.run("providers check lambda");
    assert.equal(code, 0);
    assert.match(stdout, /key +warn +\w{12}, from .*; the controller uses 0123456789ab until /);
  }));

Deno.test("providers check explains every way in which a key cannot be read", async () => {
  await using plugin = await PluginHarness.create();
  const clouds = new PluginClouds(plugin);
  await createSecret(plugin.kube, "cloud-keys", {
    empty: " \n",
    broken: "canary\nkey",
    spaced: "a_key\n",
  });
  const account = (name: string, ref: Record<string, string> = {}) => ({
    name,
    provider: "lambda",
    credentialsRef: { name: "cloud-keys", key: name, ...ref },
    lambda: { sshKeyName: "tgp" },
  });
  await createClassOf(plugin.kube, "default", [
    account("empty"),
    account("broken"),
    account("spaced"),
    account("absent"),
    account("lost", { name: "other", namespace: "elsewhere" }),
  ]);
  const { code, stdout, stderr } = await clouds.run("providers check");
  assert.equal(code, 3);
  const says: readonly (readonly [string, RegExp])[] = [
    ["empty", /key +FAIL +Secret tgp-system\/cloud-keys, key empty: the API key is empty/],
    ["broken", /key +FAIL +.*line break at character 7 of 10/],
    ["spaced", /key +ok /],
    ["absent", /key +FAIL +.*has no key "absent": add it, or .* \(broken, empty, spaced\)/],
    ["lost", /key +FAIL +Secret elsewhere\/other does not exist/],
  ];
  for (const [name, text] of says) {
    const line = stdout.split("\n").find((one) => one.startsWith(`default/${name} `)) ?? "";
    assert.match(line, text);
  }
  assert.match(stderr, /^5 of 5 accounts failed a check$/m);
  assert.ok(!`${stdout}${stderr}`.includes("canary"));
});

Deno.test("providers check without the right to read Secrets says what to ask for: status 5", () =>
  withClouds(async (clouds, plugin) => {
    await clouds.createClass();
    plugin.forbidden.add("secrets");
    const { code, stdout } = await clouds.run("providers check");
    assert.equal(code, 5);
    assert.match(
      stdout,
      /key +FAIL +you may not read Secret tgp-system\/cloud-keys: ask for get on it, or check the/,
    );
    plugin.forbidden.add("gpunodeclasses");
    const refused = await clouds.run("providers check");
    assert.deepEqual([refused.code, refused.stdout], [5, ""]);
    assert.match(refused.stderr, /Ask for the ClusterRole tgp-viewer/);
  }));

Deno.test("providers check names what cannot be checked at all", async () => {
  await using plugin = await PluginHarness.create();
  const clouds = new PluginClouds(plugin);
  assert.match((await clouds.run("providers check")).stderr, /^No accounts: .*--local/);
  await clouds.createClass();
  await createClassOf(plugin.kube, "odd", [
    { name: "nocloud", credentialsRef: { name: "cloud-keys", key: "lambda" } },
  ]);
  const { code, stdout } = await clouds.run("providers check odd");
  assert.equal(code, 3);
  assert.match(stdout, /^odd\/nocloud +identity +FAIL +unsupported provider: nocloud$/m);
  assert.equal((await clouds.run("providers check nobody")).code, 1);
  const local = await clouds.run("providers check --local nobody");
  assert.equal(local.code, 2);
  assert.match(local.stderr, /there is no API key for "nobody" in the environment: only lambda/);
});

Deno.test("providers check fits 80 columns; sentences go on below themselves", () =>
  withClouds(async (clouds) => {
    await clouds.createClass();
    const { stdout } = await clouds.run("providers check", { columns: 80 });
    for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
    assert.match(stdout, /^ACCOUNT +CHECK +RESULT +DETAIL$/m);
  }));
