import assert from "node:assert/strict";
import type { Offer, Provider } from "../../../providers/contract.ts";
import { ProviderError } from "../../../providers/errors.ts";
import type { LambdaOptions } from "../../../schemas/clouds/lambda.ts";
import type { ThrottleShape } from "../../../sim/clouds/lambda/behaviour.ts";
import type { LambdaCloudOptions } from "../../../sim/clouds/lambda/mod.ts";
import { testProviderConformance } from "../conformance.ts";
import { drive } from "../provider_world.ts";
import { createLambdaWorld, lambdaEntry, type LambdaWorld } from "./lambda_world.ts";

testProviderConformance({ cloud: "Lambda", create: createLambdaWorld });

const never = new AbortController().signal;

function createWorld(
  lambda: Partial<LambdaOptions> = {},
  options: Partial<LambdaCloudOptions> & { readonly regions?: string[] } = {},
): Promise<LambdaWorld> {
  const entry = lambdaEntry({
    lambda: { sshKeyName: "tgp", ...lambda },
    ...(options.regions && { regions: options.regions }),
  });
  return createLambdaWorld("in process", { ...options, entry });
}

async function launch(world: LambdaWorld, region = "us-east-1") {
  const permit = await drive(world, world.provider.acquireLaunch(never));
  const order = {
    ...world.order("tgp-abc123-train-q7x2k9"),
    region,
    sendBefore: world.clock.now() + 60_000,
  };
  return await drive(world, world.provider.launch(order, permit, never));
}

function list(world: LambdaWorld): Promise<readonly Offer[]> {
  return drive(world, world.provider.listOffers({}, never));
}

/** Available offers as the simulator states its stock: type ↦ regions. */
function byType(offers: readonly Offer[]): Record<string, string[]> {
  const types: Record<string, string[]> = {};
  for (const { available, instanceType, location } of offers) {
    if (available) (types[instanceType] ??= []).push(location.region ?? "");
  }
  return types;
}

Deno.test("listOffers() equals the cloud's stock", async () => {
  const world = await createWorld();
  const stock = Object.entries(world.cloud.stock())
    .map(([type, regions]) => [type, Object.keys(regions).sort()]);
  assert.deepEqual(byType(await list(world)), Object.fromEntries(stock));
});

Deno.test("listOffers() filters by model and by region, native or qualified", async () => {
  const world = await createWorld();
  const types = async (filter: Parameters<Provider["listOffers"]>[0]) =>
    byType(await drive(world, world.provider.listOffers(filter, never)));
  const native = await types({ region: "us-west-1" });
  assert.deepEqual(Object.keys(native), [
    "gpu_1x_a10",
    "gpu_1x_a100",
    "gpu_2x_a100",
    "gpu_4x_a100",
  ]);
  assert.deepEqual(await types({ region: "lambda-us-west-1" }), native);
  assert.deepEqual(await types({ region: "us-west-1", gpuModel: "A10-24GB" }), {
    gpu_1x_a10: ["us-west-1"],
  });
  assert.deepEqual(await types({ gpuModel: "A10" }), {});
});

Deno.test("an entry's regions bound its offers", async () => {
  const world = await createWorld({}, { regions: ["us-west-1"] });
  const offers = await list(world);
  assert.ok(
    offers.every(({ available, location }) =>
      available ? location.region === "us-west-1" : location.region === undefined
    ),
  );
  assert.ok(offers.some((offer) => offer.instanceType === "gpu_8x_h100_sxm5" && !offer.available));
});

Deno.test("filesystems tie machines to their region, are looked up rarely, and are attached", async () => {
  const filesystems = [{ id: "f".repeat(32), name: "data", region: "us-west-1" }];
  const world = await createWorld({ filesystems: ["data"] }, { filesystems });
  const lookUps = () => world.requests().filter(({ text }) => /file-systems/.test(text)).length;
  assert.deepEqual(byType(await list(world))["gpu_1x_a10"], ["us-west-1"]);
  await list(world);
  assert.equal(lookUps(), 1);
  await world.clock.advance(10 * 60_000);
  await list(world);
  assert.equal(lookUps(), 2);
  const outcome = await launch(world, "us-west-1");
  assert.ok(outcome.kind === "launched");
  assert.equal((await launch(world, "us-east-1")).kind, "rejected");
});

