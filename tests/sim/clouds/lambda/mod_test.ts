import assert from "node:assert/strict";
import { createSeededRandom } from "../../../../runtime/random.ts";
import { simErrorRows } from "../../../../sim/clouds/lambda/errors.ts";
import { lambdaOperations } from "../../../../sim/clouds/lambda/faults.ts";
import {
  createLambdaCloud,
  defaultLambdaKey,
  type LambdaCloudOptions,
} from "../../../../sim/clouds/lambda/mod.ts";
import type { LambdaCloud } from "../../../../sim/clouds/lambda/lambda_cloud.ts";
import { cut } from "../../../../sim/handler.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import {
  type AnswerChecker,
  createAnswerChecker,
  readOurDocument,
  readVendorDocument,
} from "../../../support/vendor_documents.ts";

const ours = createAnswerChecker(await readOurDocument("lambda.openapi.yaml"), "");
const vendor = await readVendorDocument("lambda.openapi.json");
const theirs = vendor && createAnswerChecker(vendor, "/api/v1");

interface Answer {
  readonly status: number;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
}

/** A cloud that does not count requests, and a way to ask it that checks every answer. */
function createCloud(options: Partial<LambdaCloudOptions> = {}) {
  const clock = new FakeClock();
  const cloud = createLambdaCloud({ clock, random: createSeededRandom(3), ...options });
  if (options.behaviour?.throttles === undefined) cloud.setBehaviour({ throttles: false });
  const ask = (method: string, path: string, body?: unknown, key = defaultLambdaKey) =>
    askCloud(cloud, method, path, body, { authorization: `Bearer ${key}` });
  return { clock, cloud, ask };
}

async function askCloud(
  cloud: LambdaCloud,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await cloud.handler(
    new Request(`http://127.0.0.1/api/v1${path}`, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    }),
    { peer: {} },
  );
  assert.ok(response !== cut);
  const text = await response.text();
  const answer = { status: response.status, body: text === "" ? undefined : parse(text) };
  const template = path.replace(/^\/instances\/[^/]+$/, "/instances/{id}");
  assertDocumented(ours, method, template, answer, false);
  if (theirs) assertDocumented(theirs, method, template, answer, true);
  return answer;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The vendor documents fewer refusals than clients have met; only what is documented is compared. */
function assertDocumented(
  checker: AnswerChecker,
  method: string,
  template: string,
  { status, body }: Answer,
  lenient: boolean,
): void {
  const mayBeForeign = status >= 500 || status === 429 || typeof body === "string";
  if (body === undefined || (mayBeForeign && typeof body === "string")) return;
  const problem = checker.check(method, template, status, body);
  if (problem === "undocumented" && (lenient || status === 404 || status === 409)) return;
  if (lenient && status !== 200 && problem !== undefined) {
    const { code } = body.error;
    const undocumentedCodes = ["global/unknown", "global/forbidden", "global/not-found"];
    if (undocumentedCodes.includes(code)) return;
  }
  assert.equal(problem, undefined, `${method} ${template} ${status}: ${JSON.stringify(body)}`);
}

const order = {
  region_name: "us-east-1",
  instance_type_name: "gpu_1x_a10",
  ssh_key_names: ["tgp"],
  name: "tgp-abc123-train-q7x2k9",
  hostname: "tgp-abc123-train-q7x2k9",
  user_data: "#cloud-config\n",
  tags: [{ key: "managed-by", value: "tgp" }],
};

