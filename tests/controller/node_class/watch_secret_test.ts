import assert from "node:assert/strict";
import { watchSecret } from "../../../controller/node_class/watch_secret.ts";
import { secrets } from "../../../kube/resource.ts";
import type { LogFields } from "../../../runtime/log.ts";
import type { Secret } from "../../../schemas/kubernetes.ts";
import type { SeenRequest } from "../../../sim/api_server/hooks.ts";
import { ControllerWorld, testNamespace } from "../../support/controller_world.ts";

const second = 1_000;
const ref = { name: "lambda-key", namespace: testNamespace };

/** A watch that runs until disposed. */
class Watching implements AsyncDisposable {
  readonly world: ControllerWorld;
  changes = 0;
  readonly requests: SeenRequest[] = [];
  readonly said: string[] = [];
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  private constructor(world: ControllerWorld) {
    this.world = world;
    world.server.addHook({
      before: (request) => {
        const { info } = request;
        if (info.kind === "resource" && info.plural === "secrets" && request.method === "GET") {
          this.requests.push(request);
        }
      },
    });
  }

  static async create(): Promise<Watching> {
    return new Watching(await ControllerWorld.create());
  }

  async start(): Promise<void> {
    const { world } = this;
    const say = (message: string, _fields?: LogFields) => void this.said.push(message);
    const log = { ...world.log, info: say, warn: say, error: say, with: () => log };
    const deps = { ...world, kube: world.kube, metrics: world.metrics, log };
    this.#running = watchSecret(deps, ref, () => this.changes++, this.#stop.signal);
    await world.clock.settle();
  }

  async put(apiKey: string): Promise<void> {
    const data = { apiKey: btoa(apiKey) };
    const secret: Secret = { apiVersion: "v1", kind: "Secret", metadata: ref, data };
    await this.world.kube.create(secrets, secret);
    await this.world.clock.settle();
  }

  async patch(body: unknown): Promise<void> {
    await this.world.kube.patch(secrets, ref, body);
    await this.world.clock.settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.world.clock.advance(second);
    await this.#running;
    this.world[Symbol.dispose]();
  }
}

Deno.test("watchSecret() tells of a Secret that comes, changes a key and goes, and of nothing else", async () => {
  await using watching = await Watching.create();
  await watching.start();
  assert.equal(watching.changes, 0);
  await watching.put("one");
  assert.equal(watching.changes, 1);
  await watching.patch({ data: { apiKey: btoa("two") } });
  assert.equal(watching.changes, 2);
  await watching.patch({ metadata: { labels: { a: "b" } } });
  await watching.patch({ data: { apiKey: btoa("two") } });
  assert.equal(watching.changes, 2);
  await watching.world.kube.delete(secrets, ref);
  await watching.world.clock.settle();
  assert.equal(watching.changes, 3);
  await watching.put("two");
  assert.equal(watching.changes, 4);
});

Deno.test("watchSecret() asks for its Secret alone, and never lists", async () => {
  await using watching = await Watching.create();
  await watching.put("one");
  await watching.start();
  await watching.world.clock.advance(3_600 * second);
  assert.ok(watching.requests.length > 1, "the server ends watches");
  for (const { info, url } of watching.requests) {
    assert.equal(info.kind === "resource" && info.verb, "watch");
    assert.equal(url.pathname, `/api/v1/namespaces/${testNamespace}/secrets`);
    assert.equal(url.searchParams.get("fieldSelector"), "metadata.name=lambda-key");
  }
});

Deno.test("watchSecret() sees what changed while nobody watched", async () => {
  await using watching = await Watching.create();
  await watching.put("one");
  await watching.start();
  const before = watching.changes;
  const remove = watching.world.server.addHook({
    before: ({ info }) => {
      if (info.kind !== "resource" || info.verb !== "watch") return;
      const status = { kind: "Status", code: 503, message: "away", status: "Failure" };
      return Response.json(status, { status: 503 });
    },
  });
  // Longer than any watch lives.
  await watching.world.clock.advance(700 * second);
  await watching.patch({ data: { apiKey: btoa("two") } });
  remove();
  await watching.world.clock.advance(60 * second);
  assert.ok(watching.changes > before);
});

Deno.test("watchSecret() says once that it is forbidden, and tries again now and then", async () => {
  await using watching = await Watching.create();
  await watching.put("one");
  const remove = watching.world.server.addHook({
    before: ({ info }) => {
      if (info.kind !== "resource" || info.verb !== "watch") return;
      const status = { kind: "Status", code: 403, reason: "Forbidden", message: "no" };
      return Response.json(status, { status: 403 });
    },
  });
  await watching.start();
  await watching.world.clock.advance(3_600 * second);
  assert.equal(watching.said.length, 1);
  assert.ok(watching.requests.length <= 7, String(watching.requests.length));
  remove();
  await watching.world.clock.advance(700 * second);
  assert.equal(watching.changes, 1);
});
