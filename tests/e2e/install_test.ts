import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { build } from "../../plugin/build.ts";
import { readAlerts, readLabels, readMetricNames, readScrape } from "../support/alerts.ts";
import { startControlPlane } from "./control_plane/control_plane.ts";
import { waitFor } from "./control_plane/wait.ts";
import { buildImage } from "./image.ts";
import { gpuPod } from "./gpu_pod.ts";
import { Product } from "./product.ts";
import { awaitRemovalRules } from "./removal_rules.ts";

const examples = new URL("../../manifests/examples/", import.meta.url);

Deno.test("an installation judges, buys, ends and goes", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "tgp-install-" });
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => Deno.remove(folder, { recursive: true }));
  await using plane = await startControlPlane();
  const image = await buildImage(folder, plane.dir);
  await using product = new Product(plane, {
    behaviour: {
      bootMs: { single: 500, multiple: 500 },
      addressAfterMs: 100,
      terminateMs: 300,
      throttles: false,
    },
    stock: { gpu_1x_a10: { "us-east-1": 3 } },
  }, { command: image.command, webhook: true });
  await product.install();
  const create = (object: unknown) =>
    plane.runKubectl(["create", "-f", "-"], { stdin: JSON.stringify(object) });

  await t.step("nothing of ours is stored before somebody can judge it", async () => {
    const { code, stderr } = await create(poolOf("early"));
    assert.equal(code, 1);
    assert.match(stderr, /failed calling webhook "validate\.tgp\.io"/);
  });

  await t.step("the image's program gets ready with the image's permissions alone", async () => {
    await product.startController();
    await product.awaitReady();
    assert.doesNotMatch(product.log.join(""), /NotCapable|Requires \w+ access|forbidden/);
  });

  await t.step("what cannot work is refused, in the webhook's words", async () => {
    const { code, stderr } = await create({
      apiVersion: "tgp.io/v1",
      kind: "GPUNodeClass",
      metadata: { name: "wrong" },
      spec: {
        providers: [{ name: "aws", credentialsRef: { name: "keys", key: "aws" } }],
        bootstrap: {
          kubeadm: { apiServerEndpoint: "k.example.com:6443", kubernetesVersion: "1.36.0" },
        },
      },
    });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^The GPUNodeClass "wrong" is invalid: spec\.providers\[0\]\.name: unsupported provider: aws;/m,
    );
  });

  for (const { name } of await Array.fromAsync(Deno.readDir(examples))) {
    await t.step(`the example ${name} is accepted`, async () => {
      const file = fileURLToPath(new URL(name, examples));
      const { code, stdout, stderr } = await plane.kubectl(
        "create",
        "--dry-run=server",
        "-f",
        file,
      );
      assert.equal(code, 0, stderr);
      assert.match(stdout, /gpunodepool\.tgp\.io\/\S+ created \(server dry run\)/);
      // A dry run leaves neither the Secret nor the class for what comes after it; the words are tested elsewhere.
      const fields = [...stderr.matchAll(/^Warning: (\S+): /gm)].map(([, field]) => field ?? "");
      const warned = fields.filter((field) => !/(credentialsRef|nodeClassRef)\.name$/.test(field));
      assert.deepEqual([...new Set(warned)], intended[name] ?? []);
    });
  }

  await t.step("a pod is served", async () => {
    await product.declare();
    await product.apply(gpuPod("work"));
    await waitFor("the pod to run", async () => {
      const [pod] = await product.list<{ metadata: { name: string }; status: { phase: string } }>(
        "pods",
      );
      return pod?.status.phase === "Running" ? true : undefined;
    }, 60_000);
  });

  await t.step("alerts look at labels that the metrics have", async () => {
    const scrape = readScrape(await (await fetch(`${product.probesUrl}/metrics`)).text());
    const seen = new Set<string>();
    for (const { alert, expr } of await readAlerts()) {
      // Who leads only picks the instance.
      for (const name of readMetricNames(expr).filter((name) => name !== "tgp_leader")) {
        const labels = scrape.get(name);
        if (!labels) continue;
        seen.add(name);
        assert.deepEqual(readLabels(expr).filter((label) => !labels.has(label)), [], alert);
      }
    }
    for (const name of ["tgp_launches_total", "tgp_provider_polls_total", "tgp_reconcile_total"]) {
      assert.ok(seen.has(name), name);
    }
  });

  await t.step("with a machine running, delete -k is refused and harms nothing", async () => {
    await awaitRemovalRules(plane);
    const { code, stderr } = await plane.kubectl("delete", "-k", product.installation);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /"tgp-system" is forbidden: .* still exists, and its machines? may cost money/,
    );
    assert.equal(product.aliveMachines, 1);
    await product.kubectl("get", "clusterrolebinding/tgp-controller");
    await product.kubectl("apply", "-k", product.installation);
  });

  await t.step(
    "without any controller, objects can still be labelled, patched and deleted",
    async () => {
      assert.equal(await product.stopController("SIGTERM"), 0);
      const [claim] = await product.list("gnclaim");
      const name = claim?.metadata.name ?? "";
      await product.kubectl("label", "gnclaim", name, "seen=yes");
      const refused = await plane.kubectl(
        "patch",
        "gnp",
        "gpu",
        "--type=merge",
        '-p={"spec":{"weight":3}}',
      );
      assert.match(refused.stderr, /failed calling webhook "validate\.tgp\.io"/);
      await product.kubectl("delete", "gnclaim", name, "--wait=false");
      assert.equal(product.aliveMachines, 1);
    },
  );

  await t.step(
    "kubectl tgp teardown ends every machine, then delete -k removes the rest",
    async () => {
      await product.startController();
      await product.awaitReady();
      await build(`${folder}/dist`);
      const { code, stdout, stderr } = await plane.runKubectl(["tgp", "teardown", "--yes"], {
        env: {
          PATH: `${folder}/dist:${Deno.env.get("PATH")}`,
          DENO: Deno.execPath(),
          TGP_LAMBDA_URL: product.cloudUrl,
        },
      });
      assert.equal(code, 0, stdout + stderr);
      assert.equal(product.aliveMachines, 0);
      const remove = ["delete", "-k", product.installation, "--ignore-not-found"];
      await product.kubectl(...remove, "--timeout=60s");
      const { stdout: left } = await plane.kubectl(
        ...[
          "get",
          "crd,ns,clusterroles,roles",
          "-A",
          "-l",
          "app.kubernetes.io/name=tgp",
          "-o",
          "name",
        ],
      );
      assert.equal(left, "");
    },
  );
});

/** Fields that are warned of although the example is right: its own comments say why. */
const intended: Readonly<Record<string, readonly string[]>> = {
  "three-clouds.yaml": ["spec.providers[2]"],
};

function poolOf(name: string) {
  return {
    apiVersion: "tgp.io/v1",
    kind: "GPUNodePool",
    metadata: { name },
    spec: { nodeClassRef: { name: "lambda" } },
  };
}
