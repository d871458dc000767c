import assert from "node:assert/strict";
import { ProviderError } from "../../providers/errors.ts";
import type { ProviderDeps } from "../../providers/provider_deps.ts";
import {
  createProvider,
  findRegistration,
  parseProviderName,
  type ProviderName,
  providerNames,
} from "../../providers/registry.ts";
import { silentLog } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { providerEntrySchema } from "../../schemas/node_class.ts";
import { simulatedClouds } from "../../sim/clouds/registry.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { lambdaEntry } from "./lambda/lambda_world.ts";
import { drive } from "./provider_world.ts";
import { runpodEntry } from "./runpod/runpod_world.ts";

function createDeps(change: Partial<ProviderDeps> = {}): ProviderDeps {
  return {
    apiKey: "secret_canary",
    clusterId: "abc123",
    fetch: () => Promise.reject(new Error("not expected to be called")),
    clock: new FakeClock(),
    random: createSeededRandom(1),
    log: silentLog,
    metrics: silentMetrics,
    ...change,
  };
}

Deno.test("parseProviderName() reads the cloud's name and its older spellings", () => {
  for (const text of ["lambda", "lambdalabs", "lambda-labs"]) {
    assert.equal(parseProviderName(text), "lambda");
  }
});

Deno.test("RunPod is read as itself, and needs no block", () => {
  assert.equal(parseProviderName("runpod"), "runpod");
  assert.equal(findRegistration("runpod").blockRequired, false);
  const { runpod: _, ...bare } = runpodEntry();
  assert.equal(createProvider(bare, createDeps()).info().provider, "runpod");
});

Deno.test("parseProviderName() refuses everything else in the exact words", () => {
  for (const text of ["aws", "RunPod", "Paperspace", "Lambda", "", "toString", "__proto__"]) {
    assert.throws(() => parseProviderName(text), {
      name: "RangeError",
      message: `unsupported provider: ${text}`,
    });
  }
});

Deno.test("every registered cloud says where its key and address come from", () => {
  assert.deepEqual(providerNames, [...providerNames].sort());
  for (const name of providerNames) {
    const registration = findRegistration(name);
    assert.equal(registration.name, name);
    assert.match(registration.apiKeyVariable, /^[A-Z_]+_API_KEY$/);
    assert.match(registration.urlVariable, /^TGP_[A-Z]+_URL$/);
    const entry = { name, credentialsRef: { name: "n", key: "k" } };
    const { blockRequired, blockToRead } = registration;
    if (blockRequired) {
      assert.throws(() => createProvider(entry, createDeps()), new RegExp(`${name} block`));
    }
    const provider = createProvider({ ...entry, ...blockToRead }, createDeps());
    assert.equal(provider.info().provider, name);
  }
});

Deno.test("createProvider() takes the cloud from provider, else from the entry's name", () => {
  const byName = createProvider(lambdaEntry(), createDeps());
  assert.deepEqual([byName.account, byName.info().provider], ["lambda", "lambda"]);
  const entry = lambdaEntry({ name: "second", provider: "lambda-labs" });
  const byProvider = createProvider(entry, createDeps());
  assert.deepEqual([byProvider.account, byProvider.info().provider], ["second", "lambda"]);
  assert.throws(() => createProvider(lambdaEntry({ name: "mars" }), createDeps()), {
    message: "unsupported provider: mars",
  });
});

Deno.test("createProvider() refuses keys that cannot be sent, without showing or sending them", () => {
  for (const name of providerNames) {
    for (const apiKey of ["", "secret_canary\n", "secret_canarÿ"]) {
      let asked = 0;
      const deps = createDeps({ apiKey, fetch: () => Promise.reject(new Error(`${asked++}`)) });
      assert.throws(() => createProvider(toEntry(name), deps), (error) => {
        assert.ok(error instanceof ProviderError && error.kind === "unauthorized");
        assert.match(error.message, new RegExp(`^Cannot use account "${name}": the API key `));
        assert.doesNotMatch(JSON.stringify(error) + error.stack, /secret_canar/);
        return true;
      });
      assert.equal(asked, 0);
    }
  }
});

Deno.test("no key is special: one that looks fake is sent to the vendor like any other", async () => {
  for (const name of providerNames) {
    for (const apiKey of ["fake-api-key", "fake", "test", "demo", "simulated", "dry-run"]) {
      const asked: Request[] = [];
      const clock = new FakeClock();
      const fetch = (request: Request) => {
        asked.push(request);
        return Promise.resolve(new Response(null, { status: 401 }));
      };
      const provider = createProvider(toEntry(name), createDeps({ apiKey, fetch, clock }));
      const verifying = provider.verifyCredentials(new AbortController().signal);
      await assert.rejects(drive({ clock, inFlight: () => 0 }, verifying), {
        kind: "unauthorized",
      });
      const [first] = asked;
      assert.equal(first?.headers.get("authorization"), `Bearer ${apiKey}`);
      assert.equal(new URL(first.url).protocol, "https:");
    }
  }
});

