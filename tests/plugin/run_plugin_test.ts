import assert from "node:assert/strict";
import { KubeconfigError, KubeTimeoutError } from "../../kube/errors.ts";
import { KubeError } from "../../kube/kube.ts";
import { commands } from "../../plugin/commands.ts";
import { exitCodeMeanings } from "../../plugin/exit_code.ts";
import { globalFlags } from "../../plugin/global_flags.ts";
import { pluginVersion } from "../../plugin/version_number.ts";
import { PluginHarness } from "../support/plugin_harness.ts";

async function withHarness(run: (plugin: PluginHarness) => Promise<void>): Promise<void> {
  await using plugin = await PluginHarness.create();
  await run(plugin);
  assert.equal(plugin.openConnections, 0, "a connection was left open");
}

for (const words of ["", "help", "--help", "-h", "--context prod --help"]) {
  Deno.test(`runPlugin("${words}") prints every command and exit status`, () =>
    withHarness(async (plugin) => {
      const { code, stdout, stderr } = await plugin.run(words);
      assert.equal(code, 0);
      assert.equal(stderr, "");
      for (const { path, brief } of commands) {
        assert.match(stdout, new RegExp(`^  ${path.join(" ")} +${brief}$`, "m"));
      }
      for (const [status, meaning] of exitCodeMeanings) {
        assert.ok(stdout.includes(`  ${status}   ${meaning}\n`));
      }
      for (const line of stdout.split("\n").filter((text) => text.startsWith("  "))) {
        assert.ok(line.length <= 80, line);
      }
    }));
}

for (const command of commands) {
  const name = command.path.join(" ");
  Deno.test(`runPlugin("${name} --help") explains the command, and asks no cluster`, () =>
    withHarness(async (plugin) => {
      const results = [await plugin.run(`${name} --help`), await plugin.run(`help ${name}`)];
      for (const { code, stdout, stderr } of results) {
        assert.deepEqual([code, stderr], [0, ""]);
        assert.ok(stdout.startsWith(`${command.brief}.\n`));
        assert.match(stdout, new RegExp(`\n\nUsage:\n  kubectl tgp ${name}`));
        for (const { words } of command.examples) {
          assert.ok(stdout.includes(`\n  kubectl tgp ${words}\n`));
        }
      }
      assert.equal(plugin.lastFlags, undefined);
    }));

  Deno.test(`the examples of "${name}" are accepted`, () =>
    withHarness(async (plugin) => {
      for (const { words } of command.examples) {
        const { code, stderr } = await plugin.run(words);
        // There is no offer, key or pool here: that may fail, but not for the words.
        const excused = /needs an API key|stdin is no terminal/.test(stderr);
        assert.ok(code !== 2 || excused, `${words}: ${stderr}`);
      }
    }));
}

const mistakes: readonly (readonly [words: string, says: RegExp])[] = [
  ["ofers", /^error: unknown command "ofers" for "kubectl tgp": did you mean "offers"\?\n/],
  ["nothing-like-it", /^error: unknown command "nothing-like-it" for "kubectl tgp"\n/],
  [
    "offers --provder lambda",
    /^error: No flag registered for --provder, did you mean --provider\?/,
  ],
  ["offers H100 A100", /^error: Too many arguments/],
  [
    "offers -o xml",
    /^error: unknown output format "xml": -o takes table, wide, json, yaml, name\n/,
  ],
  [
    "offers --limit many",
    /^error: invalid argument "many" for --limit: write a number; 0 is all\n/,
  ],
  ["offers --sort-by luck", /^error: invalid argument "luck" for --sort-by: it takes effective, /],
  ["offers --price cheap", /^error: invalid argument "cheap" for --price: write a range such as /],
  ["pools describe", /^error: Expected argument for NAME\n/],
  ["claims --context", /^error: flag needs an argument: --context\n/],
  [
    "claims --insecure-skip-tls-verify=perhaps",
    /^error: invalid argument "perhaps" for --insecure/,
  ],
  ["version -o table", /^error: unknown output format "table": -o takes text, json, yaml\n/],
];

for (const [words, says] of mistakes) {
  Deno.test(`runPlugin("${words}") is wrong usage: status 2, one message, nothing on stdout`, () =>
    withHarness(async (plugin) => {
      const { code, stdout, stderr } = await plugin.run(words);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, /\n {4}at /);
    }));
}

