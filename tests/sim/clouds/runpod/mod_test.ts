import assert from "node:assert/strict";
import { type RunpodErrorName, runpodErrorRows } from "../../../../sim/clouds/runpod/errors.ts";
import { runpodFaults } from "../../../../sim/clouds/runpod/faults.ts";
import { createRunpodBench, usualOrder, usualPod } from "../../../support/runpod_bench.ts";

const onDemand = "podFindAndDeployOnDemand";
const anywhere = { price: { gpuCount: 1 }, stock: { gpuCount: 1 } };

for (const [name, row] of Object.entries(runpodErrorRows)) {
  Deno.test(`the row "${name}" of the error table can be had in both protocols`, async () => {
    const { cloud, graphql, order, rest } = createRunpodBench();
    const error = name as RunpodErrorName;
    const answer = { kind: "error", error } as const;
    cloud.addFault({ operation: "createPod", answer });
    const problem = await rest("POST", "/pods", usualPod);
    assert.equal(problem.status, row.restStatus);
    assert.equal(problem.body.detail, "detail" in row ? row.detail : row.message);
    assert.equal(problem.body.status, row.restStatus);
    cloud.addFault({ operation: onDemand, answer });
    const { status, body } = await order();
    assert.equal(status, "graphqlStatus" in row ? row.graphqlStatus : 200);
    assert.deepEqual(body.errors[0].message, row.message);
    assert.deepEqual(body.errors[0].extensions, { code: row.code });
    assert.deepEqual(body.data, status === 200 ? { [onDemand]: null } : undefined);
    assert.deepEqual(cloud.machines(), []);
    assert.equal((await graphql("Myself")).status, 200);
  });
}

Deno.test("faults of GraphQL know what a request is about", async () => {
  const { cloud, graphql, order } = createRunpodBench();
  const podId = (await order()).body.data[onDemand].id;
  cloud.addFault({ operation: "pod", answer: runpodFaults.somethingWrong });
  cloud.addFault({ operation: "myself.pods", answer: runpodFaults.nullData });
  assert.equal((await graphql("Myself")).body.errors, undefined);
  assert.deepEqual((await graphql("ListPods")).body, { data: { myself: null } });
  const { errors, data } = (await graphql("GetPod", { podId })).body;
  assert.deepEqual([errors[0].path, data], [["pod"], { myself: null, pod: null }]);
  assert.equal((await graphql("GetPod", { podId })).body.data.pod.id, podId);
});

Deno.test("an order can take effect although its answer is spoilt", async () => {
  const { cloud, order, rest } = createRunpodBench();
  cloud.addFault({ operation: "createPod", answer: runpodFaults.html502, takesEffect: true });
  assert.equal((await rest("POST", "/pods", usualPod)).status, 502);
  cloud.addFault({ operation: onDemand, answer: runpodFaults.nullData, takesEffect: true });
  assert.deepEqual((await order()).body, { data: { [onDemand]: null } });
  cloud.addFault({ operation: onDemand, answer: runpodFaults.somethingWrong, takesEffect: true });
  assert.match((await order()).body.errors[0].message, /^Something went wrong/);
  assert.equal(cloud.machines().length, 3);
  cloud.addFault({ operation: "*", answer: runpodFaults.throttledByEdge, times: 5 });
  assert.equal((await order()).status, 429);
  assert.equal((await rest("GET", "/pods")).status, 429);
  cloud.clearFaults();
  assert.equal((await rest("GET", "/pods")).body.pods.length, 3);
});

Deno.test("the edge refuses clients without a name of their own", async () => {
  const { cloud, graphql, rest } = createRunpodBench();
  for (const agent of ["", "Python-urllib/3.12"]) {
    const headers = { "user-agent": agent };
    for (
      const answer of [
        await rest("GET", "/pods", undefined, headers),
        await graphql("Myself", {}, headers),
      ]
    ) {
      assert.deepEqual([answer.status, answer.text], [403, "error code: 1010"]);
    }
  }
  cloud.setBehaviour({ refusedAgents: "all" });
  assert.equal((await rest("GET", "/pods")).text, "error code: 1010");
  cloud.setBehaviour({ refusedAgents: "none" });
  assert.equal((await rest("GET", "/pods", undefined, { "user-agent": "" })).status, 200);
});

Deno.test("each protocol can be retired by itself", async () => {
  const { cloud, graphql, rest } = createRunpodBench({ behaviour: { graphqlRetired: true } });
  assert.equal((await graphql("Myself")).status, 410);
  assert.equal((await rest("GET", "/pods")).status, 200);
  cloud.setBehaviour({ graphqlRetired: false, restRetired: true });
  assert.equal((await graphql("Myself")).status, 200);
  const { status, body } = await rest("GET", "/pods");
  assert.deepEqual([status, body.title], [410, "Gone"]);
});

