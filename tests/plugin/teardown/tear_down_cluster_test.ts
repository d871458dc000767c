import assert from "node:assert/strict";
import { KubeConnectionError } from "../../../kube/errors.ts";
import { KubeError } from "../../../kube/kube.ts";
import { nodeClaims, nodeClasses, nodePools } from "../../../kube/tgp_resources.ts";
import { runPlugin } from "../../../plugin/run_plugin.ts";
import { createSeededRandom } from "../../../runtime/random.ts";
import type { KubernetesObject } from "../../../schemas/kubernetes.ts";
import { createInProcessFetch } from "../../../sim/in_process_fetch.ts";
import { createScene, isOver, minute, podOf } from "../../simulation/scenario.ts";
import { PluginHarness } from "../../support/plugin_harness.ts";
import type { SimulatedWorld } from "../../support/simulated_world.ts";

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly answers?: readonly string[];
  readonly interrupted?: AbortSignal;
  /** Called with every line on stderr. */
  readonly onMessage?: (line: string) => void;
  /** Refuses what the user may not do. */
  readonly guard?: (what: string) => void;
}

/** Runs `kubectl tgp <words>` in a world, and lets time pass until it has ended. */
async function run(
  world: SimulatedWorld,
  words: string,
  options: RunOptions = {},
): Promise<Result> {
  let stdout = "";
  let stderr = "";
  const answers = [...options.answers ?? []];
  const kube = { ...world.kube, close() {} };
  kube.get = async (type, ...rest) => {
    options.guard?.(`get ${type.plural}`);
    return await world.kube.get(type, ...rest);
  };
  kube.delete = async (type, ...rest) => {
    options.guard?.(`delete ${type.plural}`);
    return await world.kube.delete(type, ...rest);
  };
  const running = runPlugin(words.split(" "), {
    out: (text) => void (stdout += text),
    message(line) {
      stderr += `${line}\n`;
      options.onMessage?.(line);
    },
    ask(question) {
      stderr += `${question}\n`;
      return options.answers === undefined ? undefined : answers.shift() ?? "";
    },
    columns: undefined,
  }, {
    clock: world.clock,
    random: createSeededRandom(3),
    fetch: createInProcessFetch((request, context) =>
      world.onCloudRequest?.(request, world.cloud.handler) ?? world.cloud.handler(request, context)
    ),
    env: (name) => name === "TGP_LAMBDA_URL" ? "http://lambda.test" : undefined,
    untilInterrupted: (work) => work(options.interrupted ?? new AbortController().signal),
    clockSkewMs: () => 0,
    probeEndpoint: () => Promise.reject(new Error("nobody asks")),
    connect: () => Promise.resolve(kube),
  });
  let done = false;
  running.finally(() => done = true);
  await world.until("the command ends", () => done, 8 * 60 * minute);
  return { code: await running, stdout, stderr };
}

/** A scene whose pod runs for hours on a machine of its own. */
async function withMachine(test: (world: SimulatedWorld) => Promise<void>): Promise<void> {
  await using world = await createScene(5);
  world.startController();
  await world.apply(podOf("work", 1, 36_000));
  await world.until("a machine works", async () => {
    const [claim] = (await world.kube.list(nodeClaims)).items;
    return claim?.status?.conditions?.some(({ type, status }) =>
      type === "Initialized" && status === "True"
    ) ?? false;
  }, 60 * minute);
  await test(world);
}

function alive(world: SimulatedWorld): readonly string[] {
  return world.cloud.machines().filter(({ state }) => !/^terminat/.test(state))
    .map(({ name }) => name);
}

/** The cloud is down for whoever wants to end something. */
function refuseEndings(world: SimulatedWorld): void {
  world.onCloudRequest = async (request, serve) =>
    request.url.endsWith("/terminate")
      ? new Response("", { status: 503 })
      : await serve(request, { peer: {} });
}

async function isPaused(world: SimulatedWorld): Promise<boolean | undefined> {
  return (await world.kube.get(nodePools, { name: "gpu" })).spec.paused;
}

Deno.test("teardown drains and ends everything, verifies it, and lets the classes go", () =>
  withMachine(async (world) => {
    const { code, stdout, stderr } = await run(world, "teardown", { answers: ["yes"] });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^NAME +GPU +ACCOUNT +\$\/H +STEP +AGE\ntgp-\S+ +1x A10/);
    assert.match(stderr, /^Pauses pool gpu, so that nothing is bought meanwhile\.$/m);
    assert.match(stderr, /^Deletes GPUNodeClass lambda in the end/m);
    assert.match(
      stderr,
      /^End everything of this cluster: 1 claim, \d\.\d\d US dollars per hour\?/m,
    );
    assert.match(stderr, /^tgp-\S+: (draining|terminating)/m);
    assert.match(stdout, /^1 claim ended, and nothing of it is left in lambda\/lambda\.$/m);
    assert.match(
      stdout,
      /^It is safe to remove TGP: kubectl delete -k manifests\/ --ignore-not-found \(or helm uninstall\)$/m,
    );
    assert.deepEqual(alive(world), []);
    assert.ok(await isOver(world));
    assert.equal((await world.kube.list(nodeClasses)).items.length, 0);
    // The pod waits again, and nothing is bought for it.
    await world.clock.advance(30 * minute);
    assert.equal(world.cloud.machines().length, 1);
    const again = await run(world, "teardown --yes");
    assert.equal(again.code, 0, again.stderr);
  }));

