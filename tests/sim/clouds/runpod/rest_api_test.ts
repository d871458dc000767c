import assert from "node:assert/strict";
import { defaultRunpodKey } from "../../../../sim/clouds/runpod/mod.ts";
import { createRunpodBench, usualPod } from "../../../support/runpod_bench.ts";

const noInstances =
  "There are no longer any instances available with the requested specifications. Please refresh and try again.";

Deno.test("a pod is found a machine, starts, runs, maps its ports, is ended and disappears", async () => {
  const { clock, cloud, rest } = createRunpodBench();
  const created = await rest("POST", "/pods", usualPod);
  assert.equal(created.status, 201);
  const { id } = created.body;
  assert.match(id, /^[a-z0-9]{14}$/);
  assert.deepEqual([created.body.status, created.body.runtime], ["PROVISIONING", null]);
  assert.deepEqual([created.body.cost, created.body.dataCenterId], [1.38, "EU-RO-1"]);
  const look = async () => (await rest("GET", `/pods/${id}`)).body;
  await clock.advance(5_000);
  assert.equal((await look()).status, "STARTING");
  await clock.advance(55_000);
  const fresh = await look();
  assert.deepEqual([fresh.status, fresh.runtime.uptime, fresh.runtime.ports], ["RUNNING", 0, []]);
  assert.equal(fresh.ssh.direct, null);
  await clock.advance(5_000);
  assert.deepEqual((await look()).runtime.ports.length, 1);
  await clock.advance(5_000);
  const running = await look();
  const [tcp, http] = running.runtime.ports;
  assert.deepEqual([tcp.private, tcp.type], [22, "tcp"]);
  assert.match(tcp.ip, /^203\.0\.113\./);
  assert.match(http.ip, /^100\.65\./);
  assert.deepEqual(running.ssh.direct.command, `ssh root@${tcp.ip} -p ${tcp.public}`);
  assert.deepEqual(running.env, usualPod.env);
  assert.equal((await rest("GET", "/pods")).body.pods.length, 1);
  const ended = await rest("DELETE", `/pods/${id}`);
  assert.deepEqual([ended.status, ended.text], [204, ""]);
  assert.equal((await look()).status, "TERMINATED");
  await clock.advance(3_000);
  assert.equal((await rest("GET", `/pods/${id}`)).status, 404);
  assert.deepEqual((await rest("GET", "/pods")).body.pods, []);
  assert.deepEqual(cloud.machines().map(({ state }) => state), ["TERMINATED"]);
});

Deno.test("every read answers as documented", async () => {
  const { create, rest, clock } = createRunpodBench();
  const id = await create();
  await create({ cloud: "COMMUNITY", dataCenterIds: [], startSsh: true, globalNetworking: true });
  await create({ mounts: { persistent: { size: 20, path: "/workspace" } } });
  await clock.advance(120_000);
  const gpu = encodeURIComponent("NVIDIA GeForce RTX 4090");
  const paths = [
    "/pods",
    `/pods/${id}`,
    "/catalog/gpus",
    "/catalog/gpus?include=AVAILABILITY&product=POD",
    "/catalog/gpus?include=AVAILABILITY&product=POD&count=8&cloud=COMMUNITY&minCudaVersion=12",
    "/catalog/gpus?include=AVAILABILITY&product=POD,CLUSTER&countryCodes=RO,US&cudaVersions=12.8",
    `/catalog/gpus/${gpu}?include=AVAILABILITY&product=POD`,
    "/catalog/datacenters",
    "/catalog/datacenters?include=GPU_AVAILABILITY",
  ];
  for (const path of paths) assert.equal((await rest("GET", path)).status, 200, path);
});

