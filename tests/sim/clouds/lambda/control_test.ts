import assert from "node:assert/strict";
import { createSeededRandom } from "../../../../runtime/random.ts";
import { createLambdaCloud, defaultLambdaKey } from "../../../../sim/clouds/lambda/mod.ts";
import { serve } from "../../../../sim/serve.ts";
import { FakeClock } from "../../../support/fake_clock.ts";

async function withCloud(
  run: (
    ask: (method: string, path: string, body?: unknown) => Promise<Response>,
    url: string,
  ) => Promise<void>,
): Promise<void> {
  const clock = new FakeClock();
  const cloud = createLambdaCloud({
    clock,
    random: createSeededRandom(1),
    stock: { gpu_1x_a10: { "us-east-1": 1 } },
    behaviour: { throttles: false },
  });
  const served = await serve(cloud.handler);
  try {
    await run(
      (method, path, body) =>
        fetch(served.url + path, {
          method,
          headers: { authorization: `Bearer ${defaultLambdaKey}` },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      served.url,
    );
  } finally {
    await served.close();
  }
}

async function json(response: Response): Promise<unknown> {
  assert.equal(response.status, 200);
  return await response.json();
}

Deno.test("switches can be turned and read while the cloud runs", async () => {
  await withCloud(async (ask) => {
    await json(await ask("PATCH", "/_control/behaviour", { listLagMs: 5, boot: "never" }));
    const state = await json(await ask("GET", "/_control/state")) as {
      behaviour: Record<string, unknown>;
    };
    assert.equal(state.behaviour["listLagMs"], 5);
    assert.equal(state.behaviour["throttles"], false);
    const stock = { instanceType: "gpu_1x_a10", region: "us-west-1", count: 3 };
    await json(await ask("PUT", "/_control/stock", stock));
    assert.deepEqual(await json(await ask("GET", "/_control/stock")), {
      gpu_1x_a10: { "us-east-1": 1, "us-west-1": 3 },
    });
    await json(await ask("PUT", "/_control/price", { instanceType: "gpu_1x_a10", cents: 1 }));
    const types = await json(await ask("GET", "/api/v1/instance-types"));
    assert.match(JSON.stringify(types), /"price_cents_per_hour":1,/);
    const answer = { kind: "error", code: "global/quota-exceeded" };
    await json(
      await ask("POST", "/_control/faults", { operation: "listRegions", answer, times: 2 }),
    );
    const refused = await ask("GET", "/api/v1/regions");
    assert.equal(refused.status, 400);
    await refused.body?.cancel();
    await json(await ask("DELETE", "/_control/faults"));
    await json(await ask("GET", "/api/v1/regions"));
  });
});

Deno.test("machines and bills can be read, without user data", async () => {
  await withCloud(async (ask) => {
    await json(
      await ask("POST", "/api/v1/instance-operations/launch", {
        region_name: "us-east-1",
        instance_type_name: "gpu_1x_a10",
        ssh_key_names: ["tgp"],
        name: "m1",
        user_data: "#cloud-config # secret",
      }),
    );
    const machines = await json(await ask("GET", "/_control/machines"));
    assert.match(JSON.stringify(machines), /"name":"m1"/);
    assert.doesNotMatch(JSON.stringify(machines), /secret/);
    const [bill] = await json(await ask("GET", "/_control/bills")) as {
      id: string;
      amount: number;
    }[];
    assert.equal(bill?.amount, 0);
    await json(await ask("POST", "/_control/break-down", { id: bill.id }));
    await json(await ask("POST", "/_control/preempt", { id: bill.id }));
    assert.match(JSON.stringify(await json(await ask("GET", "/_control/machines"))), /preempted/);
  });
});

Deno.test("wrong switches are refused in words", async () => {
  await withCloud(async (ask) => {
    const cases: [string, string, unknown, RegExp][] = [
      ["PATCH", "/_control/behaviour", { listLagMs: -1 }, /listLagMs/],
      ["PATCH", "/_control/behaviour", { unknown: 1 }, /unknown/i],
      ["PUT", "/_control/stock", { instanceType: "x", region: "y", count: 1 }, /No instance type/],
      ["POST", "/_control/faults", { operation: "*", answer: { kind: "odd" } }, /answer/],
      ["POST", "/_control/faults", {
        operation: "*",
        answer: { kind: "error", code: "no/such" },
      }, /known code/],
    ];
    for (const [method, path, body, expected] of cases) {
      const response = await ask(method, path, body);
      assert.equal(response.status, 400);
      assert.match(await response.text(), expected);
    }
    const missing = await ask("GET", "/_control/nothing");
    assert.equal(missing.status, 404);
    await missing.body?.cancel();
  });
});

Deno.test("switches answer to loopback names only", async () => {
  const cloud = createLambdaCloud({ clock: new FakeClock(), random: createSeededRandom(1) });
  const request = new Request("http://attacker.example/_control/state");
  const response = await cloud.handler(request, { peer: {} });
  assert.ok(response instanceof Response);
  assert.equal(response.status, 403);
});