Deno.test("a machine boots, gets its address, runs, is ended and disappears", async () => {
  const { clock, ask } = createCloud();
  const { body } = await ask("POST", "/instance-operations/launch", order);
  const [id] = body.data.instance_ids;
  assert.match(id, /^[0-9a-f]{32}$/);
  const look = async () => (await ask("GET", `/instances/${id}`)).body.data;
  const booting = await look();
  assert.equal(booting.status, "booting");
  assert.equal("ip" in booting, false);
  await clock.advance(60_000);
  assert.match((await look()).ip, /^203\.0\.113\./);
  await clock.advance(180_000);
  const active = await look();
  assert.equal(active.status, "active");
  assert.deepEqual(active.tags, order.tags);
  assert.equal(JSON.stringify(active).includes("cloud-config"), false);
  const ended = await ask("POST", "/instance-operations/terminate", { instance_ids: [id] });
  assert.equal(ended.body.data.terminated_instances[0].status, "terminating");
  assert.equal((await ask("GET", "/instances")).body.data.length, 1);
  await clock.advance(45_000);
  assert.deepEqual((await ask("GET", "/instances")).body.data, []);
  assert.equal((await look()).status, "terminated");
  await clock.advance(10 * 60_000);
  assert.equal((await ask("GET", `/instances/${id}`)).status, 404);
});

Deno.test("stock is taken by launches and given back when machines are gone", async () => {
  const { clock, cloud, ask } = createCloud({ stock: { gpu_1x_a10: { "us-east-1": 1 } } });
  const regions = async () =>
    (await ask("GET", "/instance-types")).body.data.gpu_1x_a10.regions_with_capacity_available
      .map((region: { name: string }) => region.name);
  assert.deepEqual(await regions(), ["us-east-1"]);
  const { body } = await ask("POST", "/instance-operations/launch", order);
  assert.deepEqual(await regions(), []);
  const refused = await ask("POST", "/instance-operations/launch", order);
  assert.equal(refused.status, 400);
  assert.equal(refused.body.error.code, "instance-operations/launch/insufficient-capacity");
  await ask("POST", "/instance-operations/terminate", { instance_ids: body.data.instance_ids });
  assert.deepEqual(cloud.stock(), { gpu_1x_a10: {} });
  await clock.advance(45_000);
  assert.deepEqual(cloud.stock(), { gpu_1x_a10: { "us-east-1": 1 } });
});

Deno.test("a new price holds for machines launched from then on", async () => {
  const { clock, cloud, ask } = createCloud();
  const launch = () => ask("POST", "/instance-operations/launch", order);
  await launch();
  cloud.setPrice("gpu_1x_a10", 258);
  await launch();
  const { gpu_1x_a10 } = (await ask("GET", "/instance-types")).body.data;
  assert.equal(gpu_1x_a10.instance_type.price_cents_per_hour, 258);
  await clock.advance(64 * 60_000);
  assert.deepEqual(cloud.bill().map((line) => line.amount), [1_290_000, 2_580_000]);
});

Deno.test("phantom stock is listed and cannot be had", async () => {
  const { ask } = createCloud({ behaviour: { phantomStock: ["gpu_1x_a10/us-east-1"] } });
  const types = (await ask("GET", "/instance-types")).body.data;
  assert.equal(types.gpu_1x_a10.regions_with_capacity_available[0].name, "us-east-1");
  const refused = await ask("POST", "/instance-operations/launch", order);
  assert.equal(refused.body.error.code, "instance-operations/launch/insufficient-capacity");
});

Deno.test("every read answers as documented", async () => {
  const { ask } = createCloud({
    filesystems: [{ id: "f".repeat(32), name: "data", region: "us-east-1" }],
    rulesets: [{ id: "e".repeat(32), name: "web", region: "us-east-1" }],
  });
  const paths = [
    "/instance-types",
    "/regions",
    "/images",
    "/file-systems",
    "/firewall-rulesets",
    "/ssh-keys",
    "/instances",
  ];
  for (const path of paths) assert.equal((await ask("GET", path)).status, 200, path);
});

Deno.test("every operation is routed, and nothing else", async () => {
  const { ask } = createCloud();
  assert.equal(lambdaOperations.length, 10);
  for (const [method, path] of [["GET", "/nothing"], ["DELETE", "/instances"], ["GET", "/"]]) {
    const answer = await ask(method ?? "", path ?? "");
    assert.deepEqual([answer.status, answer.body.error.code], [404, "global/not-found"]);
  }
});