Deno.test("the catalogue tells stock for the asked count, place and CUDA version", async () => {
  const { cloud, rest } = createRunpodBench({
    stock: {
      "NVIDIA GeForce RTX 4090": { "EU-RO-1": 2, "US-TX-3": 0, "US-IL-1": 40, CZ: 1 },
      "NVIDIA L4": { "EU-RO-1": 0 },
    },
  });
  const find = async (query: string) => {
    const { body } = await rest("GET", `/catalog/gpus?include=AVAILABILITY&product=POD&${query}`);
    const gpu = body.gpus.find(({ id }: { id: string }) => id === "NVIDIA GeForce RTX 4090");
    const places = (gpu?.dataCenters ?? []).map((place: { id: string; availability: string }) =>
      `${place.id} ${place.availability}`
    );
    return { level: gpu?.availability, places, versions: gpu?.cudaVersions, all: body.gpus };
  };
  const one = await find("count=1");
  assert.deepEqual(one.places.sort(), ["EU-RO-1 LOW", "US-IL-1 HIGH", "US-TX-3 NONE"]);
  assert.equal(one.level, "HIGH");
  assert.deepEqual((await find("count=4")).places.sort(), [
    "EU-RO-1 NONE",
    "US-IL-1 HIGH",
    "US-TX-3 NONE",
  ]);
  const community = await find("cloud=COMMUNITY");
  assert.deepEqual([community.level, community.places], ["LOW", []]);
  const romania = await find("countryCodes=RO");
  assert.deepEqual(romania.places, ["EU-RO-1 LOW"]);
  assert.equal(romania.all.some(({ id }: { id: string }) => id === "NVIDIA A40"), false);
  // Sold out everywhere: no list of places at all.
  assert.deepEqual(await find("count=9").then(({ level, places }) => [level, places]), [
    "NONE",
    [],
  ]);
  assert.deepEqual(
    (await find("minCudaVersion=13")).versions.map(({ version }: { version: string }) => version),
    ["13.0"],
  );
  cloud.setStock("NVIDIA GeForce RTX 4090", "US-TX-3", 1);
  cloud.setPrice("NVIDIA GeForce RTX 4090", "SECURE", 0.75);
  const after = await find("count=1");
  assert.ok(after.places.includes("US-TX-3 LOW"));
  const dataCenters = (await rest("GET", "/catalog/datacenters?include=GPU_AVAILABILITY")).body;
  const romanian = dataCenters.dataCenters.find(({ id }: { id: string }) => id === "EU-RO-1");
  assert.deepEqual(
    romanian.gpuAvailability.map((gpu: { id: string; availability: string }) =>
      `${gpu.id} ${gpu.availability}`
    ),
    ["NVIDIA GeForce RTX 4090 LOW", "NVIDIA L4 NONE"],
  );
});

Deno.test("orders take stock and give it back; nothing left is 400 with the vendor's text", async () => {
  const type = usualPod.gpu.id;
  const { cloud, create, rest } = createRunpodBench({ stock: { [type]: { "EU-RO-1": 2 } } });
  const id = await create();
  assert.deepEqual(cloud.stock(), { [type]: { "EU-RO-1": 0 } });
  const refused = await rest("POST", "/pods", usualPod);
  assert.deepEqual([refused.status, refused.body.detail], [400, noInstances]);
  await rest("DELETE", `/pods/${id}`);
  assert.deepEqual(cloud.stock(), { [type]: { "EU-RO-1": 2 } });
});

const unplaceable: Readonly<Record<string, readonly [change: object, detail: RegExp]>> = {
  "an unknown type": [{ gpu: { id: "NVIDIA GeForce RTX 9090" } }, /no longer any instances/],
  "a place that does not own the type": [{ dataCenterIds: ["OC-AU-1"] }, /no longer any instances/],
  "a place that is no place": [{ dataCenterIds: ["eu-ro-1"] }, /no longer any instances/],
  "more GPUs than a machine has": [{ gpu: { id: usualPod.gpu.id, count: 9 } }, /no longer any/],
  "a data center on COMMUNITY": [{ cloud: "COMMUNITY" }, /no longer any instances/],
  "too much disk": [{ disk: 5_000 }, /enough disk space/],
  "a CUDA version that no host has": [
    { gpu: { id: usualPod.gpu.id, minCudaVersion: "14.0" } },
    /could not find any pods with required specifications/,
  ],
};
for (const [what, [change, detail]] of Object.entries(unplaceable)) {
  Deno.test(`an order for ${what} finds no machine`, async () => {
    const { cloud, rest } = createRunpodBench();
    const answer = await rest("POST", "/pods", { ...usualPod, ...change });
    assert.equal(answer.status, 400);
    assert.match(answer.body.detail, detail);
    assert.deepEqual(cloud.machines(), []);
  });
}

