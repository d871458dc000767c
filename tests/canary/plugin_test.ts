/**
 * Every command of the plugin in every format, with keys in the environment and in Secrets, before clouds
 * that work, refuse, hang, and repeat what they were sent: no key is printed.
 *
 * @module
 */

import assert from "node:assert/strict";
import { commands } from "../../plugin/commands.ts";
import { findRegistration, providerNames } from "../../providers/registry.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { simulatedClouds } from "../../sim/clouds/registry.ts";
import { createInProcessFetch } from "../../sim/in_process_fetch.ts";
import type { FakeClock } from "../support/fake_clock.ts";
import { findLeaks } from "../support/leaks.ts";
import { PluginHarness, type PluginResult } from "../support/plugin_harness.ts";
import { createClassOf, createPool, createSecret } from "../support/plugin_objects.ts";
import { readRecordedEntries } from "../support/recordings.ts";
import { canaries, canaryKey, secondCanaryKey } from "./canaries.ts";
import { type Echo, echoes, readSecrets } from "./echoes.ts";

type Fetch = (request: Request) => Promise<Response>;

const flags = ["", "-o json", "-o yaml", "-o wide", "--local", "--local -o json", "--help"];

/** Enough of the shapes to meet each envelope and each way to cut. */
const shapes = echoes.filter((_, index) => index % 13 === 0);

/** A cluster whose only class has an account at every cloud. */
async function createCluster(): Promise<PluginHarness> {
  const plugin = await PluginHarness.create();
  const entries = await readRecordedEntries();
  const keys = Object.fromEntries(providerNames.map((name) => [name, canaryKey]));
  await createSecret(plugin.kube, "cloud-keys", keys);
  await createClassOf(
    plugin.kube,
    "default",
    providerNames.map((name) => ({
      ...entries.get(name),
      name,
      credentialsRef: { name: "cloud-keys", key: name },
    })),
  );
  await createPool(plugin.kube, "gpu");
  return plugin;
}

/** Every command with every flag; wrong combinations are refused, and must not repeat a key either. */
const lines: readonly string[] = commands.flatMap(({ path }) =>
  flags.map((flag) => `${path.join(" ")} ${flag}`)
);

/** Everything that all commands print. */
async function runAll(
  toFetch: (clock: FakeClock) => Fetch,
  key: string,
  words: readonly string[] = lines,
): Promise<string> {
  await using plugin = await createCluster();
  const fetch = toFetch(plugin.clock);
  const env = Object.fromEntries(providerNames.flatMap((name) => {
    const { apiKeyVariable, urlVariable } = findRegistration(name);
    return [[apiKeyVariable, key], [urlVariable, `http://${name}.test`]];
  }));
  const printed: string[] = [];
  for (const line of words) {
    let result: PluginResult | undefined;
    const running = plugin.run(line, { env, fetch }).then((done) => result = done);
    while (result === undefined) await plugin.clock.advance(500);
    await running;
    printed.push(result.stdout, result.stderr);
  }
  return printed.join("\n");
}

/** The clouds as they are, with one key that works. */
function reachClouds(clock: FakeClock): Fetch {
  const fetches = new Map(simulatedClouds.map(({ name, create }) => [
    `${name}.test`,
    createInProcessFetch(
      create({ clock, random: createSeededRandom(5), apiKeys: [canaryKey] }).handler,
    ),
  ]));
  return (request) =>
    fetches.get(new URL(request.url).hostname)?.(request) ??
      Promise.reject(new TypeError("no such cloud"));
}

function repeatWith({ answer }: Echo): Fetch {
  return async (request) => answer((await readSecrets(request))[0] ?? "");
}

Deno.test("no command prints a key that works", async () => {
  const printed = await runAll(reachClouds, canaryKey);
  for (const name of providerNames) assert.match(printed, new RegExp(`"provider": "${name}"`));
  assert.match(printed, /RTX-A4000-16GB/);
  assert.deepEqual(findLeaks(printed, canaries), []);
});

Deno.test("no command prints a key that is refused", async () => {
  const printed = await runAll(reachClouds, secondCanaryKey);
  assert.match(printed, /answered 401/);
  assert.deepEqual(findLeaks(printed, canaries), []);
});

Deno.test("no command prints a key that cannot be sent", async () => {
  const printed = await runAll(reachClouds, `${secondCanaryKey}\n`);
  assert.match(printed, /the API key has a line break/);
  assert.deepEqual(findLeaks(printed, canaries), []);
});

Deno.test("no command prints a key that a cloud repeats", async () => {
  const asking = lines.filter((line) =>
    /offers|check|instances|teardown/.test(line) && !line.includes("--help")
  );
  for (const echo of shapes) {
    const printed = await runAll(() => repeatWith(echo), canaryKey, asking);
    assert.deepEqual(findLeaks(printed, canaries), [], echo.name);
  }
});

Deno.test("no command prints the key of a cloud that does not answer", async () => {
  const hang: Fetch = ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const printed = await runAll(() => hang, canaryKey, [
    ...[
      "offers --local",
      "providers check",
      "instances",
      "instances --local",
      "teardown --local",
      "teardown --local --cluster abc123 --yes --timeout 5m",
    ],
  ]);
  assert.match(printed, /no complete answer/);
  assert.deepEqual(findLeaks(printed, canaries), []);
});

Deno.test("a key in place of a flag, a file or a name is nobody's output", async () => {
  await using plugin = await createCluster();
  for (const words of [["offers", "--local", "--api-key", canaryKey], ["offers", "--kubeconfig"]]) {
    const { stdout, stderr } = await plugin.runWords(words);
    assert.equal(stdout, "");
    assert.notEqual(stderr, "");
    assert.deepEqual(findLeaks(stdout + stderr, canaries), [], words.join(" "));
  }
});
