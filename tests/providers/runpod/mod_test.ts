import assert from "node:assert/strict";
import type { LaunchRequest } from "../../../providers/contract.ts";
import { createProvider } from "../../../providers/registry.ts";
import { silentLog } from "../../../runtime/log.ts";
import { silentMetrics } from "../../../runtime/metrics.ts";
import { createSeededRandom } from "../../../runtime/random.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { testProviderConformance } from "../conformance.ts";
import { drive } from "../provider_world.ts";
import {
  containerOrder,
  createRunpodWorld,
  runpodEntry,
  type RunpodWorld,
  type RunpodWorldOptions,
} from "./runpod_world.ts";
import { scriptRunpod } from "./scripted.ts";

testProviderConformance({ cloud: "RunPod REST", create: createRunpodWorld });

testProviderConformance({
  cloud: "RunPod GraphQL",
  anonymousOffers: true,
  create: (transport, change) =>
    createRunpodWorld(transport, { ...change, entry: runpodEntry({ protocol: "GraphQL" }) }),
});

const never = new AbortController().signal;
const name = "tgp-abc123-train-q7x2k9";

async function withWorld(
  options: RunpodWorldOptions,
  run: (world: RunpodWorld) => Promise<void>,
): Promise<void> {
  const world = await createRunpodWorld("in process", options);
  try {
    await run(world);
  } finally {
    await world.close();
  }
}

async function rent(world: RunpodWorld, change: Partial<LaunchRequest> = {}): Promise<string> {
  const permit = await drive(world, world.provider.acquireLaunch(never));
  const order = containerOrder(name, world.clock.now() + 60_000, change);
  const outcome = await drive(world, world.provider.launch(order, permit, never));
  assert.ok(outcome.kind === "launched", JSON.stringify(outcome));
  return outcome.instanceId;
}

const protocols = ["REST", "GraphQL"] as const;