Deno.test("starts can fail or never end, and GraphQL wants the pod to run all the same", async () => {
  const { clock, cloud, create, graphql, rest } = createRunpodBench();
  const boots = ["never", "exits", "error", "normal"] as const;
  const ids: string[] = [];
  for (const boot of boots) {
    cloud.setBehaviour({ boot });
    ids.push(await create());
  }
  await clock.advance(24 * 3_600_000);
  const { pods } = (await rest("GET", "/pods")).body;
  assert.deepEqual(pods.map((pod: { status: string }) => pod.status), [
    "STARTING",
    "EXITED",
    "ERROR",
    "RUNNING",
  ]);
  const seen = (await graphql("ListPods")).body.data.myself.pods;
  assert.deepEqual(seen.map((pod: { desiredStatus: string }) => pod.desiredStatus), [
    "RUNNING",
    "EXITED",
    "EXITED",
    "RUNNING",
  ]);
  assert.equal(seen[0].runtime, null);
  assert.match(seen[1].lastStatusChange, /^Exited by Runpod: /);
  assert.deepEqual(pods[1].actions, ["start", "terminate"]);
});

Deno.test("a crash loop runs on, and its uptime falls back", async () => {
  const { clock, create, graphql, rest } = createRunpodBench({
    behaviour: { crashLoopMs: 30_000 },
  });
  const podId = await create();
  const uptime = async () => {
    const { status, runtime } = (await rest("GET", `/pods/${podId}`)).body;
    const { pod } = (await graphql("GetPod", { podId })).body.data;
    assert.equal(pod.runtime.uptimeInSeconds, runtime.uptime);
    return `${status} ${runtime.uptime}`;
  };
  await clock.advance(60_000);
  assert.equal(await uptime(), "RUNNING 0");
  await clock.advance(29_000);
  assert.equal(await uptime(), "RUNNING 29");
  await clock.advance(11_000);
  assert.equal(await uptime(), "RUNNING 10");
});

Deno.test("REST may call a new pod running at once, as was recorded", async () => {
  const { rest } = createRunpodBench({ behaviour: { createStatus: "RUNNING" } });
  const { id, status, runtime } = (await rest("POST", "/pods", usualPod)).body;
  assert.deepEqual([status, runtime], ["RUNNING", null]);
  assert.equal((await rest("GET", `/pods/${id}`)).body.status, "PROVISIONING");
});

Deno.test("lists can lag behind orders; looking up by id does not", async () => {
  const { clock, create, graphql, rest } = createRunpodBench({ behaviour: { listLagMs: 8_000 } });
  const podId = await create();
  assert.deepEqual((await rest("GET", "/pods")).body.pods, []);
  assert.deepEqual((await graphql("ListPods")).body.data.myself.pods, []);
  assert.equal((await rest("GET", `/pods/${podId}`)).status, 200);
  assert.equal((await graphql("GetPod", { podId })).body.data.pod.id, podId);
  await clock.advance(8_000);
  assert.equal((await rest("GET", "/pods")).body.pods.length, 1);
  assert.equal((await graphql("ListPods")).body.data.myself.pods.length, 1);
});

Deno.test("GraphQL's list can come in part", async () => {
  const { cloud, create, graphql } = createRunpodBench({ behaviour: { partialList: true } });
  const partial = async () => {
    const { status, body } = await graphql("ListPods");
    const ids = body.data.myself.pods.map((pod: { id: string } | null) => pod?.id ?? null);
    return [status, ids, body.errors.map((error: { path: unknown }) => error.path)];
  };
  assert.deepEqual(await partial(), [200, [null], [["myself", "pods", 0]]]);
  const first = await create();
  await create();
  assert.deepEqual(await partial(), [200, [first, null], [["myself", "pods", 1]]]);
  cloud.setBehaviour({ partialList: false });
  assert.equal((await graphql("ListPods")).body.errors, undefined);
});

Deno.test("ending can be ignored or refused", async () => {
  const { clock, cloud, create, graphql, rest } = createRunpodBench();
  const podId = await create();
  const end = async () => {
    const { errors } = (await graphql("TerminatePod", { podId })).body;
    return [errors?.[0].message, (await rest("DELETE", `/pods/${podId}`)).status];
  };
  cloud.setBehaviour({ terminate: "ignored" });
  assert.deepEqual(await end(), [undefined, 204]);
  const wrong = "Something went wrong. Please try again later or contact support.";
  cloud.setBehaviour({ terminate: "refuse" });
  assert.deepEqual(await end(), [wrong, 409]);
  cloud.setBehaviour({ terminate: "refuseWhileBooting" });
  assert.deepEqual(await end(), [wrong, 409]);
  await clock.advance(60_000);
  assert.equal((await rest("GET", `/pods/${podId}`)).body.status, "RUNNING");
  assert.deepEqual(await end(), [undefined, 404]);
});

