import assert from "node:assert/strict";
import { createStockPublisher, type StockPublisher } from "../../controller/stock_publisher.ts";
import { createStockStore } from "../../controller/stock_store.ts";
import { configMaps } from "../../kube/resource.ts";
import { ControllerWorld, testNamespace } from "../support/controller_world.ts";
import { buildAccount, ScriptedProvider } from "../support/scripted_provider.ts";

/** A publisher that runs until disposed. */
class Press implements AsyncDisposable {
  readonly world: ControllerWorld;
  readonly publisher: StockPublisher;
  writes = 0;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(world: ControllerWorld) {
    this.world = world;
    const { clock, kube, log } = world;
    const store = createStockStore(kube, clock, testNamespace);
    this.publisher = createStockPublisher({ clock, log, store });
    world.server.addHook({
      after: ({ info, method }, { ok }) =>
        void (info.kind === "resource" && info.plural === "configmaps" && method !== "GET" && ok &&
          this.writes++),
    });
    this.#running = this.publisher.run(this.#stop.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}

function accountThatRemembers(world: ControllerWorld, ...offers: readonly string[]) {
  const entry = { failures: 1, until: world.clock.now() + 3_600_000, message: "sold out" };
  const stock = new Map(offers.map((id) => [id, entry]));
  return buildAccount(new ScriptedProvider(), { stock });
}

Deno.test("what an account remembers is written when it changes, and loaded by the next process", async () => {
  using world = await ControllerWorld.create();
  await using press = new Press(world);
  press.publisher.publish(accountThatRemembers(world, "of-1"));
  await world.clock.settle();
  press.publisher.publish(accountThatRemembers(world, "of-1"));
  await world.clock.advance(60_000);
  assert.equal(press.writes, 1);
  await using next = new Press(world);
  assert.deepEqual([...(await next.publisher.load("default", "lambda")).keys()], ["of-1"]);
});

Deno.test("an account that remembers what is stored, or nothing, is not written", async () => {
  using world = await ControllerWorld.create();
  await using press = new Press(world);
  await press.publisher.load("default", "lambda");
  press.publisher.publish(accountThatRemembers(world));
  await world.clock.settle();
  assert.equal(press.writes, 0);
});

Deno.test("refusals that come one after the other are written together", async () => {
  using world = await ControllerWorld.create();
  await using press = new Press(world);
  const offers = Array.from({ length: 10 }, (_, index) => `of-${index}`);
  for (let count = 1; count <= offers.length; count++) {
    press.publisher.publish(accountThatRemembers(world, ...offers.slice(0, count)));
    await world.clock.advance(1_000);
  }
  await world.clock.advance(15_000);
  assert.equal(press.writes, 2);
  assert.equal((await press.publisher.load("default", "lambda")).size, 10);
});

Deno.test("the memory of an account that is gone is removed", async () => {
  using world = await ControllerWorld.create();
  await using press = new Press(world);
  press.publisher.publish(accountThatRemembers(world, "of-1"));
  await world.clock.settle();
  press.publisher.withdraw("default/lambda");
  await world.clock.settle();
  assert.equal(await world.find(configMaps, "tgp-stock-default.lambda", testNamespace), undefined);
});