const unfit: Readonly<Record<string, readonly [change: object, status: number, line: RegExp]>> = {
  "an unknown key, even null": [
    { bogus: null },
    422,
    /^\$: additional properties 'bogus' not allowed$/,
  ],
  "an unknown key further in": [
    { gpu: { id: "x", vram: 1 } },
    422,
    /^\$\.gpu: additional properties 'vram' not allowed$/,
  ],
  "no name": [{ name: undefined }, 422, /\$\.name/],
  "no image": [{ image: undefined }, 422, /image/],
  "a wrong type": [{ disk: "60" }, 422, /\$\.disk/],
  "no disk at all": [{ disk: 0 }, 422, /\$\.disk/],
  "a cloud of its own": [{ cloud: "ALL" }, 422, /\$\.cloud/],
  "a small volume": [{ mounts: { persistent: { size: 9, path: "/w" } } }, 422, /persistent\.size/],
  "numbers in env": [{ env: { A: 1 } }, 422, /\$\.env\.A/],
  "neither gpu nor cpu": [{ gpu: undefined }, 400, /exactly one of gpu or cpu/],
  "gpu and cpu": [{ cpu: { id: "cpu3c", vcpuCount: 2 } }, 400, /exactly one of gpu or cpu/],
  "two CUDA rules": [
    { gpu: { id: "x", minCudaVersion: "12.1", allowedCudaVersions: ["12.8"] } },
    400,
    /mutually exclusive/,
  ],
  "two kinds of mounts": [
    {
      mounts: {
        persistent: { size: 10, path: "/a" },
        network: [{ volumeId: "v", path: "/b" }],
      },
    },
    400,
    /mutually exclusive/,
  ],
  "a volume that is not there": [
    { mounts: { network: [{ volumeId: "v", path: "/b" }] } },
    400,
    /not found/,
  ],
  "an odd port": [{ ports: ["53/udp"] }, 400, /53\/udp/],
  "a template that is not there": [{ templateId: "t" }, 404, /template not found/],
};
for (const [what, [change, status, line]] of Object.entries(unfit)) {
  Deno.test(`an order with ${what} is ${status}`, async () => {
    const { cloud, rest } = createRunpodBench();
    const { body, ...answer } = await rest("POST", "/pods", { ...usualPod, ...change });
    assert.equal(answer.status, status);
    assert.match(body.errors?.join("\n") ?? body.detail, line);
    assert.deepEqual(cloud.machines(), []);
  });
}

Deno.test("a body that is not JSON is 422, an unknown id or path is 404, a wrong method is 405", async () => {
  const { rest } = createRunpodBench();
  assert.equal((await rest("POST", "/pods", "{")).status, 422);
  for (const path of ["/pods/nosuchpod00000", "/pods/%zz", "/templates", "/catalog/gpus/none"]) {
    const { status, body } = await rest("GET", path);
    assert.deepEqual([status, body.detail], [404, "resource not found"]);
  }
  assert.equal((await rest("DELETE", "/pods/nosuchpod00000")).status, 404);
  const wrong = await rest("DELETE", "/pods");
  assert.deepEqual([wrong.status, wrong.headers.get("allow")], [405, "GET, POST"]);
});

Deno.test("questions about stock must make sense", async () => {
  const { rest } = createRunpodBench();
  const statuses: [query: string, status: number][] = [
    ["include=AVAILABILITY", 400],
    ["product=POD", 400],
    ["count=2", 400],
    ["include=AVAILABILITY&product=POD&cudaVersions=12.8&minCudaVersion=12.1", 400],
    ["include=STOCK&product=POD", 422],
    ["include=AVAILABILITY&product=VM", 422],
    ["include=AVAILABILITY&product=POD&count=none", 422],
    ["include=AVAILABILITY&product=POD&cloud=ALL", 422],
    ["include=AVAILABILITY&product=POD&countryCodes=ro", 422],
    ["include=AVAILABILITY&product=POD&cudaVersions=12", 422],
    // Unknown parameters are ignored.
    ["gpu=L4", 200],
  ];
  for (const [query, status] of statuses) {
    assert.equal((await rest("GET", `/catalog/gpus?${query}`)).status, status, query);
  }
  assert.equal((await rest("GET", "/catalog/datacenters?include=STOCK")).status, 422);
});