Deno.test("spot pods cost their bid and are taken away", async () => {
  const { clock, cloud, graphql, rest } = createRunpodBench();
  const input = {
    ...usualOrder,
    cloudType: "COMMUNITY",
    dataCenterId: null,
    countryCode: "CZ",
    bidPerGpu: 0.2,
  };
  const order = async () =>
    (await graphql("CreateSpotPod", { input })).body.data.podRentInterruptable.id;
  const [first, second] = [await order(), await order()];
  await clock.advance(120_000);
  cloud.preempt(first);
  cloud.setBehaviour({ outbidAs: "TERMINATED" });
  cloud.preempt(second);
  const { pods } = (await graphql("ListPods")).body.data.myself;
  const states = ["EXITED", "TERMINATED"];
  for (const [index, { machine, ...pod }] of pods.entries()) {
    assert.deepEqual([pod.podType, pod.desiredStatus], ["INTERRUPTABLE", states[index]]);
    assert.deepEqual([pod.costPerHr, pod.runtime], [0.4, null]);
    assert.deepEqual([machine.location, machine.dataCenterId], ["CZ", null]);
  }
  assert.equal(pods.length, 2);
  assert.match(pods[0].lastStatusChange, /^Outbid: /);
  const resumed = await rest("POST", `/pods/${first}/action`, { action: "start" });
  assert.equal(resumed.body.detail, "Cannot resume a spot pod as an on demand pod.");
  assert.deepEqual(cloud.machines().map(({ region, isSpot }) => [region, isSpot]), [
    ["CZ", true],
    ["CZ", true],
  ]);
});

Deno.test("a stopped pod may show its runtime for a while", async () => {
  const { clock, create, graphql, rest } = createRunpodBench({
    behaviour: { staleRuntimeMs: 10_000 },
  });
  const podId = await create();
  await clock.advance(90_000);
  await rest("POST", `/pods/${podId}/action`, { action: "stop" });
  await clock.advance(9_000);
  const look = async () => (await graphql("GetPod", { podId })).body.data.pod;
  const { desiredStatus, runtime } = await look();
  assert.deepEqual([desiredStatus, runtime.uptimeInSeconds], ["EXITED", 30]);
  await clock.advance(1_000);
  assert.equal((await look()).runtime, null);
});

Deno.test("the catalogue has its oddities, each of which can be turned off", async () => {
  const { cloud, graphql, rest } = createRunpodBench();
  // deno-lint-ignore no-explicit-any
  const types = async (): Promise<any[]> => (await graphql("Catalog", anywhere)).body.data.gpuTypes;
  const amd = async () => (await types()).find(({ id }) => id.startsWith("AMD"));
  const countries = async () => (await graphql("Catalog", anywhere)).body.data.countryCodes;
  const unknown = (await types()).find(({ id }) => id === "unknown");
  assert.deepEqual([unknown.securePrice, unknown.lowestPrice.stockStatus], [null, null]);
  const { communityCloud, communityPrice } = await amd();
  assert.deepEqual([communityCloud, communityPrice], [false, 1.99]);
  assert.ok((await countries()).includes(null) && (await countries()).includes("CZ"));
  cloud.setBehaviour({ placeholderType: false, stalePrices: false, nullCountry: false });
  assert.equal((await types()).some(({ id }) => id === "unknown"), false);
  assert.equal((await amd()).communityPrice, null);
  assert.equal((await countries()).includes(null), false);
  const { gpus } = (await rest("GET", "/catalog/gpus")).body;
  assert.equal(gpus.some(({ id }: { id: string }) => id === "unknown"), false);
});

