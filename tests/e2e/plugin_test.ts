import assert from "node:assert/strict";
import { configMaps } from "../../kube/resource.ts";
import { build } from "../../plugin/build.ts";
import { encodeCatalog } from "../../providers/catalog/codec.ts";
import { toApiVersion } from "../../kube/resource.ts";
import { simInstanceTypes } from "../../sim/clouds/lambda/catalog.ts";
import { fingerprintOf } from "../../providers/api_key.ts";
import { buildOffer } from "../support/plugin_offers.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/control_plane.ts";

const root = new URL("../../", import.meta.url).pathname;

Deno.test("kubectl tgp, as kubectl runs it", async (t) => {
  const dist = await Deno.makeTempDir({ prefix: "tgp-dist-" });
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => Deno.remove(dist, { recursive: true }));
  await build(dist);
  await using plane = await startControlPlane({ components: [] });
  const run = (words: string, options: RunOptions = {}) => runTgp(plane, dist, words, options);

  await t.step("is found by kubectl, without a warning", async () => {
    const { stdout, stderr } = await run("", { program: ["plugin", "list"] });
    assert.ok(stdout.includes(`${dist}/kubectl-tgp\n`), stdout);
    assert.doesNotMatch(stderr + stdout, /tgp.*warning|warning.*tgp/);
  });

  await t.step("prints its version without a cluster", async () => {
    const { code, stdout } = await run("version --client", { kubeconfig: "/nonexistent" });
    assert.deepEqual([code, stdout], [0, "Client Version: v0.1.0\n"]);
  });

  await t.step("passes exit statuses through kubectl", async () => {
    assert.equal((await run("ofers")).code, 2);
    assert.equal((await run("pools")).code, 1);
    assert.match((await run("pools")).stderr, /^error: the cluster has no resource gpunodepools/);
    assert.equal((await run("pools", { kubeconfig: "/nonexistent" })).code, 1);
  });

  await t.step("works through a link, from another folder, and with a path in DENO", async () => {
    await Deno.symlink(`${dist}/kubectl-tgp`, `${dist}/link`);
    const linked = await new Deno.Command(`${dist}/link`, {
      args: ["version", "--client"],
      cwd: "/",
      env: { PATH: "/usr/bin:/bin", DENO: Deno.execPath() },
      clearEnv: true,
    }).output();
    assert.equal(linked.code, 0, new TextDecoder().decode(linked.stderr));
    const without = await new Deno.Command(`${dist}/kubectl-tgp`, {
      env: { PATH: "/nonexistent" },
      clearEnv: true,
    }).output();
    assert.equal(without.code, 1);
    assert.match(new TextDecoder().decode(without.stderr), /^error: kubectl-tgp needs Deno /);
  });

  const installed = await plane.kubectl(
    "apply",
    "-k",
    `${root}manifests/overlays/controller-outside`,
  );
  assert.equal(installed.code, 0, installed.stderr);
  await applyObjects(plane);

  await t.step("lists pools, claims and published offers", async () => {
    const pools = await run("pools");
    assert.deepEqual([pools.code, pools.stderr], [0, ""]);
    assert.match(pools.stdout, /^NAME +CLASS .*\ntrain +default +0\/4 +0 +0 +0\.00 +20\.00 /);
    const claims = await run("claims -o json");
    assert.equal(JSON.parse(claims.stdout).items[0].step, "waiting");
    const offers = await run("offers H100 -o name");
    assert.match(offers.stdout, /^offer\/of-[a-z2-7]{8}\n$/);
    const providers = await run("providers --no-headers");
    assert.match(providers.stdout, /^default +lambda +lambda +<unknown> +<none> +<none> +\d+s\n$/);
    const described = await run("pools describe train");
    assert.match(described.stdout, /^Buys next +of-\S+ +H100-PCIE-80GB x1 +lambda us-west-3/m);
  });

  await t.step("acts as the user that its flags name, and says what is missing", async () => {
    for (const words of ["--as jane pools", "offers --as=jane"]) {
      const { code, stdout, stderr } = await run(words);
      assert.deepEqual([code, stdout], [5, ""]);
      assert.match(
        stderr,
        /^error: .* is forbidden: User "jane" cannot list .*\n +Ask for .*tgp-viewer/,
      );
    }
  });

  await t.step("says in one line that a server cannot be reached", async () => {
    const { code, stderr } = await run("pools --server https://127.0.0.1:1 --request-timeout 5s");
    assert.equal(code, 1);
    assert.match(stderr, /^error: Cannot reach https:\/\/127\.0\.0\.1:1: .*\n$/);
    const version = await run("version --server https://127.0.0.1:1");
    assert.deepEqual([version.code, version.stdout], [0, "Client Version: v0.1.0\n"]);
    assert.match(version.stderr, /^Server Version: unknown: Cannot reach .*\n$/);
  });

  await t.step("completes for kubectl, names of the cluster included", async () => {
    const complete = async (...words: readonly string[]) =>
      (await run("", { program: ["__complete", "tgp", ...words] })).stdout;
    assert.match(await complete("off"), /^offers\tList what can be bought now/);
    assert.match(await complete("pools", "describe", ""), /^train\n:4\n$/);
  });

  await t.step("proves keys for those who may read their Secret, and for nobody else", async () => {
    await using sim = await startSim();
    const kubectl = async (words: string) => {
      const { code, stderr } = await plane.runKubectl(words.split(" "));
      assert.equal(code, 0, stderr);
    };
    await kubectl(
      `create secret generic keys -n tgp-system --from-literal=lambda=${sim.apiKey}`,
    );
    await kubectl("create clusterrolebinding jane --clusterrole=tgp-viewer --user=jane");
    const check = () =>
      run("providers check --as jane -o json", { env: { TGP_LAMBDA_URL: sim.url } });
    const refused = await check();
    assert.equal(refused.code, 5, refused.stderr);
    assert.match(refused.stdout, /you may not read Secret tgp-system\/keys: ask for get on it/);
    // What help says.
    await kubectl(
      "create role tgp-keys -n tgp-system --verb=get --resource=secrets --resource-name=keys",
    );
    await kubectl("create rolebinding jane -n tgp-system --role=tgp-keys --user=jane");
    const proven = await check();
    const [account] = JSON.parse(proven.stdout).items;
    const states = Object.fromEntries(
      account.checks.map(({ check, state }: { check: string; state: string }) => [check, state]),
    );
    assert.deepEqual([states.key, states.identity, states.list], ["ok", "ok", "ok"]);
    // The class names an SSH key that the account lacks.
    assert.deepEqual([states.launch, proven.code], ["fail", 3]);
    assert.equal(account.credentialFingerprint, fingerprintOf(sim.apiKey));
    assert.ok(!`${proven.stdout}${proven.stderr}`.includes(sim.apiKey));
  });

  await t.step("lists the simulated cloud's stock with --local", async () => {
    await using sim = await startSim();
    const { code, stdout, stderr } = await run("offers --local -o json", {
      kubeconfig: "/nonexistent",
      env: { LAMBDA_API_KEY: sim.apiKey, TGP_LAMBDA_URL: sim.url },
    });
    assert.deepEqual([code, stderr], [0, ""]);
    const { items } = JSON.parse(stdout);
    assert.deepEqual(toStock(items), await readStock(sim));
    assert.equal(
      new Set(items.map(({ nativeRef }: { nativeRef: string }) => nativeRef)).size,
      simInstanceTypes.size,
    );
  });
});