Deno.test("teardown --pool ends a pool's machines, keeps classes, and says how to resume", () =>
  withMachine(async (world) => {
    const other: KubernetesObject & { readonly spec: unknown } = {
      apiVersion: "tgp.io/v1",
      kind: "GPUNodeClaim",
      metadata: { name: "by-hand" },
      spec: { nodeClassRef: { name: "lambda" }, resources: { "nvidia.com/gpu": "1" } },
    };
    await world.apply(other);
    await world.until("two machines", () => alive(world).length === 2, 30 * minute);
    const { code, stdout, stderr } = await run(world, "teardown --pool gpu --yes");
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^Pool "gpu" stays paused\. To let it buy again:\n {2}kubectl patch gpunodepool gpu /m,
    );
    assert.doesNotMatch(stdout, /safe to remove/);
    assert.deepEqual(alive(world), ["by-hand"]);
    assert.equal((await world.kube.list(nodeClasses)).items.length, 1);
    const unknown = await run(world, "teardown --pool nothing --yes");
    assert.equal(unknown.code, 1);
    assert.match(
      unknown.stderr,
      /there is no pool "nothing", and no claim of one\n +There are gpu/,
    );
  }));

for (const mode of ["client", "server"]) {
  Deno.test(`teardown --dry-run=${mode} changes nothing`, () =>
    withMachine(async (world) => {
      const { code, stdout, stderr } = await run(world, `teardown --dry-run=${mode}`);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^tgp-\S+ +1x A10/m);
      assert.match(stderr, new RegExp(`^Nothing was changed \\(${mode} dry run\\)\\.$`, "m"));
      const [claim] = (await world.kube.list(nodeClaims)).items;
      assert.equal(claim?.metadata.deletionTimestamp, undefined);
      assert.notEqual(await isPaused(world), true);
      assert.equal(
        (await world.kube.list(nodeClasses)).items[0]?.metadata.deletionTimestamp,
        undefined,
      );
    }));
}

Deno.test("teardown changes nothing where no controller works, and points to --local", () =>
  withMachine(async (world) => {
    world.killController();
    await world.clock.advance(2 * minute);
    const { code, stderr } = await run(world, "teardown --yes");
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^error: no controller works in this cluster: "controller-0" was last heard of \d+[sm] ago$/m,
    );
    assert.match(stderr, /Claims would not end, and nothing was changed/);
    assert.match(stderr, /^ +kubectl tgp teardown --local$/m);
    assert.notEqual(await isPaused(world), true);
  }));

Deno.test("teardown interrupted while it waits says what goes on, and can be repeated", () =>
  withMachine(async (world) => {
    refuseEndings(world);
    const interruption = new AbortController();
    const { code, stderr } = await run(world, "teardown --yes", {
      interrupted: interruption.signal,
      onMessage: (line) => {
        if (/terminating/.test(line)) interruption.abort(new Error("interrupted"));
      },
    });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^Interrupted: 1 claim left; the controller goes on ending what was deleted\.$/m,
    );
    assert.match(
      stderr,
      /^Pools stay paused, .*\n {2}kubectl patch gpunodepool gpu --type=merge -p /m,
    );
    assert.equal(await isPaused(world), true);
    world.onCloudRequest = undefined;
    const again = await run(world, "teardown --yes");
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(alive(world), []);
  }));

Deno.test("teardown interrupted before the first deletion lets the pools buy again", () =>
  withMachine(async (world) => {
    const interruption = new AbortController();
    interruption.abort(new Error("interrupted"));
    const { code, stderr } = await run(world, "teardown --yes", {
      interrupted: interruption.signal,
    });
    assert.equal(code, 1);
    assert.match(stderr, /^Nothing was changed\.$/m);
    assert.notEqual(await isPaused(world), true);
    assert.equal(
      (await world.kube.list(nodeClaims)).items[0]?.metadata.deletionTimestamp,
      undefined,
    );
  }));

Deno.test("teardown out of time exits 6 and says what is left", () =>
  withMachine(async (world) => {
    refuseEndings(world);
    const { code, stderr } = await run(world, "teardown --yes --timeout 20m");
    assert.equal(code, 6);
    assert.match(stderr, /^The time is up: 1 claim left/m);
    world.onCloudRequest = undefined;
    assert.equal((await run(world, "teardown --yes")).code, 0);
  }));

