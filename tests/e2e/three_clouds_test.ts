import assert from "node:assert/strict";
import { systemClock } from "../../runtime/clock.ts";
import { systemRandom } from "../../runtime/random.ts";
import { createPaperspaceCloud } from "../../sim/clouds/paperspace/mod.ts";
import { createRunpodCloud } from "../../sim/clouds/runpod/mod.ts";
import { marketScene } from "../../sim/demo/market.ts";
import { createOutput } from "../../sim/demo/output.ts";
import { runKubectlTgp } from "../../sim/demo/run_kubectl_tgp.ts";
import { startControlPlane } from "./control_plane/control_plane.ts";
import { waitFor } from "./control_plane/wait.ts";
import { connectAsAdmin } from "./kubelet_fixture.ts";
import { Product } from "./product.ts";
import { awaitEnd, awaitSuccess, type EventObject, podOf } from "./story.ts";

const deps = { clock: systemClock, random: systemRandom };

interface NodeClass {
  readonly status?: {
    readonly providers?: readonly {
      readonly name: string;
      readonly available: boolean;
      readonly reason: string;
      readonly offers?: number;
    }[];
  };
}

Deno.test("three clouds behind one pool, on a real control plane", async (t) => {
  const paperspace = createPaperspaceCloud({
    ...deps,
    behaviour: {
      eventStartMs: 100,
      createMs: 700,
      startMs: 700,
      serviceReadyMs: 200,
      deletedVisibleMs: 500,
      // The order is taken, and a start that ends in error says later that there is no machine.
      phantomStock: ["A5000/ca1"],
    },
    stock: { A4000: { ny2: 1 }, A5000: { ca1: 1, ny2: 1 } },
  });
  const runpod = createRunpodCloud(deps);
  await using plane = await startControlPlane();
  await using product = new Product(plane, {
    behaviour: {
      bootMs: { single: 1_500, multiple: 2_500 },
      addressAfterMs: 300,
      terminateMs: 500,
      throttles: false,
    },
    stock: { gpu_1x_a10: { "us-east-1": 1 } },
  }, { moreClouds: [paperspace, runpod], scene: marketScene });
  await product.install();
  await product.startController();

  await t.step("machines can be bought from two, and the third says why not", async () => {
    const wait = ["wait", "--for=condition=Ready", "gnc/clouds", "gnp/gpu-anywhere"];
    await product.kubectl(...wait, "--timeout=30s");
    const accounts = await waitFor("every cloud's offers are read", async () => {
      const [nodeClass] = await product.list<NodeClass>("gnc");
      const providers = nodeClass?.status?.providers ?? [];
      return providers.every(({ offers }) => offers !== undefined) ? providers : undefined;
    }, 30_000);
    assert.deepEqual(
      accounts.map(({ name, available, reason }) => [name, available, reason]),
      [
        ["lambda", true, "Ready"],
        ["paperspace", true, "Ready"],
        ["runpod", false, "NotJoinable"],
      ],
    );
    for (const { name, offers } of accounts) assert.ok(offers, name);
  });

  await t.step("kubectl tgp offers merges what the three have published", async () => {
    await waitFor("the catalogs", async () => {
      const names = (await product.list("configmaps", "-n", "tgp-system"))
        .map(({ metadata }) => metadata.name);
      const wanted = product.clouds.map(({ provider }) => `tgp-offers-clouds.${provider}`);
      return wanted.every((name) => names.includes(name)) ? true : undefined;
    }, 30_000);
    const offers = await runTgp(product, "offers", "--available");
    const rows = [...offers.matchAll(/ (lambda|paperspace|runpod) .* on-demand +(\d+\.\d+) /g)];
    assert.deepEqual([...new Set(rows.map(([, name]) => name))], ["paperspace", "lambda"], offers);
    const prices = rows.map(([, , price]) => Number(price));
    assert.deepEqual(prices, [...prices].sort((left, right) => left - right), offers);
    const containers = await runTgp(product, "offers", "RTX4090", "--limit", "1");
    assert.match(containers, / runpod .* \[1\] /);
    assert.match(containers, /^\[1\] could not join the cluster: RunPod rents containers/m);
  });

  await t.step("pods get machines from both, past one that had no capacity after all", async () => {
    await product.apply(
      podOf("render", 1, "A10-24GB"),
      podOf("sketch", 1, "RTX-A4000-16GB"),
      podOf("restore", 1, "RTX-A5000-24GB"),
      podOf("chat", 1, "RTX-4090-24GB"),
    );
    await awaitSuccess(product, ["render", "sketch", "restore"]);
    assert.equal(product.cloud.machines().length, 1);
    assert.deepEqual(
      paperspace.machines().map(({ type, region }) => `${type.label}/${region}`).sort(),
      ["A4000/ny2", "A5000/ca1", "A5000/ny2"],
    );
    assert.deepEqual(runpod.bill(), [], "a container was rented that cannot join");
  });

  await t.step(
    "Events say what had no capacity, and what only containers could serve",
    async () => {
      const events = await product.list<EventObject>("events", "-A");
      const told = events.find(({ reason }) => reason === "OutOfCapacity");
      assert.match(told?.message ?? "", /insufficient capacity/);
      const chat = events.find(({ reason, involvedObject }) =>
        reason === "NotServed" && involvedObject.name === "chat"
      );
      assert.match(chat?.message ?? "", /RunPod rents containers/);
    },
  );

  await t.step("everything is given back, and the books of both agree", async () => {
    await awaitEnd(product, true);
    const scripts = paperspace.startupScripts();
    assert.equal(scripts.length, 3);
    assert.ok(scripts.every(({ deleted }) => deleted), "startup scripts are left");
  });

  await t.step("the controller had every permission, and told no key", async () => {
    assert.equal(await product.stopController("SIGTERM"), 0);
    const log = product.log.join("");
    assert.deepEqual(log.split("\n").filter((line) => /forbidden/i.test(line)), []);
    const seen = log + JSON.stringify([
      await product.list("gnc,gnp,gnclaim"),
      await product.list("events,configmaps", "-A"),
    ]);
    for (const key of Object.values(marketScene.apiKeys)) assert.ok(!seen.includes(key));
  });
});

/** What `kubectl tgp` prints to an administrator. */
async function runTgp(product: Product, ...words: readonly string[]): Promise<string> {
  let text = "";
  const output = createOutput({ write: (part) => text += part, columns: undefined, colour: false });
  const kube = await connectAsAdmin(product.plane);
  try {
    assert.ok(await runKubectlTgp({ clock: systemClock, kube }, output, words), text);
  } finally {
    kube.close();
  }
  return text;
}