Deno.test("keys: bearer and basic work, anything else is 401", async () => {
  const { cloud, ask } = createCloud();
  const basic = { authorization: `Basic ${btoa(`${defaultLambdaKey}:`)}` };
  assert.equal((await askCloud(cloud, "GET", "/regions", undefined, basic)).status, 200);
  const refused: Record<string, string>[] = [
    {},
    { authorization: "Bearer wrong" },
    { authorization: `Basic ${btoa(`${defaultLambdaKey}:password`)}` },
    { authorization: `Basic ${defaultLambdaKey}` },
    { authorization: defaultLambdaKey },
  ];
  for (const headers of refused) {
    const answer = await askCloud(cloud, "GET", "/regions", undefined, headers);
    assert.deepEqual([answer.status, answer.body.error.code], [401, "global/invalid-api-key"]);
  }
  cloud.setBehaviour({ revoked: true });
  assert.equal((await ask("GET", "/regions")).status, 401);
});

const invalidOrders: Readonly<Record<string, Record<string, unknown>>> = {
  "no region": { region_name: undefined },
  "no type": { instance_type_name: undefined },
  "no SSH key": { ssh_key_names: [] },
  "two SSH keys": { ssh_key_names: ["tgp", "tgp"] },
  "long name": { name: "n".repeat(65) },
  "bad hostname": { hostname: "Has.Dots" },
  "bad tag key": { tags: [{ key: "tgp.io/claim", value: "x" }] },
  "long tag value": { tags: [{ key: "claim", value: "v".repeat(129) }] },
  "large user data": { user_data: "x".repeat(1_000_001) },
  "two machines": { quantity: 2 },
  "image twice": { image: { id: "a", family: "b" } },
  "image not at all": { image: {} },
  "null for a text": { name: null },
};

for (const [what, change] of Object.entries(invalidOrders)) {
  Deno.test(`a launch with ${what} is 400 invalid-parameters`, async () => {
    const { cloud, ask } = createCloud();
    const answer = await ask("POST", "/instance-operations/launch", { ...order, ...change });
    assert.deepEqual([answer.status, answer.body.error.code], [400, "global/invalid-parameters"]);
    assert.deepEqual(cloud.machines(), []);
  });
}

Deno.test("a body that is not JSON is 400, a malformed id is 400, an unknown id is 404", async () => {
  const { ask } = createCloud();
  assert.equal((await ask("POST", "/instance-operations/launch", "{")).status, 400);
  assert.equal((await ask("GET", "/instances/i1")).body.error.code, "global/invalid-parameters");
  const unknown = await ask("GET", `/instances/${"0".repeat(32)}`);
  assert.deepEqual(
    [unknown.status, unknown.body.error.code],
    [404, "global/object-does-not-exist"],
  );
});

Deno.test("what a launch names must exist", async () => {
  const { ask } = createCloud({
    filesystems: [{ id: "f".repeat(32), name: "data", region: "us-west-1" }],
    rulesets: [{ id: "e".repeat(32), name: "web", region: "us-west-1" }],
  });
  const launch = (change: object) =>
    ask("POST", "/instance-operations/launch", { ...order, ...change });
  const codeOf = async (change: object) => (await launch(change)).body.error.code;
  assert.equal(await codeOf({ ssh_key_names: ["other"] }), "global/object-does-not-exist");
  assert.equal(await codeOf({ instance_type_name: "gpu_9x" }), "global/object-does-not-exist");
  assert.equal(await codeOf({ file_system_names: ["x"] }), "global/object-does-not-exist");
  assert.equal(
    await codeOf({ file_system_names: ["data"] }),
    "instance-operations/launch/file-system-in-wrong-region",
  );
  assert.equal(
    await codeOf({ firewall_rulesets: [{ id: "e".repeat(32) }] }),
    "global/object-does-not-exist",
  );
  assert.equal(
    (await launch({ region_name: "us-west-1", file_system_names: ["data"] })).status,
    200,
  );
});