/** An entry that is enough to read. */
function toEntry(name: ProviderName) {
  const { blockToRead } = findRegistration(name);
  return { name, credentialsRef: { name: "n", key: "k" }, ...blockToRead };
}

Deno.test("createProvider() refuses an entry without its block, and addresses with a path", () => {
  const { lambda: _, ...bare } = lambdaEntry();
  assert.throws(() => createProvider(bare, createDeps()), /its lambda block is missing/);
  assert.throws(
    () => createProvider(lambdaEntry(), createDeps({ baseUrl: "http://127.0.0.1:1/api" })),
    /TGP_LAMBDA_URL/,
  );
});

const root = new URL("../../", import.meta.url);
const guide = await Deno.readTextFile(new URL("docs/adding-a-provider.md", root));

/** Paths that the guide names, those of one cloud with `<cloud>` in them. */
const guidePaths: readonly string[] = [
  ...new Set(
    [...guide.matchAll(/`((?:[\w<>.-]+\/)+[\w<>.*-]*)`/g)].flatMap(([, path]) => path ?? []),
  ),
];

/** Whether a path exists; one that ends in `*` stands for whatever begins like it. */
async function exists(path: string): Promise<boolean> {
  try {
    if (!path.endsWith("*")) return Boolean(await Deno.stat(new URL(path, root)));
    const [, folder = "", start = ""] = /^(.*\/)(.*)\*$/.exec(path) ?? [];
    const entries = await Array.fromAsync(Deno.readDir(new URL(folder, root)));
    return entries.some(({ name }) => name.startsWith(start));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

Deno.test("the guide to adding a provider names every piece of a cloud", () => {
  for (
    const piece of [
      "schemas/vendors/<cloud>*",
      "schemas/clouds/<cloud>.ts",
      "generated/<cloud>*",
      "sim/clouds/<cloud>/mod.ts",
      "providers/<cloud>/mod.ts",
      "providers/<cloud>/errors.ts",
      "tests/providers/<cloud>/<cloud>_world.ts",
      "tests/providers/<cloud>/mod_test.ts",
      "tests/fixtures/<cloud>/exchanges/",
      "tests/fixtures/<cloud>/replay.json",
      "tests/sim/clouds/<cloud>/",
    ]
  ) assert.ok(guidePaths.includes(piece), piece);
});

Deno.test("every path in the guide to adding a provider exists, for every registered cloud", async () => {
  const missing: string[] = [];
  for (const path of guidePaths) {
    const clouds = path.includes("<cloud>") ? providerNames : [""];
    for (const cloud of clouds) {
      const real = path.replaceAll("<cloud>", cloud);
      if (!await exists(real)) missing.push(real);
    }
  }
  assert.deepEqual(missing, []);
});

Deno.test("every registered cloud has a simulator, a block of its name, and pages that tell of it", async () => {
  assert.deepEqual(simulatedClouds.map(({ name }) => name), providerNames);
  const blocks = Object.keys(providerEntrySchema.shape);
  const reference = await Deno.readTextFile(new URL("docs/reference/gpunodeclass.md", root));
  const readme = await Deno.readTextFile(new URL("README.md", root));
  const plugin = await Deno.readTextFile(new URL("docs/reference/kubectl-tgp.md", root));
  const helpTexts = plugin.split(/^## /m);
  for (const name of providerNames) {
    assert.ok(blocks.includes(name), name);
    assert.ok(reference.includes(`providers[].${name}`), `docs/reference: ${name}`);
    assert.match(readme, new RegExp(name, "i"), `README.md: ${name}`);
    const { apiKeyVariable } = findRegistration(name);
    for (const command of ["offers", "providers check", "teardown"]) {
      const [help = ""] = helpTexts.filter((text) => text.startsWith(`${command}\n`));
      assert.ok(help.includes(apiKeyVariable), `kubectl tgp ${command} --help: ${apiKeyVariable}`);
    }
  }
});

Deno.test("every cloud's known places are codes in the spelling that an entry should have", () => {
  for (const provider of providerNames) {
    const { info, knownRegions, locate } = findRegistration(provider);
    assert.notEqual(info.displayName, "");
    assert.ok(knownRegions({}).length > 0, provider);
    for (const region of knownRegions({})) {
      assert.equal(locate(region).region, region);
      assert.ok(locate(region).label.startsWith(`${provider}-`), locate(region).label);
    }
  }
});

Deno.test("RunPod's places are data centers, or countries on Community", () => {
  const { knownRegions } = findRegistration("runpod");
  assert.ok(knownRegions({ runpod: { cloudType: "Secure" } }).includes("EU-RO-1"));
  assert.ok(knownRegions({ runpod: { cloudType: "Community" } }).includes("CZ"));
});
