import assert from "node:assert/strict";
import { simErrorRows } from "../../../../sim/clouds/paperspace/errors.ts";
import {
  paperspaceFaults,
  paperspaceOperations,
} from "../../../../sim/clouds/paperspace/faults.ts";
import { defaultPaperspaceKey } from "../../../../sim/clouds/paperspace/mod.ts";
import { cut } from "../../../../sim/handler.ts";
import { createPaperspaceBench, usualMachine } from "../../../support/paperspace_bench.ts";

Deno.test("a key that is not valid is 401, but for a session, which is nobody's, and templates", async () => {
  const { cloud, ask } = createPaperspaceBench();
  const wrong: Record<string, string>[] = [
    { authorization: "Bearer wrong" },
    { authorization: "" },
    { authorization: defaultPaperspaceKey },
    { authorization: `Basic ${btoa(`${defaultPaperspaceKey}:`)}` },
    { authorization: `Bearer ${defaultPaperspaceKey} more` },
  ];
  for (const headers of wrong) {
    const paths = ["/machines", "/machine-availability", "/billing/account-standing", "/nothing"];
    for (const path of paths) {
      const refused = await ask("GET", path, undefined, headers);
      assert.deepEqual([refused.status, refused.body.code], [401, "UNAUTHORIZED"], path);
    }
    const session = await ask("GET", "/auth/session", undefined, headers);
    assert.deepEqual([session.status, session.body], [200, null]);
    assert.equal((await ask("GET", "/os-templates", undefined, headers)).status, 200);
  }
  cloud.setBehaviour({ revoked: true });
  assert.equal((await ask("GET", "/machines")).status, 401);
  assert.equal((await ask("GET", "/auth/session")).body, null);
});

Deno.test("keys may belong to another team, which has nothing", async () => {
  const { ask, create } = createPaperspaceBench({ otherApiKeys: ["other"] });
  const id = await create();
  const other = { authorization: "Bearer other" };
  const teams = [
    (await ask("GET", "/auth/session")).body.team.id,
    (await ask("GET", "/auth/session", undefined, other)).body.team.id,
  ];
  assert.deepEqual(teams, ["tq7w1m3zc8", "tq7w1m3zc8other"]);
  assert.deepEqual((await ask("GET", "/machines", undefined, other)).body.items, []);
  assert.equal((await ask("GET", `/machines/${id}`, undefined, other)).status, 404);
  assert.equal((await ask("DELETE", `/machines/${id}`, undefined, other)).status, 404);
  assert.equal((await ask("GET", `/machines/${id}`)).status, 200);
});

Deno.test("a key may read only", async () => {
  const { ask } = createPaperspaceBench({ behaviour: { mayWrite: false } });
  assert.equal((await ask("GET", "/machines")).status, 200);
  const refused = await ask("POST", "/machines", usualMachine);
  assert.deepEqual([refused.status, refused.body.code], [403, "FORBIDDEN"]);
});

Deno.test("unknown routes are 404, known ones with a wrong method 405", async () => {
  const { cloud, ask } = createPaperspaceBench();
  const cases = [
    ["GET", "/nothing", 404],
    ["GET", "/os_templates", 404],
    ["GET", "/machines/a/b/c", 404],
    ["GET", "/public-ips/203.0.113.1", 405],
    ["POST", "/machines/psx/start", 405],
    ["DELETE", "/machines", 405],
  ] as const;
  for (const [method, path, status] of cases) {
    const answer = await ask(method, path);
    assert.equal(answer.status, status, path);
    assert.deepEqual(Object.keys(answer.body), ["message", "code"]);
  }
  const request = new Request("http://127.0.0.1/machines", {
    headers: { authorization: `Bearer ${defaultPaperspaceKey}` },
  });
  const unprefixed = await cloud.handler(request, { peer: {} });
  assert.ok(unprefixed !== cut);
  assert.equal(unprefixed.status, 404);
});

Deno.test("a body that is announced as JSON and does not come is the framework's to refuse", async () => {
  const { ask, create, clock } = createPaperspaceBench();
  const id = await create();
  await clock.advance(120_000);
  const json = { "content-type": "application/json" };
  const refused = await ask("PATCH", `/machines/${id}/stop`, "", json);
  assert.deepEqual([refused.status, refused.body.code], [400, "FST_ERR_CTP_EMPTY_JSON_BODY"]);
  assert.equal((await ask("POST", "/startup-scripts", "", json)).body.statusCode, 400);
  const accepted: [unknown, Record<string, string>][] = [
    [undefined, {}],
    ["", { "content-type": "text/plain" }],
    [{}, {}],
  ];
  for (const [body, headers] of accepted) {
    const action = (await ask("GET", `/machines/${id}`)).body.state === "off" ? "start" : "stop";
    assert.equal((await ask("PATCH", `/machines/${id}/${action}`, body, headers)).status, 200);
    await clock.advance(120_000);
  }
  assert.equal((await ask("DELETE", `/machines/${id}`, "", json)).status, 200);
});

Deno.test("bodies that are not JSON or too large are refused", async () => {
  const { ask } = createPaperspaceBench();
  const broken = await ask("POST", "/machines", "{");
  assert.deepEqual([broken.status, broken.body.code], [400, "PARSE_ERROR"]);
  const large = await ask("POST", "/machines", { ...usualMachine, name: "n".repeat(100_001) });
  assert.deepEqual([large.status, large.body.code], [413, "PAYLOAD_TOO_LARGE"]);
  const plain = await ask("POST", "/machines", JSON.stringify(usualMachine), {
    "content-type": "text/plain",
  });
  assert.deepEqual([plain.status, plain.body.code], [400, "BAD_REQUEST"]);
});