Deno.test("the account can be inactive, without address, or at its quota", async () => {
  const { cloud, ask } = createCloud();
  const codeOf = async (path: string, method = "POST") =>
    (await ask(method, path, method === "POST" ? order : undefined)).body.error?.code;
  cloud.setBehaviour({ accountInactive: true });
  assert.equal(await codeOf("/instances", "GET"), "global/account-inactive");
  cloud.setBehaviour({ accountInactive: false, invalidAddress: true });
  assert.equal(await codeOf("/instance-operations/launch"), "global/invalid-address");
  cloud.setBehaviour({ invalidAddress: false, maxMachines: 1 });
  assert.equal(await codeOf("/instance-operations/launch"), undefined);
  assert.equal(await codeOf("/instance-operations/launch"), "global/quota-exceeded");
});

Deno.test("every row of the error table can be had on demand", async () => {
  const { cloud, ask } = createCloud();
  for (const [code, row] of Object.entries(simErrorRows)) {
    cloud.addFault({
      operation: "listInstances",
      answer: { kind: "error", code: code as keyof typeof simErrorRows },
    });
    // Straight at the handler: many rows are not what the documents promise for this operation.
    const response = await cloud.handler(
      new Request("http://127.0.0.1/api/v1/instances", {
        headers: { authorization: `Bearer ${defaultLambdaKey}` },
      }),
      { peer: {} },
    );
    assert.ok(response !== cut);
    assert.equal(response.status, row.status);
    assert.equal((await response.json()).error.code, code);
  }
  assert.equal((await ask("GET", "/instances")).status, 200);
});

const repeated = [
  ["accept", 200, undefined],
  ["unknown", 400, "global/unknown"],
  ["notFound", 404, "global/object-does-not-exist"],
  ["conflict", 409, "global/conflict"],
] as const;
for (const [repeatedTerminate, status, code] of repeated) {
  Deno.test(`ending a machine twice can be ${status}`, async () => {
    const { ask } = createCloud({ behaviour: { repeatedTerminate } });
    const { body } = await ask("POST", "/instance-operations/launch", order);
    const end = () =>
      ask("POST", "/instance-operations/terminate", { instance_ids: body.data.instance_ids });
    assert.equal((await end()).status, 200);
    const again = await end();
    assert.deepEqual([again.status, again.body.error?.code], [status, code]);
  });
}

Deno.test("ending while booting can be refused, and then the actions say so", async () => {
  const { clock, ask } = createCloud({ behaviour: { terminateWhileBooting: "refuse" } });
  const { body } = await ask("POST", "/instance-operations/launch", order);
  const [id] = body.data.instance_ids;
  const end = () => ask("POST", "/instance-operations/terminate", { instance_ids: [id] });
  assert.equal((await end()).body.error.code, "global/invalid-parameters");
  const { data } = (await ask("GET", `/instances/${id}`)).body;
  assert.equal(data.actions.terminate.reason_code, "vm-has-not-launched");
  await clock.advance(4 * 60_000);
  assert.equal((await end()).status, 200);
});

Deno.test("boots can fail, never end, and machines can break down or be taken away", async () => {
  const { clock, cloud, ask } = createCloud();
  const launch = async () =>
    (await ask("POST", "/instance-operations/launch", order)).body.data.instance_ids[0];
  const statusOf = async (id: string) => (await ask("GET", `/instances/${id}`)).body.data.status;
  cloud.setBehaviour({ boot: "unhealthy" });
  const sick = await launch();
  cloud.setBehaviour({ boot: "never" });
  const stuck = await launch();
  cloud.setBehaviour({ boot: "normal" });
  const [well, doomed] = [await launch(), await launch()];
  await clock.advance(5 * 60_000);
  assert.equal(await statusOf(sick), "unhealthy");
  assert.equal(await statusOf(stuck), "booting");
  assert.equal(await statusOf(well), "active");
  cloud.breakDown(well);
  cloud.preempt(doomed);
  assert.equal(await statusOf(well), "unhealthy");
  assert.equal(await statusOf(doomed), "preempted");
  await clock.advance(60 * 60_000);
  assert.equal(await statusOf(stuck), "booting");
  cloud.setBehaviour({ terminate: "stuck" });
  await ask("POST", "/instance-operations/terminate", { instance_ids: [well] });
  await clock.advance(60 * 60_000);
  assert.equal(await statusOf(well), "terminating");
});

