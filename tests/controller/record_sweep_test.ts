import assert from "node:assert/strict";
import { RecordSweep } from "../../controller/record_sweep.ts";
import { configMaps } from "../../kube/resource.ts";
import { nodeClaims, nodeClasses, nodePools } from "../../kube/tgp_resources.ts";
import { buildClaim, buildClass, buildLaunch, buildPool } from "../support/controller_builders.ts";
import { ControllerWorld, isWrite, testNamespace } from "../support/controller_world.ts";
import { buildAccount, ScriptedProvider } from "../support/scripted_provider.ts";

/** A sweep that runs until disposed. */
class Sweeping implements AsyncDisposable {
  readonly world: ControllerWorld;
  readonly withdrawn: string[] = [];
  accounts = [buildAccount(new ScriptedProvider())];
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(world: ControllerWorld) {
    this.world = world;
    const withdraw = (what: string) => ({
      withdraw: (key: string) => void this.withdrawn.push(`${what} ${key}`),
    });
    const { clock, kube, log, random, classes, claims, pools } = world;
    const sweep = new RecordSweep({
      ...{ clock, kube, log, random, classes, claims, pools },
      namespace: testNamespace,
      accounts: { list: () => this.accounts },
      publisher: withdraw("offers"),
      stock: withdraw("stock"),
      decisions: withdraw("decisions"),
    });
    this.#running = sweep.run(this.#stop.signal);
  }

  async minutes(count: number): Promise<void> {
    await this.world.sync();
    await this.world.clock.advance(count * 60_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}

async function putMaps(world: ControllerWorld, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const metadata = { name, namespace: testNamespace };
    await world.kube.create(configMaps, { apiVersion: "v1", kind: "ConfigMap", metadata });
  }
}

async function names(world: ControllerWorld): Promise<readonly string[]> {
  const { items } = await world.kube.list(configMaps, { namespace: testNamespace });
  return items.map(({ metadata }) => metadata.name).sort();
}

Deno.test("records of earlier processes whose subject is gone are withdrawn; others stay", async () => {
  using world = await ControllerWorld.create();
  await world.putClass(buildClass());
  await world.putPool(buildPool());
  await putMaps(
    world,
    "tgp-offers-default.lambda",
    "tgp-offers-default.gone",
    "tgp-offers-default.gone.2",
    "tgp-stock-other.lambda",
    "tgp-decisions-gpu",
    "tgp-decisions-gone",
    "tgp-ledger-2026-01-01",
    "somebody-elses",
  );
  await using sweeping = new Sweeping(world);
  await sweeping.minutes(3);
  assert.deepEqual(sweeping.withdrawn.toSorted(), [
    "decisions gone",
    "offers default/gone",
    "offers other/lambda",
    "stock default/gone",
    "stock other/lambda",
  ]);
});

Deno.test("names of earlier versions are removed at the start", async () => {
  using world = await ControllerWorld.create();
  const kept = ["somebody-elses", "tgp-ledger-2026-01-01", "tgp-offers-default.lambda"];
  await putMaps(world, ...kept, "tgp-offers-default-lambda", "tgp-stock-default-lambda");
  await using sweeping = new Sweeping(world);
  await sweeping.minutes(0);
  assert.deepEqual(await names(world), kept);
});

Deno.test("an account's records stay as long as a class, a claim or a client refers to it", async () => {
  using world = await ControllerWorld.create();
  await world.putClass(buildClass());
  await world.putClaim(buildClaim({ launch: buildLaunch() }));
  await using sweeping = new Sweeping(world);
  await sweeping.minutes(5);
  await world.kube.delete(nodeClasses, { name: "default" });
  await sweeping.minutes(5);
  sweeping.accounts = [];
  await sweeping.minutes(5);
  assert.deepEqual(sweeping.withdrawn, [], "the claim");
  await world.kube.delete(nodeClaims, { name: buildClaim().metadata.name });
  await sweeping.minutes(5);
  assert.deepEqual(sweeping.withdrawn, ["offers default/lambda", "stock default/lambda"]);
});

Deno.test("a client that is kept for a while keeps its records", async () => {
  using world = await ControllerWorld.create();
  await using sweeping = new Sweeping(world);
  await sweeping.minutes(5);
  assert.deepEqual(sweeping.withdrawn, []);
  sweeping.accounts = [];
  await sweeping.minutes(2);
  assert.deepEqual(sweeping.withdrawn, ["offers default/lambda", "stock default/lambda"]);
});

Deno.test("a pool's decisions go with it", async () => {
  using world = await ControllerWorld.create();
  await world.putPool(buildPool());
  await using sweeping = new Sweeping(world);
  await sweeping.minutes(5);
  await world.kube.delete(nodePools, { name: "gpu" });
  await sweeping.minutes(5);
  assert.deepEqual(sweeping.withdrawn, ["decisions gpu"]);
});

Deno.test("as long as it cannot be read which records there are, none goes", async () => {
  using world = await ControllerWorld.create();
  await putMaps(world, "tgp-offers-default.gone");
  const refuse = isWrite("list", "configmaps");
  const remove = world.server.addHook({
    before: (request) =>
      refuse(request)
        ? Response.json({ kind: "Status", message: "no" }, { status: 403 })
        : undefined,
  });
  await using sweeping = new Sweeping(world);
  await sweeping.minutes(5);
  assert.deepEqual(sweeping.withdrawn, []);
  remove();
  await sweeping.minutes(5);
  assert.deepEqual(sweeping.withdrawn, ["offers default/gone", "stock default/gone"]);
});
