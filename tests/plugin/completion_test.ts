import assert from "node:assert/strict";
import { PluginHarness } from "../support/plugin_harness.ts";
import { providerNames } from "../../providers/registry.ts";
import { createClass, createPool } from "../support/plugin_objects.ts";

async function complete(
  plugin: PluginHarness,
  ...words: readonly string[]
): Promise<readonly string[]> {
  const { code, stdout, stderr } = await plugin.runWords(["__complete", ...words]);
  assert.deepEqual([code, stderr], [0, ""]);
  const lines = stdout.trimEnd().split("\n");
  assert.equal(lines.at(-1), ":4");
  return lines.slice(0, -1).map((line) => line.split("\t")[0] ?? "");
}

Deno.test("completion proposes commands, flags, formats and models without a cluster", async () => {
  await using plugin = await PluginHarness.create({ installed: false });
  assert.deepEqual(await complete(plugin, "of"), ["offers"]);
  assert.deepEqual(await complete(plugin, ""), [
    ...[
      "offers",
      "pools",
      "claims",
      "providers",
      "instances",
      "doctor",
      "teardown",
      "version",
      "options",
    ],
  ]);
  assert.deepEqual(await complete(plugin, "offers", "--so"), ["--sort-by"]);
  assert.deepEqual(await complete(plugin, "claims", "--cont"), [
    "--context",
    "--controller-namespace",
  ]);
  assert.deepEqual(await complete(plugin, "pools", "-o", "j"), ["json"]);
  assert.deepEqual(await complete(plugin, "offers", "--sort-by", "g"), ["gpu-price"]);
  assert.deepEqual(await complete(plugin, "offers", "--provider", ""), providerNames);
  assert.deepEqual(await complete(plugin, "providers", "check", "--local", "la"), ["lambda"]);
  assert.deepEqual(await complete(plugin, "providers", "check", "--lo"), ["--local"]);
  assert.deepEqual(await complete(plugin, "providers", "check", "-o", ""), [
    ...["table", "json", "yaml"],
  ]);
  assert.deepEqual(await complete(plugin, "version", "-o", ""), ["json", "yaml"]);
  assert.deepEqual(await complete(plugin, "offers", "H100-S"), ["H100-SXM5-80GB"]);
  assert.equal(plugin.lastFlags, undefined);
});

Deno.test("completion proposes names of the cluster that the flags name", async () => {
  await using plugin = await PluginHarness.create();
  await createPool(plugin.kube, "train");
  await createPool(plugin.kube, "dev");
  assert.deepEqual(await complete(plugin, "--context", "prod", "pools", "tr"), ["train"]);
  assert.equal(plugin.lastFlags?.context, "prod");
  assert.deepEqual(await complete(plugin, "pools", "describe", ""), ["dev", "train"]);
  assert.deepEqual(await complete(plugin, "pools", "de"), ["describe", "dev"]);
  assert.deepEqual(await complete(plugin, "claims", "--pool", ""), ["dev", "train"]);
  await createClass(plugin.kube);
  assert.deepEqual(await complete(plugin, "providers", ""), ["check", "default"]);
  assert.deepEqual(await complete(plugin, "providers", "check", ""), ["default"]);
  assert.equal(plugin.openConnections, 0);
});

Deno.test("completion proposes nothing where the cluster cannot be reached", async () => {
  await using plugin = await PluginHarness.create();
  plugin.connectError = new Error("unreachable");
  assert.deepEqual(await complete(plugin, "pools", "describe", ""), []);
  assert.deepEqual(await complete(plugin, "pools", "--context", ""), []);
});
