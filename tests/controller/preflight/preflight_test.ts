import assert from "node:assert/strict";
import { Preflight, type PreflightDeps } from "../../../controller/preflight/preflight.ts";
import { nodeClasses } from "../../../kube/tgp_resources.ts";
import type { SeenRequest } from "../../../sim/api_server/hooks.ts";
import { buildClass } from "../../support/controller_builders.ts";
import { ControllerWorld, testNamespace } from "../../support/controller_world.ts";

function depsOf(world: ControllerWorld, change: Partial<PreflightDeps> = {}): PreflightDeps {
  const { kube, clock, log, metrics, recorder, classes } = world;
  return {
    ...{ kube, clock, log, metrics, recorder, classes },
    wallClock: clock,
    namespace: testNamespace,
    caBundle: undefined,
    ...change,
  };
}

/** Runs it for a while. */
async function runFor(world: ControllerWorld, preflight: Preflight, ms: number): Promise<void> {
  const stop = new AbortController();
  const running = preflight.run(stop.signal);
  await world.clock.advance(ms);
  stop.abort();
  await running;
  assert.equal(world.clock.sleeping, 0);
}

function watch(world: ControllerWorld): string[] {
  const seen: string[] = [];
  world.server.addHook({
    before({ info, method }: SeenRequest) {
      if (info.kind === "resource") seen.push(`${info.verb} ${info.plural} ${info.name}`.trim());
      else seen.push(`${method} ${info.path}`);
    },
  });
  return seen;
}

Deno.test("Preflight tells a class what keeps its machines from joining, once", async () => {
  using world = await ControllerWorld.create();
  await world.putClass(buildClass());
  await runFor(world, new Preflight(depsOf(world)), 3_600_000);
  assert.equal(world.notes.length, 1);
  const [note] = world.notes;
  assert.deepEqual([note?.object.name, note?.type, note?.reason], [
    "default",
    "Warning",
    "PreflightFailed",
  ]);
  assert.match(note?.message ?? "", /join-config: kube-system has no ConfigMap kubeadm-config/);
  assert.match(note?.message ?? "", /kubectl tgp doctor$/);
});

Deno.test("Preflight looks again every ten minutes while something is wrong, and when a class has changed", async () => {
  using world = await ControllerWorld.create();
  await world.putClass(buildClass());
  const seen = watch(world);
  const preflight = new Preflight(depsOf(world));
  const stop = new AbortController();
  const running = preflight.run(stop.signal);
  await world.clock.advance(60_000);
  const once = seen.length;
  await world.clock.advance(3_600_000);
  assert.equal(seen.length, 7 * once);
  await world.clock.advance(60_000);
  assert.equal(seen.length, 7 * once);
  await world.kube.patch(nodeClasses, { name: "default" }, {
    spec: { bootstrap: { kubeadm: { apiServerEndpoint: "10.96.0.1:443" } } },
  });
  await world.sync();
  await world.clock.advance(60_000);
  stop.abort();
  await running;
  assert.match(
    world.notes.at(-1)?.message ?? "",
    /endpoint: 10\.96\.0\.1:443 is the usual address/,
  );
});

Deno.test("Preflight asks before it reads what not every installation grants", async () => {
  using world = await ControllerWorld.create();
  await world.putClass(buildClass());
  const seen = watch(world);
  world.server.addHook({
    after({ info }) {
      if (info.kind !== "resource" || info.plural !== "selfsubjectaccessreviews") return;
      return Response.json({ metadata: {}, status: { allowed: false } }, { status: 201 });
    },
  });
  await runFor(world, new Preflight(depsOf(world)), 60_000);
  const touched = new Set(seen.map((line) => line.split(" ")[1]));
  for (const plural of ["daemonsets", "pods", "configmaps", "subjectaccessreviews"]) {
    assert.ok(!touched.has(plural), plural);
  }
  // What it may not do at all is said.
  assert.match(world.notes[0]?.message ?? "", /rbac: the controller may not list gpunodeclasses/);
});

Deno.test("Preflight ends nothing when the API server is away", async () => {
  using world = await ControllerWorld.create();
  await world.putClass(buildClass());
  world.server.addHook({ before: () => new Response("", { status: 503 }) });
  await runFor(world, new Preflight(depsOf(world)), 60_000);
  assert.deepEqual(world.notes, []);
});

Deno.test("Preflight looks at who answers where machines are to join", async () => {
  using world = await ControllerWorld.create();
  await world.putClass(buildClass());
  const asked: string[] = [];
  await runFor(
    world,
    new Preflight(depsOf(world, {
      probeEndpoint({ host, port, caPem }) {
        asked.push(`${host}:${port} ${caPem}`);
        return Promise.resolve({ kind: "silent", why: "connection refused" });
      },
    })),
    60_000,
  );
  // As the class says, its authority included.
  assert.deepEqual(asked, ["api.example.test:6443 CA"]);
  assert.match(world.notes[0]?.message ?? "", /does not answer from here: connection refused/);
});