const failures: readonly {
  readonly error: Error;
  readonly code: number;
  readonly says: RegExp;
}[] = [
  {
    error: new KubeError(403, 'gpunodepools.tgp.io is forbidden: User "jane" cannot list'),
    code: 5,
    says: /^error: gpunodepools\.tgp\.io is forbidden.*\n +Ask for the ClusterRole tgp-viewer/,
  },
  { error: new KubeError(401, "Unauthorized"), code: 5, says: /^error: Unauthorized\n +.*log in/ },
  { error: new KubeError(500, "etcd is down"), code: 1, says: /^error: etcd is down\n$/ },
  {
    error: new KubeconfigError('Cannot read kubeconfig "/x": not valid YAML'),
    code: 1,
    says: /^error: Cannot read kubeconfig "\/x": not valid YAML\n +Without a cluster: /,
  },
  { error: new KubeTimeoutError("No answer in 5s"), code: 1, says: /^error: No answer in 5s\n$/ },
  { error: new TypeError("first\n  second"), code: 1, says: /^error: first; second\n$/ },
];

for (const { error, code, says } of failures) {
  Deno.test(`runPlugin() explains a ${error.name} "${error.message}"`, () =>
    withHarness(async (plugin) => {
      plugin.connectError = error;
      const result = await plugin.run("pools");
      assert.deepEqual([result.code, result.stdout], [code, ""]);
      assert.match(result.stderr, says);
      assert.doesNotMatch(result.stderr, /\n {4}at /);
    }));
}

Deno.test("runPlugin() takes kubectl's flags anywhere after tgp", () =>
  withHarness(async (plugin) => {
    for (
      const words of [
        "--context prod --as=jane -n ml --as-group a --as-group b pools",
        "pools --context=prod -n=ml --as jane --as-group=a --as-group b",
        "pools -nml --as jane -o json --as-group a --context prod --as-group b",
      ]
    ) {
      const { code, stderr } = await plugin.run(words);
      assert.equal(code, 0, stderr);
      assert.deepEqual({ ...plugin.lastFlags }, {
        context: "prod",
        as: "jane",
        namespace: "ml",
        asGroup: ["a", "b"],
      });
    }
  }));

Deno.test("runPlugin() knows singular nouns and what kubectl's users type without thinking", () =>
  withHarness(async (plugin) => {
    for (const words of ["pool", "get pools", "get pool"]) {
      assert.match((await plugin.run(words)).stderr, /^No pools/);
    }
    assert.match((await plugin.run("claim")).stderr, /^No claims/);
  }));

Deno.test("runPlugin() says what to install where the cluster does not know the kinds", async () => {
  await using plugin = await PluginHarness.create({ installed: false });
  for (const words of ["pools", "claims"]) {
    const { code, stderr } = await plugin.run(words);
    assert.equal(code, 1);
    assert.match(stderr, /^error: the cluster has no resource gpunode.*\.tgp\.io\n +Install TGP: /);
  }
});

Deno.test("version prints what deno.json says, and asks the cluster only if it should", () =>
  withHarness(async (plugin) => {
    const config = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
    assert.equal(pluginVersion, config.version);
    const alone = await plugin.run("version --client");
    assert.deepEqual([alone.code, alone.stdout], [0, `Client Version: v${pluginVersion}\n`]);
    assert.equal(plugin.lastFlags, undefined);
    const both = JSON.parse((await plugin.run("version -ojson")).stdout);
    assert.equal(both.clientVersion.version, `v${pluginVersion}`);
    assert.match(both.serverVersion.kubernetes, /^v1\./);
  }));

Deno.test("version without a cluster prints what it knows, and why it knows no more", () =>
  withHarness(async (plugin) => {
    plugin.connectError = new KubeconfigError("No cluster is configured");
    const { code, stdout, stderr } = await plugin.run("version");
    assert.deepEqual([code, stdout], [0, `Client Version: v${pluginVersion}\n`]);
    assert.equal(stderr, "Server Version: unknown: No cluster is configured\n");
    const { serverVersion, clientVersion } = JSON.parse(
      (await plugin.run("version -ojson")).stdout,
    );
    assert.equal(serverVersion, undefined);
    assert.equal(clientVersion.version, `v${pluginVersion}`);
  }));

Deno.test("version waits ten seconds for a cluster that does not answer", () =>
  withHarness(async (plugin) => {
    plugin.hanging = true;
    const running = plugin.run("version");
    await plugin.clock.advance(11_000);
    const { code, stderr } = await running;
    assert.equal(code, 0);
    assert.equal(stderr, "Server Version: unknown: no answer within 10s\n");
    assert.equal(plugin.clock.sleeping, 0);
  }));

Deno.test("options prints every flag that every command takes", () =>
  withHarness(async (plugin) => {
    const { stdout } = await plugin.run("options");
    for (const { name } of globalFlags) assert.ok(stdout.includes(`--${name}=`), name);
    assert.match(stdout, /^ {4}-n, --namespace='':$/m);
  }));