interface RunOptions {
  readonly kubeconfig?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Words of kubectl instead of `tgp` and the plugin's. */
  readonly program?: readonly string[];
}

function runTgp(plane: ControlPlane, dist: string, words: string, options: RunOptions) {
  const args = options.program ?? ["tgp", ...words.split(" ").filter((word) => word !== "")];
  return plane.runKubectl(args, {
    env: { PATH: `${dist}:${Deno.env.get("PATH")}`, DENO: Deno.execPath(), ...options.env },
    ...(options.kubeconfig === undefined ? {} : { kubeconfigPath: options.kubeconfig }),
  });
}

async function applyObjects(plane: ControlPlane): Promise<void> {
  const resource = (kind: string, name: string, spec: Readonly<Record<string, unknown>>) => ({
    ...{ apiVersion: "tgp.io/v1", kind, metadata: { name }, spec },
  });
  const [shard] = encodeCatalog({
    ...{ nodeClass: "default", account: "lambda", provider: "lambda", readAt: Date.now() },
    source: { state: "ok" },
    offers: [
      buildOffer({ gpu: "H100-PCIE-80GB", count: 1, perHour: "2.49", region: "us-west-3" }),
      buildOffer({ gpu: "A10-24GB", count: 1, perHour: "9.75", region: "us-east-1" }),
    ],
  });
  const objects = [
    resource("GPUNodeClass", "default", {
      providers: [{
        ...{ name: "lambda", lambda: { sshKeyName: "k" } },
        credentialsRef: { name: "keys", key: "lambda" },
      }],
    }),
    resource("GPUNodePool", "train", {
      nodeClassRef: { name: "default" },
      limits: { nodes: 4, spendPerHour: "20" },
    }),
    resource("GPUNodeClaim", "by-hand", { nodeClassRef: { name: "default" } }),
    {
      ...{ apiVersion: toApiVersion(configMaps), kind: configMaps.kind },
      metadata: {
        ...{ name: shard?.name, namespace: "tgp-system" },
        labels: { "tgp.io/node-class": "default" },
      },
      ...{ data: shard?.data, binaryData: shard?.binaryData },
    },
  ];
  const { code, stderr } = await plane.runKubectl(["apply", "-f", "-"], {
    stdin: objects.map((object) => JSON.stringify(object)).join("\n"),
  });
  assert.equal(code, 0, stderr);
}

interface Sim extends AsyncDisposable {
  readonly url: string;
  readonly apiKey: string;
}

/** Runs `deno task sim` as a process of its own. */
async function startSim(): Promise<Sim> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "--cwd", root, "sim"],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  const { lambda } = JSON.parse(value.split("\n")[0] ?? "");
  return {
    url: lambda.url,
    apiKey: lambda.apiKey,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await reader.cancel();
      await child.status;
    },
  };
}

/** Type and region of every offer that can be bought. */
function toStock(items: readonly Record<string, unknown>[]): readonly string[] {
  return items.flatMap(({ nativeRef, location, stock }) => {
    const { native } = location as { native: string | null };
    return (stock as { level: string }).level === "available" ? [`${nativeRef} ${native}`] : [];
  }).sort();
}

/** The same from the cloud's own answer. */
async function readStock({ url, apiKey }: Sim): Promise<readonly string[]> {
  const response = await fetch(`${url}/api/v1/instance-types`, {
    headers: { authorization: `Bearer ${apiKey}` },
  });
  const { data } = await response.json();
  return Object.entries<{ regions_with_capacity_available: { name: string }[] }>(data)
    .flatMap(([type, item]) =>
      item.regions_with_capacity_available.map(({ name }) => `${type} ${name}`)
    ).sort();
}
