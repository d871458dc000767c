import assert from "node:assert/strict";
import { createSecretKeys } from "../../../../controller/admission/context/secret_keys.ts";
import { secrets } from "../../../../kube/resource.ts";
import { ControllerWorld, testNamespace } from "../../../support/controller_world.ts";
import { createRecordingLog } from "../../../support/kube_recording_log.ts";
import { toExposedText } from "../../../support/leaks.ts";

const canary = btoa("canary-of-a-vendor-key");

/** A copy that follows the cluster. */
async function startCopy(prepare: (world: ControllerWorld) => Promise<unknown> | void = () => {}) {
  const world = await ControllerWorld.create();
  await prepare(world);
  const stop = new AbortController();
  const log = createRecordingLog();
  const keys = createSecretKeys({ ...world, log }, testNamespace);
  const running = keys.run(stop.signal);
  await world.clock.settle();
  return {
    world,
    keys,
    log,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      assert.equal(world.clock.sleeping, 0);
      world[Symbol.dispose]();
    },
  };
}

async function putSecret(world: ControllerWorld, name: string, keys: readonly string[]) {
  await world.kube.create(secrets, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: testNamespace },
    ...{ data: Object.fromEntries(keys.map((key) => [key, canary])) },
  });
  await world.clock.settle();
}

Deno.test("createSecretKeys() knows which keys each Secret has", async () => {
  await using copy = await startCopy((world) => putSecret(world, "old", ["a", "b"]));
  const { clock } = copy.world;
  assert.equal(copy.keys.view("old"), "unknown");
  await clock.advance(5_000);
  assert.deepEqual(copy.keys.view("old"), { keys: ["a", "b"] });
  assert.equal(copy.keys.view("new"), "missing");
  await putSecret(copy.world, "new", ["c"]);
  assert.deepEqual(copy.keys.view("new"), { keys: ["c"] });
  await copy.world.kube.delete(secrets, { name: "old", namespace: testNamespace });
  await clock.settle();
  assert.equal(copy.keys.view("old"), "missing");
});

Deno.test("createSecretKeys() keeps no values, and never lists", async () => {
  const asked: string[] = [];
  await using copy = await startCopy((world) => {
    world.server.addHook({
      before: ({ info }) => {
        if (info.kind === "resource" && info.plural === "secrets") asked.push(info.verb);
      },
    });
  });
  await putSecret(copy.world, "key", ["apiKey"]);
  await copy.world.clock.advance(5_000);
  assert.deepEqual(new Set(asked), new Set(["watch", "create"]));
  const exposed = toExposedText(copy.keys) + toExposedText(copy.keys.view("key"));
  assert.ok(!exposed.includes(canary) && !exposed.includes(atob(canary)));
});

Deno.test("createSecretKeys() catches up after its watch ended, and after history was lost", async () => {
  await using copy = await startCopy((world) => putSecret(world, "old", ["a"]));
  const { clock, kube, server } = copy.world;
  await clock.advance(5_000);
  // Every watch ends after some minutes.
  await clock.advance(11 * 60_000);
  await putSecret(copy.world, "new", ["b"]);
  await clock.advance(5_000);
  assert.deepEqual(copy.keys.view("new"), { keys: ["b"] });
  await kube.delete(secrets, { name: "old", namespace: testNamespace });
  server.compact();
  await clock.advance(11 * 60_000);
  assert.equal(copy.keys.view("old"), "missing");
  assert.deepEqual(copy.keys.view("new"), { keys: ["b"] });
});

Deno.test("createSecretKeys() says that it does not know where it may not watch", async () => {
  await using copy = await startCopy((world) => {
    world.server.addHook({
      before: ({ info }) =>
        info.kind === "resource" && info.verb === "watch" && info.plural === "secrets"
          ? Response.json({ kind: "Status", code: 403, reason: "Forbidden", message: "no" }, {
            status: 403,
          })
          : undefined,
    });
  });
  await copy.world.clock.advance(60_000);
  assert.equal(copy.keys.view("any"), "unknown");
  assert.equal(copy.log.lines.length, 1);
});

Deno.test("createSecretKeys() tries again after failures, ever more slowly", async () => {
  let watches = 0;
  await using copy = await startCopy((world) => {
    world.server.addHook({
      before: ({ info }) => {
        if (info.kind !== "resource" || info.verb !== "watch") return undefined;
        return ++watches <= 5 ? new Response("busy", { status: 503 }) : undefined;
      },
    });
  });
  await copy.world.clock.advance(3_000);
  assert.ok(watches >= 2 && watches <= 4, String(watches));
  await copy.world.clock.advance(300_000);
  assert.equal(copy.keys.view("any"), "missing");
});