for (const protocol of protocols) {
  Deno.test(`${protocol}: Community pods are found, offered and rented`, () =>
    withWorld({ entry: runpodEntry({ protocol, cloudType: "Community" }) }, async (world) => {
      const offers = await drive(world, world.provider.listOffers({}, never));
      const offer = offers.find(({ instanceType, available, capacityType }) =>
        available && capacityType === "on-demand" && instanceType === "1x NVIDIA GeForce RTX 3090"
      );
      // REST neither tells nor takes a country.
      assert.equal(offer?.location.region, protocol === "REST" ? undefined : "BG");
      const region = offer?.location.region ?? "";
      const id = await rent(world, { instanceType: offer?.instanceType ?? "", region });
      await world.boot();
      const instance = await drive(world, world.provider.getInstance(id, never));
      assert.deepEqual([instance?.state, instance?.instanceType], ["running", offer?.instanceType]);
      assert.equal(instance?.pricePerHour, offer?.price.perHour);
      if (region !== "") assert.equal(instance?.region, region);
      await drive(world, world.provider.terminate(id, never));
    }));

  Deno.test(`${protocol}: what a machine costs is what its offer said`, () =>
    withWorld({ entry: runpodEntry({ protocol }) }, async (world) => {
      const offers = await drive(world, world.provider.listOffers({}, never));
      const offer = offers.find(({ instanceType, location }) =>
        instanceType === "1x NVIDIA GeForce RTX 4090" && location.region === "EU-RO-1"
      );
      const id = await rent(world);
      await world.boot();
      const instance = await drive(world, world.provider.getInstance(id, never));
      assert.equal(instance?.pricePerHour, offer?.price.perHour);
    }));

  Deno.test(`${protocol}: a pod that never starts, or cannot, is told from one that runs`, async () => {
    const cases = [
      ["never", "booting", undefined],
      ["exits", "stopped", protocol === "REST" ? undefined : "unknown"],
      ["error", protocol === "REST" ? "unhealthy" : "stopped", "unknown"],
    ] as const;
    for (const [boot, state, failure] of cases) {
      await withWorld({ entry: runpodEntry({ protocol }), behaviour: { boot } }, async (world) => {
        const id = await rent(world);
        await world.boot();
        const instance = await drive(world, world.provider.getInstance(id, never));
        assert.deepEqual([instance?.state, instance?.bootFailure?.kind], [state, failure], boot);
      });
    }
  });

  Deno.test(`${protocol}: an account that runs dry stops its pods, and checks say so`, () =>
    withWorld({ entry: runpodEntry({ protocol }), balanceUsd: 1 }, async (world) => {
      await rent(world);
      await world.clock.advance(6 * 60 * 60_000);
      const [instance] = await drive(world, world.provider.listInstances(never));
      assert.deepEqual([instance?.state, instance?.pricePerHour], ["stopped", 0]);
      const [billing] = await drive(world, world.provider.checkAccount(never));
      assert.deepEqual([billing?.what, billing?.state], ["billing", "fail"]);
    }));

  Deno.test(`${protocol}: moments are read as either API writes them`, () =>
    withWorld(
      { entry: runpodEntry({ protocol }), behaviour: { createdAtFormat: "go" } },
      async (world) => {
        const id = await rent(world);
        const instance = await drive(world, world.provider.getInstance(id, never));
        assert.ok(Math.abs((instance?.launchedAt ?? 0) - world.clock.now()) < 10_000);
      },
    ));

  Deno.test(`${protocol}: success that ends nothing is noticed by looking again`, () =>
    withWorld(
      { entry: runpodEntry({ protocol }), behaviour: { terminate: "ignored" } },
      async (world) => {
        const id = await rent(world);
        await world.boot();
        await drive(world, world.provider.terminate(id, never));
        const instance = await drive(world, world.provider.getInstance(id, never));
        assert.equal(instance?.state, "running");
      },
    ));

  Deno.test(`${protocol}: stock that was never there is outOfCapacity`, () =>
    withWorld({
      entry: runpodEntry({ protocol }),
      behaviour: { phantomStock: ["NVIDIA GeForce RTX 4090/EU-RO-1"] },
    }, async (world) => {
      const permit = await drive(world, world.provider.acquireLaunch(never));
      const order = containerOrder(name, world.clock.now() + 60_000);
      const outcome = await drive(world, world.provider.launch(order, permit, never));
      assert.equal(outcome.kind, "outOfCapacity");
    }));

  Deno.test(`${protocol}: a client that the network refuses does not condemn the key`, () =>
    withWorld(
      { entry: runpodEntry({ protocol }), behaviour: { refusedAgents: "all" } },
      async (world) => {
        for (
          const call of [
            () => world.provider.listInstances(never),
            () => world.provider.verifyCredentials(never),
            () => world.provider.listOffers({}, never),
          ]
        ) await assert.rejects(drive<unknown>(world, call()), { kind: "transient" });
      },
    ));

  Deno.test(`${protocol}: whose key it is comes from GraphQL`, () =>
    withWorld({ entry: runpodEntry({ protocol }) }, async (world) => {
      assert.deepEqual(await drive(world, world.provider.verifyCredentials(never)), {
        account: world.cloud.userId,
      });
    }));
}

Deno.test("once GraphQL is retired, REST goes on, proves the key, and knows no identity", () =>
  withWorld({ behaviour: { graphqlRetired: true } }, async (world) => {
    const { provider } = world;
    assert.deepEqual(await drive(world, provider.verifyCredentials(never)), { account: undefined });
    await rent(world);
    assert.ok((await drive(world, provider.listOffers({}, never))).length > 0);
    const [billing] = await drive(world, provider.checkAccount(never));
    assert.equal(billing?.state, "unknown");
    assert.match(billing?.message ?? "", /retired GraphQL/);
    world.strike("revoked");
    await assert.rejects(drive(world, provider.verifyCredentials(never)), { kind: "unauthorized" });
  }));

Deno.test("a GraphQL that fails, however, keeps no key from being proven by REST", async () => {
  const failures = [
    () => new Response("<html><title>Not Found</title></html>", { status: 404 }),
    () => new Response("too many requests", { status: 429 }),
    () => new Response("<html>", { status: 503 }),
    () => new Response("<html>we have moved</html>"),
    () => Response.json({ errors: [{ message: "no longer" }] }),
  ];
  for (const fail of failures) {
    const { provider, requests, run } = scriptRunpod((request) =>
      request.url.endsWith("/graphql") ? fail() : Response.json({ pods: [] })
    );
    assert.deepEqual(await run(provider.verifyCredentials(never)), { account: undefined });
    // Asked again and again, it would keep the account from everything else.
    assert.equal(requests.length, 2);
  }
});

Deno.test("a key is not proven by a REST that fails", async () => {
  const { provider, run } = scriptRunpod(() => new Response("<html>", { status: 503 }));
  await assert.rejects(run(provider.verifyCredentials(never)), { kind: "transient" });
});

