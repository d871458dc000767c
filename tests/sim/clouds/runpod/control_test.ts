import assert from "node:assert/strict";
import { createSeededRandom } from "../../../../runtime/random.ts";
import { defaultBehaviour } from "../../../../sim/clouds/runpod/behaviour.ts";
import { createRunpodCloud, defaultRunpodKey } from "../../../../sim/clouds/runpod/mod.ts";
import { cut } from "../../../../sim/handler.ts";
import { serve } from "../../../../sim/serve.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { usualPod } from "../../../support/runpod_bench.ts";

async function withCloud(
  run: (ask: (method: string, path: string, body?: unknown) => Promise<Response>) => Promise<void>,
): Promise<void> {
  const cloud = createRunpodCloud({ clock: new FakeClock(), random: createSeededRandom(1) });
  const served = await serve(cloud.handler);
  try {
    await run((method, path, body) =>
      fetch(served.url + path, {
        method,
        headers: { authorization: `Bearer ${defaultRunpodKey}`, "user-agent": "test/1" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
    );
  } finally {
    await served.close();
  }
}

// deno-lint-ignore no-explicit-any
async function json(response: Response): Promise<any> {
  assert.ok(response.ok, `${response.status}`);
  return await response.json();
}

Deno.test("every switch can be turned and read while the cloud runs", async () => {
  await withCloud(async (ask) => {
    const changed = {
      ...defaultBehaviour,
      boot: "never",
      quota: { minute: 1_000, hour: 9_000, day: 99_000 },
      removedFields: ["Mutation.podRentInterruptable"],
      injectedEnv: {},
    };
    await json(await ask("PATCH", "/_control/behaviour", changed));
    await json(await ask("PATCH", "/_control/behaviour", { listLagMs: 5 }));
    const { behaviour } = await json(await ask("GET", "/_control/state"));
    assert.deepEqual(behaviour, { ...changed, listLagMs: 5 });
  });
});

Deno.test("stock, prices, balance and faults can be set while the cloud runs", async () => {
  await withCloud(async (ask) => {
    const gpuTypeId = "NVIDIA A30";
    await json(await ask("PUT", "/_control/stock", { gpuTypeId, place: "CA", count: 3 }));
    assert.deepEqual((await json(await ask("GET", "/_control/stock")))[gpuTypeId], { CA: 3 });
    await json(await ask("PUT", "/_control/price", { gpuTypeId, cloud: "COMMUNITY", usd: 0.5 }));
    const { gpus } = await json(await ask("GET", "/v2/catalog/gpus"));
    assert.equal(gpus.find(({ id }: { id: string }) => id === gpuTypeId).price.community, 0.5);
    await json(await ask("PUT", "/_control/balance", { usd: 0 }));
    assert.equal((await ask("POST", "/v2/pods", usualPod).then(drain)).status, 402);
    const answers = [
      { kind: "error", error: "placementRace" },
      { kind: "nullData" },
      { kind: "raw", status: 429, body: "" },
    ];
    for (const answer of answers) {
      await json(
        await ask("POST", "/_control/faults", { operation: "listPods", answer, times: 2 }),
      );
    }
    const { faults } = await json(await ask("GET", "/_control/state"));
    assert.deepEqual(faults.map(({ answer }: { answer: unknown }) => answer), answers);
    assert.equal((await ask("GET", "/v2/pods").then(drain)).status, 400);
    await json(await ask("DELETE", "/_control/faults"));
    assert.deepEqual(await json(await ask("GET", "/v2/pods")), { pods: [] });
  });
});

Deno.test("pods and bills can be read, without environments", async () => {
  await withCloud(async (ask) => {
    const { id } = await json(await ask("POST", "/v2/pods", { ...usualPod, env: { A: "secret" } }));
    await json(await ask("POST", "/_control/foreign", { count: 2 }));
    await json(await ask("POST", "/_control/foreign", { count: 1, workers: true }));
    await json(await ask("POST", "/_control/preempt", { id }));
    const machines = await json(await ask("GET", "/_control/machines"));
    assert.doesNotMatch(JSON.stringify(machines), /secret/);
    assert.deepEqual(machines.map(({ state }: { state: string }) => state), [
      "EXITED",
      "PROVISIONING",
      "PROVISIONING",
      "PROVISIONING",
    ]);
    assert.equal((await json(await ask("GET", "/_control/bills"))).length, 4);
  });
});

Deno.test("wrong switches are refused in words", async () => {
  await withCloud(async (ask) => {
    const cases: [string, string, unknown, RegExp][] = [
      ["PATCH", "/_control/behaviour", { listLagMs: -1 }, /listLagMs/],
      ["PATCH", "/_control/behaviour", { unknown: 1 }, /unknown/i],
      ["PUT", "/_control/stock", { gpuTypeId: "x", place: "CA", count: 1 }, /No GPU type/],
      ["PUT", "/_control/price", { gpuTypeId: "x", cloud: "ALL", usd: 1 }, /cloud/],
      ["POST", "/_control/faults", { operation: "*", answer: { kind: "odd" } }, /answer/],
      ["POST", "/_control/faults", { operation: "launch", answer: { kind: "cut" } }, /operation/],
      ["POST", "/_control/faults", {
        operation: "*",
        answer: { kind: "error", error: "no such" },
      }, /answer/],
    ];
    for (const [method, path, body, expected] of cases) {
      const response = await ask(method, path, body);
      assert.equal(response.status, 400);
      assert.match(await response.text(), expected);
    }
  });
});

Deno.test("switches answer to loopback names only", async () => {
  const cloud = createRunpodCloud({ clock: new FakeClock(), random: createSeededRandom(1) });
  const request = new Request("http://attacker.example/_control/state");
  const response = await cloud.handler(request, { peer: {} });
  assert.ok(response !== cut);
  assert.equal(response.status, 403);
});

async function drain(response: Response): Promise<Response> {
  await response.body?.cancel();
  return response;
}
