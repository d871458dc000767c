import assert from "node:assert/strict";
import type { Account } from "../../controller/accounts/account.ts";
import {
  type CatalogPublisher,
  createCatalogPublisher,
} from "../../controller/catalog_publisher.ts";
import { createCatalogStore } from "../../controller/catalog_store.ts";
import { configMaps } from "../../kube/resource.ts";
import { decodeCatalog } from "../../providers/catalog/codec.ts";
import { parseUsd } from "../../schemas/money.ts";
import { buildOffer } from "../support/controller_builders.ts";
import { ControllerWorld, isWrite, testNamespace } from "../support/controller_world.ts";
import { buildAccount, ScriptedProvider } from "../support/scripted_provider.ts";

const second = 1_000;

/** A publisher that runs until disposed. */
class Press implements AsyncDisposable {
  readonly world: ControllerWorld;
  readonly publisher: CatalogPublisher;
  writes = 0;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  private constructor(world: ControllerWorld) {
    this.world = world;
    const { clock, kube, log } = world;
    const store = createCatalogStore(kube, testNamespace);
    this.publisher = createCatalogPublisher({ clock, log, store });
    world.server.addHook({
      after: ({ info, method }, { ok }) =>
        void (info.kind === "resource" && info.plural === "configmaps" && method === "PUT" && ok &&
          this.writes++),
    });
    this.#running = this.publisher.run(this.#stop.signal);
  }

  static async start(): Promise<Press> {
    return new Press(await ControllerWorld.create());
  }

  account(dollars = "1.29", name = "lambda"): Account {
    const base = buildOffer();
    const offer = { ...base, price: { ...base.price, perHour: parseUsd(dollars) } };
    return buildAccount(new ScriptedProvider(name), {
      snapshot: { offers: [offer], readAt: this.world.clock.now() },
    });
  }

  async published(name = "lambda") {
    const { items } = await this.world.kube.list(configMaps, { namespace: testNamespace });
    const shards = items.filter(({ metadata }) =>
      metadata.name.startsWith(`tgp-offers-default.${name}`)
    );
    return shards.length === 0 ? undefined : decodeCatalog(
      shards.map(({ metadata, data = {}, binaryData = {} }) => ({
        name: metadata.name,
        data,
        binaryData,
      })),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.world.clock.settle();
    await this.#running;
    this.world[Symbol.dispose]();
  }
}

Deno.test("offers are published as soon as they are read", async () => {
  await using press = await Press.start();
  press.publisher.publish(press.account());
  await press.world.clock.settle();
  const catalog = await press.published();
  assert.equal(catalog?.account, "lambda");
  assert.deepEqual(catalog?.offers.map(({ price }) => price.perHour), [parseUsd("1.29")]);
});

Deno.test("offers that change all the time are rewritten every 15 s, the last one in the end", async () => {
  await using press = await Press.start();
  for (let cents = 10; cents < 70; cents++) {
    press.publisher.publish(press.account(`1.${cents}`));
    await press.world.clock.advance(second);
  }
  assert.ok(press.writes >= 2 && press.writes <= 4, String(press.writes));
  await press.world.clock.advance(15 * second);
  assert.equal((await press.published())?.offers[0]?.price.perHour, parseUsd("1.69"));
});

Deno.test("a stock signal that flaps rewrites offers every 15 s and no more often", async () => {
  await using press = await Press.start();
  const writtenAt: number[] = [];
  press.world.server.addHook({
    after: ({ info, method }, { ok }) =>
      void (info.kind === "resource" && info.plural === "configmaps" && method === "PUT" && ok &&
        writtenAt.push(press.world.clock.now())),
  });
  const account = press.account();
  const [offer] = account.snapshot?.offers ?? [];
  assert.ok(offer);
  for (let turn = 0; turn < 120; turn++) {
    const offers = [{ ...offer, available: turn % 2 === 0 }];
    account.snapshot = { offers, readAt: press.world.clock.now() };
    press.publisher.publish(account);
    await press.world.clock.advance(second);
  }
  assert.ok(writtenAt.length >= 6 && writtenAt.length <= 8, String(writtenAt.length));
  for (const [index, at] of writtenAt.entries()) {
    assert.ok(at - (writtenAt[index - 1] ?? -Infinity) >= 15 * second);
  }
});

Deno.test("offers that could not be read are published with the reason, and once", async () => {
  await using press = await Press.start();
  const account = press.account();
  for (let poll = 0; poll < 5; poll++) {
    const at = press.world.clock.now();
    account.offersFailure = { kind: "transient", message: "no answer", at };
    press.publisher.publish(account);
    await press.world.clock.advance(60 * second);
  }
  const catalog = await press.published();
  assert.equal(catalog?.source.state === "failed" && catalog.source.message, "no answer");
  assert.equal(catalog?.offers.length, 1);
  assert.equal(press.writes, 0, "created, and not written again");
});

Deno.test("offers that stay the same are written again every ten minutes", async () => {
  await using press = await Press.start();
  for (let minute = 0; minute < 21; minute++) {
    press.publisher.publish(press.account());
    await press.world.clock.advance(60 * second);
  }
  assert.equal(press.writes, 2);
});

Deno.test("accounts do not wait for each other", async () => {
  await using press = await Press.start();
  press.publisher.publish(press.account("1.29", "one"));
  press.publisher.publish(press.account("1.29", "two"));
  await press.world.clock.settle();
  assert.ok(await press.published("one"));
  assert.ok(await press.published("two"));
});

Deno.test("a catalog that could not be written is written with the next reading", async () => {
  await using press = await Press.start();
  press.world.onceBefore(
    isWrite("create", "configmaps"),
    () => Response.json({ kind: "Status", message: "no" }, { status: 403 }),
  );
  press.publisher.publish(press.account());
  await press.world.clock.settle();
  assert.equal(await press.published(), undefined);
  press.publisher.publish(press.account());
  await press.world.clock.settle();
  assert.ok(await press.published());
});

Deno.test("offers of an account that is gone are removed, and published again when it comes back", async () => {
  await using press = await Press.start();
  press.publisher.publish(press.account());
  await press.world.clock.settle();
  press.publisher.withdraw("default/lambda");
  await press.world.clock.settle();
  assert.equal(await press.published(), undefined);
  press.publisher.publish(press.account());
  await press.world.clock.settle();
  assert.ok(await press.published());
});