/** A claim that somebody writes by hand. */
const late: KubernetesObject & { readonly spec: unknown } = {
  apiVersion: "tgp.io/v1",
  kind: "GPUNodeClaim",
  metadata: { name: "late" },
  spec: { nodeClassRef: { name: "lambda" }, resources: { "nvidia.com/gpu": "1" } },
};

Deno.test("teardown ends a claim, too, that appears when the last one is gone", () =>
  withMachine(async (world) => {
    const { code, stdout, stderr } = await run(world, "teardown --keep-classes --yes", {
      onMessage(line) {
        if (/ is ended; 0 claims left$/.test(line) && !line.startsWith("late")) {
          void world.apply(late);
        }
      },
    });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^late: appeared meanwhile, and is deleted, too$/m);
    assert.match(stdout, /^2 claims ended, and nothing of it is left in lambda\/lambda\.$/m);
    assert.deepEqual((await world.kube.list(nodeClaims)).items, []);
    assert.deepEqual(alive(world), []);
  }));

Deno.test("teardown outlasts an API server that cannot delete for a moment", () =>
  withMachine(async (world) => {
    let deletions = 0;
    let refusals = 0;
    const { code, stderr } = await run(world, "teardown --yes", {
      onMessage(line) {
        if (/ is ended; 0 claims left$/.test(line) && !line.startsWith("late")) {
          void world.apply(late);
        }
      },
      guard(what) {
        // The first one is the machine's own claim.
        if (what !== "delete gpunodeclaims" || deletions++ === 0 || refusals++ >= 3) return;
        throw refusals % 2 === 0
          ? new KubeConnectionError("Cannot reach the API server: connection refused")
          : new KubeError(429, "Cannot delete: too many requests, please try again later");
      },
    });
    assert.equal(code, 0, stderr);
    assert.ok(refusals > 3);
    assert.deepEqual((await world.kube.list(nodeClaims)).items, []);
  }));

Deno.test("teardown ends what no claim answers for, even if it is much", () =>
  withMachine(async (world) => {
    // As after a restored backup: the claims are gone, their machines are not, and they are all there is.
    world.killController();
    const [claim] = (await world.kube.list(nodeClaims)).items;
    const name = claim?.metadata.name ?? "";
    await world.kube.patch(nodeClaims, { name }, { metadata: { finalizers: [] } });
    await world.kube.delete(nodeClaims, { name });
    await world.kube.patch(nodePools, { name: "gpu" }, { spec: { paused: true } });
    assert.equal(alive(world).length, 1);
    world.startController();
    await world.clock.advance(minute / 2);
    const { code, stdout, stderr } = await run(world, "teardown --yes");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^0 claims ended, and nothing of it is left in lambda\/lambda\.$/m);
    assert.deepEqual(alive(world), []);
  }));

Deno.test("teardown by somebody who may not read keys ends everything and does not claim to know", () =>
  withMachine(async (world) => {
    const { code, stdout, stderr } = await run(world, "teardown --yes", {
      guard(what) {
        if (what === "get secrets") throw new KubeError(403, "secrets is forbidden");
      },
    });
    assert.equal(code, 4);
    assert.doesNotMatch(stdout, /safe to remove/);
    assert.match(stderr, /^ {2}lambda\/lambda: you may not read Secret tgp-system\//m);
    assert.match(stderr, /^ {2}kubectl delete gpunodeclass lambda$/m);
    assert.deepEqual(alive(world), []);
    assert.equal((await world.kube.list(nodeClasses)).items.length, 1);
  }));

Deno.test("teardown by somebody who may not delete says whom to ask, and buying goes on", () =>
  withMachine(async (world) => {
    const { code, stderr } = await run(world, "teardown --yes", {
      guard(what) {
        if (what === "delete gpunodeclaims") throw new KubeError(403, "delete is forbidden");
      },
    });
    assert.equal(code, 5);
    assert.match(stderr, /^error: delete is forbidden\n +Ask for the ClusterRole tgp-admin/m);
    assert.notEqual(await isPaused(world), true);
  }));

Deno.test("teardown of a cluster that cannot be reached points to --local", async () => {
  await using plugin = await PluginHarness.create();
  plugin.connectError = new KubeConnectionError("Cannot reach https://10.0.0.1:6443: refused");
  const { code, stderr } = await plugin.run("teardown --yes");
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^error: Cannot reach .*\n +If the cluster is gone: kubectl tgp teardown --local$/m,
  );
});

Deno.test("teardown without TGP says what to do", async () => {
  await using plugin = await PluginHarness.create({ installed: false });
  const { code, stderr } = await plugin.run("teardown --yes");
  assert.equal(code, 1);
  assert.match(stderr, /^error: the cluster has no resource gpunode/);
});