Deno.test("once GraphQL is retired, an account that chose it is told so everywhere", () =>
  withWorld({
    entry: runpodEntry({ protocol: "GraphQL" }),
    behaviour: { graphqlRetired: true },
  }, async (world) => {
    const { provider } = world;
    for (
      const call of [
        () => provider.listInstances(never),
        () => provider.listOffers({}, never),
        () => provider.verifyCredentials(never),
        () => provider.terminate("a", never),
      ]
    ) await assert.rejects(drive<unknown>(world, call()), { kind: "retired", message: /to REST/ });
    const permit = await drive(world, provider.acquireLaunch(never));
    const order = containerOrder(name, world.clock.now() + 60_000);
    const outcome = await drive(world, provider.launch(order, permit, never));
    assert.equal(outcome.kind, "rejected");
  }));

Deno.test("a list in pages is read to its end", () =>
  withWorld({ behaviour: { pageSize: 10 } }, async (world) => {
    world.addForeignMachines(35);
    const instances = await drive(world, world.provider.listInstances(never));
    assert.equal(new Set(instances.map(({ id }) => id)).size, 35);
    assert.equal(world.requests().length, 4);
  }));

Deno.test("serverless workers are no machines of ours, and no foreign ones", () =>
  withWorld({ entry: runpodEntry({ protocol: "GraphQL" }) }, async (world) => {
    world.cloud.addServerlessWorkers(2);
    world.cloud.addForeignMachines(1);
    assert.equal((await drive(world, world.provider.listInstances(never))).length, 1);
  }));

Deno.test("a refresh of all offers costs a call per size by REST, and one and the spot prices by GraphQL", async () => {
  const counts: Record<string, number> = {};
  for (const protocol of protocols) {
    for (const cloudType of ["Secure", "Community"] as const) {
      await withWorld({ entry: runpodEntry({ protocol, cloudType }) }, async (world) => {
        await drive(world, world.provider.listOffers({}, never));
        counts[`${protocol} ${cloudType}`] = world.requests().length;
      });
    }
  }
  assert.deepEqual(counts, {
    "REST Secure": 4,
    "REST Community": 4,
    "GraphQL Secure": 2,
    // Eight countries, six at a time.
    "GraphQL Community": 4,
  });
});

Deno.test("however much is asked at once, the documented limits are kept", () =>
  withWorld({}, async (world) => {
    const calls = Array.from({ length: 300 }, () => world.provider.listInstances(never));
    await drive(world, Promise.all(calls));
    // A throttled call would have been repeated.
    assert.equal(world.requests().length, 300);
  }));

Deno.test("a refresh after a quiet time does not wait", () =>
  withWorld({}, async (world) => {
    const startedAt = world.clock.now();
    await drive(world, world.provider.listOffers({}, never));
    assert.equal(world.clock.now(), startedAt);
  }));

Deno.test("an address with a path is refused", () => {
  assert.throws(() =>
    createProvider(runpodEntry(), {
      apiKey: "rpa_key",
      clusterId: "abc123",
      fetch: () => Promise.reject(new Error("not expected to be called")),
      baseUrl: "http://127.0.0.1:1/v2",
      clock: new FakeClock(),
      random: createSeededRandom(1),
      log: silentLog,
      metrics: silentMetrics,
    }), /TGP_RUNPOD_URL/);
});

for (const protocol of ["REST", "GraphQL"] as const) {
  Deno.test(`a long id is kept whole, by ${protocol}`, async () => {
    const id = "p".repeat(1024);
    const { provider, run, launch } = scriptRunpod(async (request) => {
      if (protocol === "REST") {
        return request.method === "POST"
          ? Response.json({ id }, { status: 201 })
          : Response.json({ pods: [{ id, status: "RUNNING" }] });
      }
      const { operationName } = await request.json();
      return Response.json({
        data: operationName === "CreatePod"
          ? { podFindAndDeployOnDemand: { id } }
          : { myself: { id: "user_1", pods: [{ id, desiredStatus: "RUNNING", env: [] }] } },
      });
    }, runpodEntry({ protocol }));
    assert.deepEqual((await run(provider.listInstances(never))).map((pod) => pod.id), [id]);
    const outcome = await launch();
    assert.equal(outcome.kind === "launched" && outcome.instanceId, id);
  });
}
