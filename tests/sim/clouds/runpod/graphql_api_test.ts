import assert from "node:assert/strict";
import { parse, print, separateOperations } from "graphql";
import { defaultRunpodKey } from "../../../../sim/clouds/runpod/mod.ts";
import { createRunpodBench, usualOrder } from "../../../support/runpod_bench.ts";

const onDemand = "podFindAndDeployOnDemand";
const anywhere = { price: { gpuCount: 1 }, stock: { gpuCount: 1 } };

Deno.test("a pod is wanted at once, its container and ports come later, and it is gone when ended", async () => {
  const { clock, cloud, graphql, order } = createRunpodBench();
  const { body } = await order();
  const podId = body.data[onDemand].id;
  const look = async () => (await graphql("GetPod", { podId })).body.data.pod;
  const pulling = await look();
  assert.equal(pulling.desiredStatus, "RUNNING");
  assert.deepEqual([pulling.runtime, pulling.latestTelemetry], [null, null]);
  assert.match(
    pulling.lastStatusChange,
    /^Rented by User: \w{3} \w{3} \d\d \d{4} \d\d:\d\d:\d\d GMT\+0000 \(Coordinated Universal Time\)$/,
  );
  assert.deepEqual([pulling.podType, pulling.ports], ["RESERVED", usualOrder.ports]);
  assert.deepEqual([pulling.costPerHr, pulling.gpuCount, pulling.vcpuCount], [1.38, 2, 16]);
  assert.deepEqual(pulling.machine, {
    podHostId: pulling.machine.podHostId,
    gpuDisplayName: "RTX 4090",
    gpuTypeId: "NVIDIA GeForce RTX 4090",
    dataCenterId: "EU-RO-1",
    location: "RO",
    secureCloud: true,
  });
  assert.match(pulling.machine.podHostId, new RegExp(`^${podId}-[0-9a-f]{8}$`));
  await clock.advance(60_000);
  const up = await look();
  assert.deepEqual([up.runtime.uptimeInSeconds, up.runtime.ports], [0, null]);
  assert.equal(up.runtime.gpus.length, 2);
  assert.match(up.runtime.gpus[0].id, /^GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal(up.latestTelemetry.state, "running");
  await clock.advance(10_000);
  const [tcp, http] = (await look()).runtime.ports;
  assert.deepEqual([tcp.privatePort, tcp.type, tcp.isIpPublic], [22, "tcp", true]);
  assert.deepEqual([http.privatePort, http.type, http.isIpPublic], [8080, "http", false]);
  assert.deepEqual((await graphql("TerminatePod", { podId })).body, {
    data: { podTerminate: null },
  });
  const again = await graphql("TerminatePod", { podId });
  assert.deepEqual([again.status, again.body], [200, {
    errors: [{
      message: "pod not found to terminate",
      path: ["podTerminate"],
      extensions: { code: "POD_NOT_FOUND" },
    }],
    data: { podTerminate: null },
  }]);
  const ended = await look();
  assert.deepEqual([ended.desiredStatus, ended.runtime], ["TERMINATED", null]);
  assert.match(ended.lastStatusChange, /^Terminated by user: /);
  await clock.advance(3_000);
  const gone = (await graphql("GetPod", { podId })).body.data;
  assert.deepEqual(gone, { myself: { id: cloud.userId }, pod: null });
  assert.deepEqual((await graphql("ListPods")).body.data.myself.pods, []);
});

Deno.test("every operation of ours is answered", async () => {
  const { graphql, order } = createRunpodBench();
  const podId = (await order()).body.data[onDemand].id;
  const vendors = new URL("../../../../schemas/vendors/", import.meta.url);
  const variables = {
    podId,
    secure: true,
    input: { ...usualOrder, bidPerGpu: 0.5 },
    ...Object.fromEntries([..."abcdef"].map((name) => [name, "CZ"])),
  };
  const seen: string[] = [];
  for (const file of ["runpod_operations.graphql", "runpod_spot_operations.graphql"]) {
    const document = parse(await Deno.readTextFile(new URL(file, vendors)));
    for (const [name, operation] of Object.entries(separateOperations(document))) {
      const { input, ...others } = variables;
      const { bidPerGpu: _, ...onDemandInput } = input;
      const isSpot = name === "CreateSpotPod";
      const fitting = { ...others, input: isSpot ? input : onDemandInput };
      const { status, body, headers } = await graphql(print(operation), fitting);
      assert.deepEqual([status, body.errors], [200, undefined], name);
      assert.equal(headers.get("content-type"), "application/json; charset=utf-8");
      seen.push(name);
    }
  }
  assert.ok(seen.includes("CreatePod") && seen.includes("CreateSpotPod"), seen.join());
});

Deno.test("both protocols show one account", async () => {
  const { clock, create, graphql, order, rest } = createRunpodBench();
  const id = await create();
  const other = (await order({ name: "other" })).body.data[onDemand].id;
  await clock.advance(70_000);
  const { pods } = (await graphql("ListPods")).body.data.myself;
  assert.deepEqual(pods.map((pod: { id: string }) => pod.id), [id, other]);
  assert.deepEqual(pods[0].env, ["MODE=train=hard"]);
  assert.equal((await rest("DELETE", `/pods/${other}`)).status, 204);
  assert.deepEqual((await graphql("TerminatePod", { podId: id })).body.errors, undefined);
  await clock.advance(3_000);
  assert.deepEqual((await rest("GET", "/pods")).body.pods, []);
});

Deno.test("the environment gets keys of the vendor's; ours win", async () => {
  const { graphql, order } = createRunpodBench();
  const env = [{ key: "A", value: "1=2" }, { key: "PUBLIC_KEY", value: "mine" }];
  await order({ env });
  await order({ env: [] });
  const { pods } = (await graphql("ListPods")).body.data.myself;
  assert.deepEqual(pods[0].env.toSorted(), ["A=1=2", "PUBLIC_KEY=mine"]);
  assert.match(pods[1].env[0], /^PUBLIC_KEY=ssh-ed25519 /);
});

Deno.test("a key that never worked is 401, but for the catalogue", async () => {
  const { graphql } = createRunpodBench({ restrictedKeys: ["rpa_pod"] });
  const ask = (operation: string, authorization: string, variables = {}) =>
    graphql(operation, variables, { authorization });
  for (const authorization of ["Bearer wrong", defaultRunpodKey, `Basic ${defaultRunpodKey}`]) {
    assert.equal((await ask("Myself", authorization)).status, 401);
    assert.equal((await ask("TerminatePod", authorization, { podId: "x" })).status, 401);
    assert.equal((await ask("SpotPrices", authorization, anywhere)).status, 200);
  }
  const nobody = "";
  assert.deepEqual((await ask("Myself", nobody)).body, { data: { myself: null } });
  assert.deepEqual((await ask("GetPod", nobody, { podId: "x" })).body.data, {
    myself: null,
    pod: null,
  });
  assert.equal((await ask("Catalog", nobody, anywhere)).body.data.gpuTypes.length, 47);
  const refused = {
    errors: [{
      message: "Unauthorized",
      path: ["podTerminate"],
      extensions: { code: "RUNPOD" },
    }],
    data: { podTerminate: null },
  };
  assert.deepEqual((await ask("TerminatePod", nobody, { podId: "x" })).body, refused);
  assert.deepEqual((await ask("TerminatePod", "Bearer rpa_pod", { podId: "x" })).body, refused);
  const restricted = await ask("Myself", "Bearer rpa_pod");
  assert.deepEqual([restricted.status, restricted.body.data.myself], [200, null]);
  assert.equal(restricted.body.errors[0].message, "Unauthorized");
});

Deno.test("the account's own key may be taken for another, or be revoked", async () => {
  const { cloud, graphql } = createRunpodBench({ strangersKeys: ["rpa_stranger"] });
  const myself = async (headers = {}) => {
    const { status, body } = await graphql("Myself", {}, headers);
    return [status, body.data?.myself?.id ?? body.data?.myself];
  };
  assert.deepEqual(await myself(), [200, cloud.userId]);
  assert.match(cloud.userId, /^user_[0-9A-Za-z]{27}$/);
  const [, stranger] = await myself({ authorization: "Bearer rpa_stranger" });
  assert.notEqual(stranger, cloud.userId);
  cloud.setBehaviour({ seenAs: "nobody" });
  assert.deepEqual(await myself(), [200, null]);
  cloud.setBehaviour({ seenAs: "owner", revoked: true });
  assert.deepEqual(await myself(), [401, undefined]);
});

const invalid: Readonly<
  Record<string, readonly [document: string, input: unknown, message: RegExp, code: string]>
> = {
  "cannot be parsed": ["query {", undefined, /^Syntax Error/, "GRAPHQL_PARSE_FAILED"],
  "asks for an unknown field": [
    "{ gpuTypes { lowestPrice(input: { gpuCount: 1 }) { interruptablePrice } } }",
    undefined,
    /^Cannot query field "interruptablePrice" on type "LowestPrice"\./,
    "GRAPHQL_VALIDATION_FAILED",
  ],
  "asks for the schema": [
    "{ __schema { types { name } } }",
    undefined,
    /introspection/,
    "GRAPHQL_VALIDATION_FAILED",
  ],
  "selects of a scalar": [
    'mutation { podTerminate(input: { podId: "x" }) { id } }',
    undefined,
    /must not have a selection/,
    "GRAPHQL_VALIDATION_FAILED",
  ],
  "leaves out what is required": [
    "{ gpuTypes { lowestPrice(input: { secureCloud: true }) { stockStatus } } }",
    undefined,
    /Field "GpuLowestPriceInput.gpuCount" of required type "Int!" was not provided\./,
    "GRAPHQL_VALIDATION_FAILED",
  ],
  "has an unknown key of input, even null": [
    `mutation ($input: PodFindAndDeployOnDemandInput!) { ${onDemand}(input: $input) { id } }`,
    { ...usualOrder, diskGb: null },
    /^Variable "\$input" got invalid value .*Field "diskGb" is not defined by type "PodFindAndDeployOnDemandInput"\.$/,
    "BAD_USER_INPUT",
  ],
  "has a wrong type of input": [
    `mutation ($input: PodFindAndDeployOnDemandInput!) { ${onDemand}(input: $input) { id } }`,
    { ...usualOrder, gpuCount: "2" },
    /Int cannot represent/,
    "BAD_USER_INPUT",
  ],
};
for (const [what, [document, input, message, code]] of Object.entries(invalid)) {
  Deno.test(`a request that ${what} is 400`, async () => {
    const { cloud, graphql } = createRunpodBench();
    const { status, body } = await graphql(document, input === undefined ? {} : { input });
    assert.equal(status, 400);
    assert.match(body.errors[0].message, message);
    assert.deepEqual([body.errors[0].extensions.code, body.data], [code, undefined]);
    assert.deepEqual(cloud.machines(), []);
  });
}

Deno.test("null for a known key is accepted", async () => {
  const { order } = createRunpodBench();
  const { body } = await order({ dockerArgs: null, countryCode: null, terminateAfter: null });
  assert.match(body.data[onDemand].id, /^[a-z0-9]{14}$/);
});

Deno.test("what fits the schema and means nothing is answered with nothing said", async () => {
  const { cloud, order } = createRunpodBench();
  const changes = [
    { imageName: undefined },
    { gpuTypeId: null },
    { computeType: "CPU" },
    { ports: "22/tcp, 80/http" },
    { terminateAfter: "tomorrow" },
    { env: Array.from({ length: 51 }, (_, index) => ({ key: `K${index}`, value: "" })) },
  ];
  for (const change of changes) {
    const { status, body } = await order(change);
    assert.equal(status, 200);
    assert.match(body.errors[0].message, /^Something went wrong\. Please try again later/);
    assert.equal(body.errors[0].extensions.code, "INTERNAL_SERVER_ERROR");
  }
  assert.deepEqual(cloud.machines(), []);
});

Deno.test("a document without a query and other methods than POST are refused", async () => {
  const { graphql } = createRunpodBench();
  const { status, body } = await graphql("   ");
  assert.deepEqual([status, body.errors[0].extensions.code], [400, "GRAPHQL_PARSE_FAILED"]);
  const unknown = await graphql("query A { countryCodes } query B { countryCodes }");
  assert.equal(unknown.body.errors[0].extensions.code, "OPERATION_RESOLUTION_FAILURE");
});

Deno.test("shortages have many texts", async () => {
  const { cloud, graphql, order } = createRunpodBench();
  const messageOf = async (change: object) => (await order(change)).body.errors?.[0].message;
  const spot = async (change: object) => {
    const input = { ...usualOrder, bidPerGpu: 0.5, ...change };
    return (await graphql("CreateSpotPod", { input })).body.errors?.[0].message;
  };
  const none = /^There are no longer any instances available with the requested specifications\./;
  assert.match(await messageOf({ gpuTypeId: "NVIDIA B300 SXM6 AC", dataCenterId: null }), none);
  assert.match(await messageOf({ gpuTypeId: "RTX 4090" }), none);
  assert.match(await messageOf({ countryCode: "US" }), none);
  assert.match(await messageOf({ minDisk: 9_000 }), /enough disk space\.$/);
  assert.match(await messageOf({ minMemoryInGb: 500 }), /^could not find any pods with required/);
  assert.match(await messageOf({ minVcpuCount: 99 }), /^could not find any pods with required/);
  assert.match(
    await spot({ bidPerGpu: 0.01 }),
    /^There are no instances available with the request /,
  );
  assert.match(
    await spot({ gpuCount: 9 }),
    /^There are no longer any .* the request specifications/,
  );
  cloud.setBehaviour({ sellsSpot: false });
  assert.match(await spot({}), /^There are no longer any .* the request specifications/);
});

Deno.test("a shortage may be told by a code, by null alone, or as something else", async () => {
  const { cloud, order, rest } = createRunpodBench({ behaviour: { shortage: "code" } });
  const change = { gpuTypeId: "NVIDIA B300 SXM6 AC", dataCenterId: "US-NE-1" };
  assert.equal((await order(change)).body.errors[0].extensions.code, "SUPPLY_CONSTRAINT");
  cloud.setBehaviour({ shortage: "null" });
  assert.deepEqual((await order(change)).body, { data: { [onDemand]: null } });
  cloud.setBehaviour({ shortage: "wrong" });
  assert.match((await order(change)).body.errors[0].message, /^Something went wrong/);
  const body = { name: "n", image: "i", gpu: { id: change.gpuTypeId } };
  assert.match((await rest("POST", "/pods", body)).body.detail, /no longer any instances/);
});

Deno.test("fields can be removed by the vendor", async () => {
  const { cloud, graphql } = createRunpodBench();
  cloud.setBehaviour({
    removedFields: ["Mutation.podRentInterruptable", "LowestPrice.minimumBidPrice"],
  });
  const input = { ...usualOrder, bidPerGpu: 1 };
  for (
    const [operation, variables] of [["CreateSpotPod", { input }], ["SpotPrices", {
      secure: true,
    }]] as const
  ) {
    const { status, body } = await graphql(operation, variables);
    assert.equal(status, 400);
    assert.match(body.errors[0].message, /^Cannot query field "/);
  }
  assert.equal((await graphql("Catalog", anywhere)).status, 200);
  cloud.setBehaviour({ removedFields: [] });
  assert.equal((await graphql("SpotPrices", anywhere)).status, 200);
});

Deno.test("GraphQL may be limited, by the edge or by the API", async () => {
  const { clock, cloud, graphql } = createRunpodBench({ behaviour: { graphqlPerMinute: 1 } });
  assert.equal((await graphql("Myself")).status, 200);
  const html = await graphql("Myself");
  assert.deepEqual([html.status, html.body], [429, undefined]);
  assert.match(html.text, /<title>429 Too Many Requests/);
  assert.equal(html.headers.get("retry-after"), null);
  cloud.setBehaviour({ graphqlThrottle: "json" });
  await clock.advance(20_000);
  const json = await graphql("Myself");
  assert.deepEqual([json.status, json.headers.get("retry-after")], [429, "40"]);
  assert.equal(json.body.errors[0].message, "too many requests");
  await clock.advance(40_000);
  assert.equal((await graphql("Myself")).status, 200);
});