Deno.test("actions are what the status allows", async () => {
  const { clock, cloud, create, rest } = createRunpodBench();
  const id = await create();
  const act = (action: string) => rest("POST", `/pods/${id}/action`, { action });
  assert.equal((await act("start")).status, 409);
  assert.equal((await act("restart")).status, 409);
  await clock.advance(60_000);
  const { body: before } = await rest("GET", `/pods/${id}`);
  assert.deepEqual(before.actions, ["stop", "restart", "terminate"]);
  await clock.advance(10_000);
  const restarted = await act("restart");
  assert.deepEqual([restarted.status, restarted.body.status], [200, "PROVISIONING"]);
  const stopped = await act("stop");
  assert.deepEqual([stopped.body.status, stopped.body.cost], ["EXITED", 0]);
  assert.equal((await act("stop")).status, 409);
  const started = await act("start");
  assert.deepEqual([started.body.status, started.body.cost], ["PROVISIONING", 1.38]);
  await act("stop");
  cloud.setStock(usualPod.gpu.id, "EU-RO-1", 1);
  const full = await act("start");
  assert.deepEqual([full.status, full.body.detail.slice(0, 32)], [
    400,
    "There are not enough free GPUs o",
  ]);
  cloud.setStock(usualPod.gpu.id, "EU-RO-1", 2);
  cloud.setBalance(1);
  const poor = await act("start");
  assert.equal(poor.status, 402);
  assert.match(
    poor.body.detail,
    /You need at least \$1\.38 \(current: \$1\.00, deficit: \$0\.38\)\.$/,
  );
  assert.equal((await act("sleep")).status, 422);
  assert.equal((await act("terminate")).status, 204);
  assert.equal((await act("start")).status, 409);
  await clock.advance(3_000);
  assert.equal((await act("start")).status, 404);
});

Deno.test("keys: bearer works; none, wrong, restricted and revoked ones are told apart", async () => {
  const { cloud, create, rest } = createRunpodBench({
    restrictedKeys: ["rpa_pod"],
    strangersKeys: ["rpa_stranger"],
  });
  await create();
  const ask = async (authorization: string) => {
    const { status, body } = await rest("GET", "/pods", undefined, { authorization });
    return [status, body.detail ?? body.pods.length];
  };
  assert.deepEqual(await ask(`Bearer ${defaultRunpodKey}`), [200, 1]);
  assert.deepEqual(await ask(""), [401, "missing bearer token"]);
  assert.deepEqual(await ask("Bearer wrong"), [401, "invalid bearer token"]);
  assert.deepEqual(await ask(defaultRunpodKey), [401, "invalid bearer token"]);
  assert.deepEqual(await ask("Bearer rpa_pod"), [403, "access denied"]);
  // REST does not tell whose account it is: somebody else's looks empty.
  assert.deepEqual(await ask("Bearer rpa_stranger"), [200, 0]);
  cloud.setBehaviour({ revoked: true });
  assert.deepEqual(await ask(`Bearer ${defaultRunpodKey}`), [401, "invalid bearer token"]);
  cloud.setBehaviour({ revoked: false, seenAs: "restricted" });
  assert.deepEqual(await ask(`Bearer ${defaultRunpodKey}`), [403, "access denied"]);
});

Deno.test("answers tell what is left of the quota, and then refuse", async () => {
  const { clock, rest } = createRunpodBench({
    behaviour: { throttles: true, quota: { minute: 3, hour: 4, day: 50_000 } },
  });
  const ask = () => rest("GET", "/pods");
  const first = await ask();
  assert.equal(
    first.headers.get("ratelimit"),
    '"minute";r=2;t=60, "hour";r=3;t=3600, "day";r=49999;t=86400',
  );
  assert.equal(
    first.headers.get("ratelimit-policy"),
    '"minute";q=3;w=60, "hour";q=4;w=3600, "day";q=50000;w=86400',
  );
  await clock.advance(48_000);
  await ask();
  await ask();
  const refused = await ask();
  assert.deepEqual([refused.status, refused.body.detail], [
    429,
    "rate limit exceeded for the minute window",
  ]);
  assert.equal(refused.headers.get("retry-after"), "12");
  await clock.advance(12_000);
  assert.equal((await ask()).status, 200);
  const later = await ask();
  assert.match(later.body.detail, /hour window/);
  assert.equal(later.headers.get("retry-after"), "3540");
});

Deno.test("lists can come in pages, whose cursor may be ignored", async () => {
  const { cloud, rest } = createRunpodBench({ behaviour: { pageSize: 2 } });
  cloud.addForeignMachines(5);
  const seen: string[] = [];
  for (let path = "/pods"; path !== "";) {
    const { pods, pagination } = (await rest("GET", path)).body;
    seen.push(...pods.map(({ name }: { name: string }) => name));
    path = pagination.hasNextPage
      ? `/pods?cursor=${encodeURIComponent(pagination.nextCursor)}`
      : "";
  }
  assert.deepEqual(seen, [1, 2, 3, 4, 5].map((number) => `somebody-elses-${number}`));
  assert.equal((await rest("GET", "/pods?cursor=odd")).status, 400);
  cloud.setBehaviour({ ignoresCursor: true });
  const { pods, pagination } = (await rest("GET", "/pods?cursor=after-2")).body;
  assert.deepEqual([pods[0].name, pagination.hasNextPage], ["somebody-elses-1", true]);
});