Deno.test("requests are counted where that is switched on, with and without Retry-After", async () => {
  const rate = { intervalMs: 1_000, toleranceMs: 2_000 };
  const { clock, cloud, ask } = createPaperspaceBench({ behaviour: { rate } });
  const statuses: number[] = [];
  for (let index = 0; index < 4; index++) statuses.push((await ask("GET", "/machines")).status);
  assert.deepEqual(statuses, [200, 200, 200, 429]);
  const plain = await ask("GET", "/machines");
  assert.equal(plain.body.code, "TOO_MANY_REQUESTS");
  assert.equal(plain.headers.get("retry-after"), null);
  cloud.setBehaviour({ retryAfterSeconds: 9 });
  assert.equal((await ask("GET", "/machines")).headers.get("retry-after"), "9");
  await clock.advance(1_000);
  assert.equal((await ask("GET", "/machines")).status, 200);
});

Deno.test("every code can be had on demand, with another text or status", async () => {
  const { cloud, ask } = createPaperspaceBench();
  for (const [code, row] of Object.entries(simErrorRows)) {
    const known = code as keyof typeof simErrorRows;
    cloud.addFault({ operation: "machines-list", answer: { kind: "error", code: known } });
    const answer = await ask("GET", "/machines");
    assert.deepEqual(
      [answer.status, answer.body],
      [row.status, { message: row.message, code }],
    );
  }
  cloud.addFault({
    operation: "*",
    answer: { kind: "error", code: "CONFLICT", message: "Odd", status: 418, retryAfterSeconds: 3 },
  });
  const odd = await ask("GET", "/machines");
  assert.deepEqual([odd.status, odd.body.message], [418, "Odd"]);
  assert.equal(odd.headers.get("retry-after"), "3");
  assert.equal((await ask("GET", "/machines")).status, 200);
});

Deno.test("ready-made faults answer as clients met them", async () => {
  const { cloud, ask } = createPaperspaceBench();
  const cases = [
    ["html502", 502, /<html>/],
    ["empty500", 500, /^""$/],
    ["throttledForSeconds", 429, /TOO_MANY/],
    ["outOfCapacity", 400, /out of capacity/],
    ["noPaymentMethod", 400, /payment method/],
    ["maxMachines", 400, /maximum number of machines/],
    ["approval", 403, /requires approval/],
    ["busy", 409, /This machine is currently starting\./],
    ["emptyJsonBody", 400, /FST_ERR/],
    ["nullOk", 200, /^null$/],
  ] as const;
  for (const [name, status, text] of cases) {
    cloud.addFault({ operation: "machineAvailability-list", answer: paperspaceFaults[name] });
    // Faults need not be what documents promise: a body of null is no availability.
    if (name === "nullOk") {
      const request = new Request("http://127.0.0.1/v1/machine-availability", {
        headers: { authorization: `Bearer ${defaultPaperspaceKey}` },
      });
      const response = await cloud.handler(request, { peer: {} });
      assert.ok(response !== cut);
      assert.match(await response.text(), text);
      continue;
    }
    const answer = await ask("GET", "/machine-availability?machineType=A4000&region=ny2");
    assert.equal(answer.status, status, name);
    assert.match(JSON.stringify(answer.body), text, name);
  }
});

Deno.test("a connection can break after a machine was created", async () => {
  const { cloud } = createPaperspaceBench();
  for (const takesEffect of [true, false]) {
    cloud.addFault({ operation: "machines-create", answer: { kind: "cut" }, takesEffect });
    const response = await cloud.handler(
      new Request("http://127.0.0.1/v1/machines", {
        method: "POST",
        headers: {
          authorization: `Bearer ${defaultPaperspaceKey}`,
          "content-type": "application/json",
        },
        body: JSON.stringify(usualMachine),
      }),
      { peer: {} },
    );
    assert.equal(response, cut);
    assert.equal(cloud.machines().length, 1);
  }
});

Deno.test("every operation can be reached", async () => {
  const { cloud, ask } = createPaperspaceBench();
  const paths: Readonly<Record<string, string>> = {
    "auth-session": "/auth/session",
    "billing-accountStanding": "/billing/account-standing",
    "machineAvailability-list": "/machine-availability",
    "osTemplates-list": "/os-templates",
    "customTemplates": "/custom-templates",
    machines: "/machines",
    machineEvents: "/machine-events",
    startupScripts: "/startup-scripts",
    publicIps: "/public-ips",
    privateNetworks: "/private-networks",
  };
  const methods: Readonly<Record<string, string>> = {
    list: "GET",
    create: "POST",
    claim: "POST",
    get: "GET",
    update: "PUT",
    delete: "DELETE",
    release: "DELETE",
  };
  for (const operation of paperspaceOperations) {
    const [family = "", verb = ""] = operation.split("-");
    const own = paths[operation];
    const whole = ["list", "create", "claim"].includes(verb);
    const action = verb in methods || operation === "publicIps-assign" ? "" : `/${verb}`;
    const path = own ?? `${paths[family]}${whole ? "" : `/x${action}`}`;
    const patched = family === "machines"
      ? "PATCH"
      : operation === "publicIps-assign"
      ? "PUT"
      : "POST";
    const method = own !== undefined ? "GET" : methods[verb] ?? patched;
    cloud.addFault({ operation, answer: { kind: "raw", status: 418, body: '"teapot"' } });
    assert.equal((await ask(method, path)).status, 418, `${operation}: ${method} ${path}`);
  }
});
