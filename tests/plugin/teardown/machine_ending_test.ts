import assert from "node:assert/strict";
import type { Instance } from "../../../providers/contract.ts";
import {
  type EndingResult,
  type EndingTask,
  MachineEnding,
} from "../../../plugin/teardown/machine_ending.ts";
import { untilDeadline } from "../../../plugin/teardown/until_deadline.ts";
import { drive, type ProviderWorld } from "../../providers/provider_world.ts";
import { createLambdaWorld } from "../../providers/lambda/lambda_world.ts";
import { createPaperspaceWorld } from "../../providers/paperspace/paperspace_world.ts";
import { createRunpodWorld, runpodEntry } from "../../providers/runpod/runpod_world.ts";
import { never, rent, rentAndBoot } from "../../providers/conformance/steps.ts";

const clouds = [
  ["Lambda", () => createLambdaWorld("in process")],
  ["Paperspace", () => createPaperspaceWorld("in process")],
  ["RunPod REST", () => createRunpodWorld("in process")],
  [
    "RunPod GraphQL",
    () => createRunpodWorld("in process", { entry: runpodEntry({ protocol: "GraphQL" }) }),
  ],
] as const satisfies readonly (readonly [string, () => Promise<ProviderWorld>])[];

const hourMs = 3_600_000;

interface Run {
  readonly result: EndingResult;
  readonly lines: readonly string[];
}

/** Lets time pass whatever is under way: a cloud that hangs must not stop the clock. */
async function settle<T>({ clock }: ProviderWorld, promise: Promise<T>): Promise<T> {
  let settled = false;
  promise.then(() => settled = true, () => settled = true);
  while (!settled) await clock.advance(500);
  return await promise;
}

function isOurs({ ownership }: Instance): boolean {
  return ownership.kind === "ours";
}

async function end(
  world: ProviderWorld,
  change: Partial<EndingTask> & { readonly timeoutMs?: number } = {},
): Promise<Run> {
  const { timeoutMs = hourMs, ...task } = change;
  const lines: string[] = [];
  const deps = { clock: world.clock, report: (line: string) => void lines.push(line) };
  const ending = new MachineEnding(deps, {
    label: "account",
    client: world.provider,
    selectTargets: (instances) => Promise.resolve(instances.filter(isOurs)),
    isKept: () => false,
    settledAt: -Infinity,
    ...task,
  });
  const result = await settle(
    world,
    untilDeadline(world.clock, timeoutMs, never, (signal) => ending.run(signal)),
  );
  assert.equal(world.clock.sleeping, 0, "something still waits");
  return { result, lines };
}

function alive(world: ProviderWorld): readonly string[] {
  return world.machines().filter(({ state }) => state === "alive").map(({ name }) => name);
}

for (const [cloud, create] of clouds) {
  const test = (what: string, run: (world: ProviderWorld) => Promise<void>) =>
    Deno.test(`MachineEnding at ${cloud} ${what}`, async () => {
      const world = await create();
      try {
        await run(world);
      } finally {
        await world.close();
      }
    });

  test("ends what is ours, sees that it is gone, and touches nothing else", async (world) => {
    await rentAndBoot(world);
    await rent(world, world.order("tgp-abc123-train-second"));
    world.addForeignMachines(2);
    const before = alive(world);
    const { result, lines } = await end(world);
    assert.equal(result.problem, undefined);
    assert.deepEqual(result.left, []);
    assert.deepEqual(result.ended.map(({ name }) => name).sort(), [
      "tgp-abc123-train-q7x2k9",
      "tgp-abc123-train-second",
    ]);
    const ours = (name: string) => name.startsWith("tgp-abc123-");
    assert.deepEqual(alive(world), before.filter((name) => !ours(name)));
    const list = await drive(world, world.provider.listInstances(never));
    assert.ok(!list.some((one) => isOurs(one) && one.state !== "terminated"));
    assert.ok(lines.some((line) => /^account: tgp-abc123-.* was told to end$/.test(line)));
    assert.ok(lines.some((line) => /^account: tgp-abc123-.* is gone$/.test(line)));
  });

  test("is done with an empty account after two lists", async (world) => {
    const { result, lines } = await end(world);
    assert.deepEqual([result.problem, result.ended, lines], [undefined, [], []]);
    assert.ok(world.requests().filter(({ purpose }) => purpose === "list").length >= 2);
  });

  test("goes on after a cloud that fails, lies and throttles", async (world) => {
    await rentAndBoot(world);
    world.throttle("list", 2, 7);
    world.spoil("list", "html502", { times: 4 });
    world.spoil("terminate", "htmlOk", { times: 4 });
    const { result } = await end(world);
    assert.deepEqual([result.problem, result.ended.length, alive(world)], [undefined, 1, []]);
  });

  test("waits for a machine that cannot be ended while it boots", async (world) => {
    world.refuseTerminateWhileBooting();
    await rent(world);
    const { result, lines } = await end(world);
    assert.deepEqual([result.problem, result.ended.length, alive(world)], [undefined, 1, []]);
    assert.ok(lines.some((line) => line.includes("cannot be ended yet")), lines.join("\n"));
    // Complaints are not repeated with every look.
    assert.ok(lines.length < 25, lines.join("\n"));
  });

  test("is not held up by a cloud that hangs, and says what is left in the end", async (world) => {
    await rentAndBoot(world);
    world.spoil("list", "hang", { times: 1_000 });
    const { result, lines } = await end(world, { timeoutMs: 10 * 60_000 });
    assert.deepEqual(result.ended, []);
    assert.match(result.problem ?? "", /cannot be listed/);
    assert.match(lines[0] ?? "", /^account: cannot be listed: no answer in time$/);
    assert.equal(alive(world).length, 1);
  });

  test("believes no list that lacks a machine once", async (world) => {
    await rentAndBoot(world);
    let looks = 0;
    const { result } = await end(world, {
      // The second complete list is odd.
      selectTargets: (instances) => Promise.resolve(++looks === 2 ? [] : instances.filter(isOurs)),
    });
    assert.deepEqual([result.problem, result.ended.length, alive(world)], [undefined, 1, []]);
  });

  test("looks again for a machine that lists do not show yet", async (world) => {
    world.lagLists(60_000);
    await rent(world);
    const settledAt = world.clock.now() + world.provider.info().settle;
    const { result } = await end(world, { settledAt });
    assert.deepEqual([result.problem, result.ended.length, alive(world)], [undefined, 1, []]);
    assert.ok(world.clock.now() >= settledAt);
  });

  test("gives up with a key that is refused again and again", async (world) => {
    await rentAndBoot(world);
    world.strike("revoked");
    const { result } = await end(world);
    assert.equal(result.notAllowed, true);
    assert.match(result.problem ?? "", /cannot be listed/);
    assert.ok(world.clock.now() < Date.UTC(2026, 0, 1) + hourMs, "it waited for the deadline");
  });

  test("ends nothing that it is not told to end", async (world) => {
    await rentAndBoot(world);
    const { result } = await end(world, { selectTargets: () => Promise.resolve([]) });
    assert.deepEqual([result.problem, result.ended, alive(world).length], [undefined, [], 1]);
  });
}
