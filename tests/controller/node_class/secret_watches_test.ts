import assert from "node:assert/strict";
import { SecretWatches } from "../../../controller/node_class/secret_watches.ts";
import { secrets } from "../../../kube/resource.ts";
import { ControllerWorld, testNamespace } from "../../support/controller_world.ts";

/** Watches that run until disposed. */
class Watchtower implements AsyncDisposable {
  readonly world: ControllerWorld;
  readonly watches: SecretWatches;
  readonly changed: string[] = [];
  /** Secrets of watches that were asked for, in order. */
  readonly asked: string[] = [];
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  private constructor(world: ControllerWorld) {
    this.world = world;
    const { clock, kube, log, metrics, random } = world;
    const onChange = (name: string) => void this.changed.push(name);
    this.watches = new SecretWatches({ clock, kube, log, metrics, random, onChange });
    world.server.addHook({
      before: ({ info, url }) => {
        if (info.kind !== "resource" || info.verb !== "watch") return;
        this.asked.push(url.searchParams.get("fieldSelector")?.split("=")[1] ?? "");
      },
    });
    this.watches.follow("early", [refTo("early")]);
    this.#running = this.watches.run(this.#stop.signal);
  }

  static async create(): Promise<Watchtower> {
    const tower = new Watchtower(await ControllerWorld.create());
    await tower.world.clock.settle();
    return tower;
  }

  async follow(className: string, ...names: readonly string[]): Promise<void> {
    this.watches.follow(className, names.map(refTo));
    await this.world.clock.settle();
  }

  /** Puts a Secret, and says which classes heard. */
  async put(name: string): Promise<readonly string[]> {
    this.changed.length = 0;
    await this.world.kube.create(secrets, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: refTo(name),
    });
    await this.world.clock.settle();
    return this.changed.toSorted();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.world[Symbol.dispose]();
  }
}

function refTo(name: string) {
  return { name, namespace: testNamespace };
}

Deno.test("SecretWatches watch what was asked for before they ran, and after", async () => {
  await using tower = await Watchtower.create();
  assert.deepEqual(await tower.put("early"), ["early"]);
  await tower.follow("late", "late");
  assert.deepEqual(await tower.put("late"), ["late"]);
  assert.deepEqual(await tower.put("nobodys"), []);
});

Deno.test("SecretWatches watch a Secret once, whoever refers to it", async () => {
  await using tower = await Watchtower.create();
  await tower.follow("a", "shared");
  await tower.follow("b", "shared", "shared");
  await tower.follow("b", "shared");
  assert.deepEqual(tower.asked, ["early", "shared"]);
  assert.deepEqual(await tower.put("shared"), ["a", "b"]);
});

Deno.test("SecretWatches let go of a Secret that nobody refers to any more", async () => {
  await using tower = await Watchtower.create();
  await tower.follow("a", "shared");
  await tower.follow("b", "shared");
  await tower.follow("a");
  assert.deepEqual(await tower.put("shared"), ["b"]);
  await tower.follow("b");
  await tower.world.kube.delete(secrets, refTo("shared"));
  assert.deepEqual(await tower.put("shared"), []);
  await tower.follow("b", "shared");
  assert.deepEqual(tower.asked, ["early", "shared", "shared"]);
  assert.deepEqual(tower.changed, ["b"], "and it is there");
});

Deno.test("SecretWatches end with their signal", async () => {
  await using tower = await Watchtower.create();
  await tower.stop();
  await tower.follow("a", "shared");
  assert.deepEqual(tower.asked, ["early"]);
});