Deno.test("an image family ties machines to CPUs it runs on", async () => {
  const stock = {
    gpu_1x_gh200: { "us-east-3": 1, "us-east-1": 1 },
    gpu_1x_a10: { "us-east-3": 1 },
  };
  const stack = await createWorld({ imageFamily: "lambda-stack-24-04" }, { stock });
  assert.deepEqual(byType(await list(stack)), {
    gpu_1x_gh200: ["us-east-3"],
    gpu_1x_a10: ["us-east-3"],
  });
  const base = await createWorld({ imageFamily: "gpu-base-24-04" }, { stock });
  assert.deepEqual(byType(await list(base)), { gpu_1x_a10: ["us-east-3"] });
});

Deno.test("what the options name but the account lacks is said, with the field", async () => {
  const cases: [Partial<LambdaOptions>, RegExp][] = [
    [{ filesystems: ["gone"] }, /Filesystem "gone" does not exist .* change lambda\.filesystems/],
    [{ firewallRulesetIDs: ["gone"] }, /change lambda\.firewallRulesetIDs/],
    [{ imageFamily: "gone" }, /change lambda\.imageFamily; the account has gpu-base-24-04/],
  ];
  for (const [options, expected] of cases) {
    const world = await createWorld(options);
    await assert.rejects(list(world), { kind: "invalid_request", message: expected });
  }
  const world = await createWorld({ sshKeyName: "gone" });
  await assert.rejects(drive(world, world.provider.verifyCredentials(never)), {
    kind: "invalid_request",
    message: /SSH key "gone" does not exist in it: .* change lambda\.sshKeyName; it has tgp$/,
  });
});

for (const repeatedTerminate of ["accept", "unknown", "notFound", "conflict"] as const) {
  Deno.test(`ending twice succeeds when the vendor answers ${repeatedTerminate}`, async () => {
    const world = await createWorld({}, { behaviour: { repeatedTerminate } });
    const outcome = await launch(world);
    assert.ok(outcome.kind === "launched");
    await drive(world, world.provider.terminate(outcome.instanceId, never));
    await drive(world, world.provider.terminate(outcome.instanceId, never));
    await world.clock.advance(60_000);
    await drive(world, world.provider.terminate(outcome.instanceId, never));
    assert.equal(world.cloud.machines()[0]?.state, "terminated");
  });
}

for (const throttleShape of ["json", "empty", "text", "html", "1015"] as const) {
  Deno.test(`a throttle in shape "${throttleShape}" is waited for, and launches say so`, async () => {
    const world = await createWorld({}, { behaviour: { throttleShape } });
    await exhaust(world, throttleShape);
    const startedAt = world.clock.now();
    assert.deepEqual(await drive(world, world.provider.listInstances(never)), []);
    assert.ok(world.clock.now() > startedAt + 2_000);
    const permit = await drive(world, world.provider.acquireLaunch(never));
    await exhaust(world, throttleShape);
    const order = { ...world.order("tgp-abc123-train-q7x2k9"), sendBefore: Infinity };
    const outcome = await drive(world, world.provider.launch(order, permit, never));
    assert.equal(outcome.kind, "rateLimited");
    assert.deepEqual(world.machines(), []);
  });
}

/** Somebody else uses the same key until the vendor has enough. */
async function exhaust(world: LambdaWorld, throttleShape: ThrottleShape): Promise<void> {
  const throttled = throttleShape === "1015" ? 403 : 429;
  for (let status = 0; status !== throttled;) {
    const response = await world.cloud.handler(
      new Request("http://127.0.0.1/api/v1/regions", {
        headers: { authorization: `Bearer ${world.secrets[0]}` },
      }),
      { peer: {} },
    );
    status = response instanceof Response ? response.status : 0;
  }
}

Deno.test("a price is the type's with the fewest GPUs, in any region the cloud has", async () => {
  const world = await createWorld();
  const price = (model: string, region: string) =>
    drive(world, world.provider.getPricing(model, region, never));
  assert.equal((await price("H100-SXM5-80GB", "us-south-2")).perHour, 4_290_000);
  assert.equal((await price("H100-SXM5-80GB", "lambda-us-east-1")).perHour, 4_290_000);
  assert.equal((await price("V100-SXM2-16GB", "us-south-2")).perGpuHour, 790_000);
  await assert.rejects(
    price("H100-SXM5-80GB", "mars-1"),
    (error) => error instanceof ProviderError && error.kind === "not_found",
  );
});

Deno.test("documented facts: limits, settle time, longer boots for more GPUs", async () => {
  const { provider } = await createWorld();
  const { requestsPerSecond, launchesPerMinute } = provider.rateLimits();
  assert.deepEqual([requestsPerSecond, launchesPerMinute], [1, 5]);
  assert.ok(provider.info().settle >= provider.info().callTimeout);
  assert.ok(provider.bootTimeouts(8).launch > provider.bootTimeouts(1).launch);
});