Deno.test("the list can lag behind launches; looking up by id does not", async () => {
  const { clock, ask } = createCloud({ behaviour: { listLagMs: 90_000 } });
  const { body } = await ask("POST", "/instance-operations/launch", order);
  assert.deepEqual((await ask("GET", "/instances")).body.data, []);
  assert.equal((await ask("GET", `/instances/${body.data.instance_ids[0]}`)).status, 200);
  await clock.advance(90_000);
  assert.equal((await ask("GET", "/instances")).body.data.length, 1);
});

Deno.test("too many requests are throttled in the chosen shape", async () => {
  const { clock, cloud } = createCloud({ behaviour: { throttles: true } });
  const headers = { authorization: `Bearer ${defaultLambdaKey}` };
  const ask = async (path = "/regions", method = "GET") => {
    const body = method === "POST" ? JSON.stringify(order) : null;
    const response = await cloud.handler(
      new Request(`http://127.0.0.1/api/v1${path}`, { method, headers, body }),
      { peer: {} },
    );
    assert.ok(response !== cut);
    return response;
  };
  const statuses: number[] = [];
  for (let index = 0; index < 5; index++) statuses.push((await ask()).status);
  assert.deepEqual(statuses, [200, 200, 200, 429, 429]);
  const shapes = [
    ["json", 429, /"code"/],
    ["empty", 429, /^$/],
    ["text", 429, /Too many requests/],
    ["html", 429, /<title>/],
    ["1015", 403, /^error code: 1015$/],
  ] as const;
  for (const [throttleShape, status, text] of shapes) {
    cloud.setBehaviour({ throttleShape, retryAfterSeconds: 9 });
    const response = await ask();
    assert.equal(response.status, status);
    assert.match(await response.text(), text);
    if (throttleShape !== "1015") assert.equal(response.headers.get("retry-after"), "9");
  }
  await clock.advance(60_000);
  assert.equal((await ask("/instance-operations/launch", "POST")).status, 200);
  await clock.advance(5_000);
  assert.equal((await ask("/instance-operations/launch", "POST")).status, 403);
  await clock.advance(7_000);
  assert.equal((await ask("/instance-operations/launch", "POST")).status, 200);
});

Deno.test("latency passes on the cloud's clock", async () => {
  const { clock, ask } = createCloud({ behaviour: { latencyMs: 250 } });
  let done = false;
  const asking = ask("GET", "/regions").then(() => done = true);
  await clock.advance(249);
  assert.equal(done, false);
  await clock.advance(1);
  await asking;
});

Deno.test("run() tells when machines start and stop, with what is inside", async () => {
  const { clock, cloud, ask } = createCloud();
  const stop = new AbortController();
  const events: string[] = [];
  const told = (what: string) => (machine: { name: string; userData: string }) =>
    void events.push(`${what} ${machine.name} ${machine.userData.trim()} ${clock.now()}`);
  const unsubscribe = cloud.onMachineRunning(told("running"));
  cloud.onMachineGone(told("gone"));
  const running = cloud.run(stop.signal);
  await clock.settle();
  const startedAt = clock.now();
  const { body } = await ask("POST", "/instance-operations/launch", order);
  await clock.advance(10 * 60_000);
  await ask("POST", "/instance-operations/terminate", { instance_ids: body.data.instance_ids });
  await clock.advance(60_000);
  unsubscribe();
  await ask("POST", "/instance-operations/launch", order);
  await clock.advance(10 * 60_000);
  stop.abort();
  await running;
  assert.equal(clock.sleeping, 0);
  const { name } = order;
  assert.deepEqual(events, [
    `running ${name} #cloud-config ${startedAt + 240_000}`,
    `gone ${name} #cloud-config ${startedAt + 600_000}`,
  ]);
});