Deno.test("GraphQL tells stock by place, its own way", async () => {
  const type = "NVIDIA L4";
  const { cloud, graphql } = createRunpodBench({
    stock: { [type]: { "EU-RO-1": 3, "US-OR-1": 0 } },
  });
  const ask = async (gpuCount: number) => {
    const variables = { price: { gpuCount, secureCloud: true }, stock: { gpuCount } };
    return (await graphql("Catalog", variables)).body.data;
  };
  const price = async (count: number) =>
    (await ask(count)).gpuTypes.find(({ id }: { id: string }) => id === type).lowestPrice;
  const place = async (name: string) =>
    (await ask(1)).dataCenters.find(({ id }: { id: string }) => id === name);
  assert.deepEqual(await price(2), {
    stockStatus: "Low",
    uninterruptablePrice: 0.44,
    minVcpu: 16,
    minMemory: 100,
    maxUnreservedGpuCount: 3,
    availableGpuCounts: [1, 2, 3],
    rentedCount: 12,
    totalCount: 15,
  });
  assert.deepEqual([...new Set(Object.values(await price(4)))], [null]);
  const [romanian] = (await place("EU-RO-1")).gpuAvailability;
  assert.deepEqual(romanian, {
    id: "NVIDIA L4-EU-RO-1",
    gpuTypeId: type,
    displayName: "L4",
    available: true,
    stockStatus: "Medium",
  });
  const sold = async () => {
    const [{ available, stockStatus }] = (await place("US-OR-1")).gpuAvailability;
    return [available, stockStatus];
  };
  assert.deepEqual(await sold(), [false, null]);
  assert.equal((await place("US-MO-2")).listed, false);
  cloud.setBehaviour({ noStockWord: "None", tellsAvailable: false });
  assert.deepEqual(await sold(), [null, "None"]);
});

Deno.test("phantom stock is listed and cannot be had", async () => {
  const type = "NVIDIA B300 SXM6 AC";
  const { order, rest } = createRunpodBench({ behaviour: { phantomStock: [`${type}/US-NE-1`] } });
  const query = "include=AVAILABILITY&product=POD";
  const { body } = await rest("GET", `/catalog/gpus/${encodeURIComponent(type)}?${query}`);
  assert.deepEqual(body.dataCenters, [
    { id: "US-NE-1", name: "US Nebraska 1", availability: "HIGH" },
  ]);
  const refused = await order({ gpuTypeId: type, dataCenterId: "US-NE-1", gpuCount: 1 });
  assert.match(refused.body.errors[0].message, /^There are no longer any instances/);
});

Deno.test("states and fields that no document knows", async () => {
  const { create, graphql, cloud, rest } = createRunpodBench();
  const podId = await create();
  cloud.setBehaviour({ inventedState: "HIBERNATING" });
  assert.equal((await graphql("GetPod", { podId })).body.data.pod.desiredStatus, "HIBERNATING");
  cloud.setBehaviour({ inventedState: null, unknownFields: true });
  assert.deepEqual((await rest("GET", `/pods/${podId}`)).body.invented, { by: ["nobody"] });
  assert.ok("invented" in (await rest("GET", "/catalog/gpus")).body.gpus[0]);
  assert.ok("invented" in (await graphql("GetPod", { podId })).body.data.pod.machine);
});

Deno.test("moments of creation are written in two ways", async () => {
  const { clock, cloud, graphql, order } = createRunpodBench();
  const podId = (await order()).body.data[onDemand].id;
  const createdAt = async () => (await graphql("GetPod", { podId })).body.data.pod.createdAt;
  const iso = new Date(clock.now()).toISOString();
  assert.equal(await createdAt(), iso);
  cloud.setBehaviour({ createdAtFormat: "go" });
  assert.equal(await createdAt(), `${iso.slice(0, 10)} ${iso.slice(11, 23)} +0000 UTC`);
});

Deno.test("workers of endpoints are listed by GraphQL only", async () => {
  const { cloud, graphql, rest } = createRunpodBench();
  cloud.addForeignMachines(1);
  cloud.addServerlessWorkers(1);
  const { pods } = (await graphql("ListPods")).body.data.myself;
  assert.deepEqual(pods.map(({ aiApiId }: { aiApiId: string | null }) => aiApiId === null), [
    true,
    false,
  ]);
  assert.equal((await rest("GET", "/pods")).body.pods.length, 1);
});

Deno.test("latency passes on the cloud's clock", async () => {
  const { clock, graphql } = createRunpodBench({ behaviour: { latencyMs: 250 } });
  let done = false;
  const asking = graphql("Myself").then(() => done = true);
  await clock.advance(249);
  assert.equal(done, false);
  await clock.advance(1);
  await asking;
});

Deno.test("run() lets things happen on time, and no pod is a machine that could join", async () => {
  const { clock, cloud, order } = createRunpodBench();
  const stop = new AbortController();
  const changes: number[] = [];
  const startedAt = clock.now();
  const unsubscribe = cloud.onPowerChange(() => void changes.push(clock.now() - startedAt));
  const running = cloud.run(stop.signal);
  await clock.settle();
  await order({ terminateAfter: new Date(startedAt + 600_000).toISOString() });
  await clock.advance(300_000);
  assert.deepEqual(cloud.poweredMachines(), []);
  await clock.advance(3_600_000);
  unsubscribe();
  await order();
  await clock.advance(300_000);
  stop.abort();
  await running;
  assert.equal(clock.sleeping, 0);
  assert.deepEqual(changes, [60_000, 600_000]);
});
