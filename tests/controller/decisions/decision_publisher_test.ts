import assert from "node:assert/strict";
import {
  createDecisionPublisher,
  type DecisionPublisher,
} from "../../../controller/decisions/decision_publisher.ts";
import { createDecisionStore } from "../../../controller/decisions/decision_store.ts";
import { configMaps } from "../../../kube/resource.ts";
import type { ConfigMap } from "../../../schemas/kubernetes.ts";
import { decodeDecisions } from "../../../schemas/pool_decisions.ts";
import type { SolveInput } from "../../../scheduling/plan.ts";
import { ControllerWorld, isWrite, testNamespace } from "../../support/controller_world.ts";
import { buildInput, buildOffer, buildPod, buildPods } from "../../support/scheduling.ts";
import { passOf } from "./builders.ts";

const second = 1_000;

/** A publisher of one reign, which ends when disposed. */
class Press implements AsyncDisposable {
  readonly world: ControllerWorld;
  readonly publisher: DecisionPublisher;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(world: ControllerWorld) {
    this.world = world;
    const store = createDecisionStore(world.kube, testNamespace);
    this.publisher = createDecisionPublisher({ clock: world.clock, log: world.log, store });
    this.#running = this.publisher.run(this.#stop.signal);
  }

  async note(input: SolveInput, claims = "gpu"): Promise<void> {
    const pass = passOf(input, { now: this.world.clock.now() });
    const created = new Map(pass.plan.newNodes.map((node, index) => [node, `${claims}-${index}`]));
    this.publisher.note({ ...pass, created });
    await this.world.clock.settle();
  }

  async published() {
    const found = await this.world.find(configMaps, "tgp-decisions-gpu", testNamespace);
    return decodeDecisions(found?.data);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}

function countWrites(world: ControllerWorld): () => number {
  let writes = 0;
  world.server.addHook({
    after: ({ info, method }, { ok }) =>
      void (info.kind === "resource" && info.plural === "configmaps" && method !== "GET" && ok &&
        writes++),
  });
  return () => writes;
}

const offers = [buildOffer("of-1")];
const work = buildInput([buildPod("work")], offers);
const tooBig = buildInput([buildPod("big", { requests: { "nvidia.com/gpu": "64" } })], offers);

Deno.test("decisions are published at once, and not again while they stay the same", async () => {
  using world = await ControllerWorld.create();
  const writes = countWrites(world);
  await using press = new Press(world);
  await press.note(tooBig);
  assert.equal((await press.published())?.refusals.length, 1);
  for (let pass = 0; pass < 360; pass++) {
    await press.note(tooBig);
    await world.clock.advance(10 * second);
  }
  assert.equal(writes(), 1);
  assert.equal((await press.published())?.since, "2026-01-01T00:00:00Z");
});

Deno.test("decisions that change all the time are written every 15 s, and no order is left out", async () => {
  using world = await ControllerWorld.create();
  const writes = countWrites(world);
  await using press = new Press(world);
  for (let pass = 0; pass < 8; pass++) {
    await press.note(buildInput(buildPods(1, `work-${pass}`), offers), `claim-${pass}`);
    await world.clock.advance(5 * second);
  }
  await world.clock.advance(15 * second);
  assert.ok(writes() >= 3 && writes() <= 4, String(writes()));
  assert.deepEqual(
    (await press.published())?.purchases.map(({ claim }) => claim),
    [7, 6, 5, 4, 3, 2, 1, 0].map((pass) => `claim-${pass}-0`),
  );
});

Deno.test("a new leader goes on from what was published, and writes nothing that is written already", async () => {
  using world = await ControllerWorld.create();
  {
    await using first = new Press(world);
    await first.note(work, "old");
    await world.clock.advance(20 * second);
    await first.note(tooBig);
  }
  const writes = countWrites(world);
  await using next = new Press(world);
  await world.clock.advance(600 * second);
  await next.note(tooBig);
  assert.equal(writes(), 0);
  await next.note(work, "new");
  await world.clock.advance(20 * second);
  const published = await next.published();
  assert.deepEqual(published?.purchases.map(({ claim }) => claim), ["new-0", "old-0"]);
});

Deno.test("decisions that could not be written are written later", async () => {
  using world = await ControllerWorld.create();
  await using press = new Press(world);
  world.onceBefore(
    isWrite("create", "configmaps"),
    () => Response.json({ kind: "Status", message: "no" }, { status: 403 }),
  );
  await press.note(work);
  assert.equal(await press.published(), undefined);
  await world.clock.advance(20 * second);
  assert.equal((await press.published())?.bought, 1);
});

Deno.test("decisions that cannot be read are written anew", async () => {
  using world = await ControllerWorld.create();
  const metadata = { name: "tgp-decisions-gpu", namespace: testNamespace };
  const data = { "decisions.json": "{}" };
  const odd: ConfigMap = { apiVersion: "v1", kind: "ConfigMap", metadata, data };
  await world.kube.create(configMaps, odd);
  await using press = new Press(world);
  await press.note(work);
  assert.equal((await press.published())?.bought, 1);
});

Deno.test("decisions go with their pool, and begin anew with the next one of its name", async () => {
  using world = await ControllerWorld.create();
  await using press = new Press(world);
  await press.note(work, "old");
  press.publisher.withdraw("gpu");
  await world.clock.settle();
  assert.equal(await press.published(), undefined);
  await press.note(work, "new");
  assert.deepEqual((await press.published())?.purchases.map(({ claim }) => claim), ["new-0"]);
});
