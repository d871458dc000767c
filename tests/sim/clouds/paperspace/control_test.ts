import assert from "node:assert/strict";
import { createSeededRandom } from "../../../../runtime/random.ts";
import { defaultBehaviour } from "../../../../sim/clouds/paperspace/behaviour.ts";
import {
  paperspaceFaults,
  paperspaceOperations,
} from "../../../../sim/clouds/paperspace/faults.ts";
import {
  createPaperspaceCloud,
  defaultPaperspaceKey,
} from "../../../../sim/clouds/paperspace/mod.ts";
import { serve } from "../../../../sim/serve.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { usualMachine } from "../../../support/paperspace_bench.ts";

type Ask = (method: string, path: string, body?: unknown) => Promise<Response>;

async function withCloud(run: (ask: Ask) => Promise<void>): Promise<void> {
  const cloud = createPaperspaceCloud({
    clock: new FakeClock(),
    random: createSeededRandom(1),
    stock: { A4000: { ny2: 1 } },
  });
  const served = await serve(cloud.handler);
  try {
    await run((method, path, body) =>
      fetch(served.url + path, {
        method,
        headers: {
          authorization: `Bearer ${defaultPaperspaceKey}`,
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
    );
  } finally {
    await served.close();
  }
}

// deno-lint-ignore no-explicit-any
async function json(response: Response): Promise<any> {
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
}

Deno.test("every switch can be turned while the cloud runs", async () => {
  await withCloud(async (ask) => {
    for (const [name, value] of Object.entries(defaultBehaviour)) {
      await json(await ask("PATCH", "/_control/behaviour", { [name]: value }));
    }
    const change = { boot: "stuckStarting", rate: { intervalMs: 5, toleranceMs: 9 } };
    await json(await ask("PATCH", "/_control/behaviour", change));
    const { behaviour } = await json(await ask("GET", "/_control/state"));
    assert.deepEqual(behaviour, { ...defaultBehaviour, ...change });
  });
});

Deno.test("every fault can be added, for every operation, and dropped", async () => {
  await withCloud(async (ask) => {
    for (const operation of [...paperspaceOperations, "*"]) {
      const answer = paperspaceFaults.html502;
      await json(await ask("POST", "/_control/faults", { operation, answer, times: 2 }));
    }
    for (const answer of Object.values(paperspaceFaults)) {
      const fault = { operation: "machines-list", answer, takesEffect: true };
      await json(await ask("POST", "/_control/faults", fault));
    }
    const refused = await ask("GET", "/v1/machines");
    assert.equal(refused.status, 502);
    await refused.body?.cancel();
    const { faults } = await json(await ask("GET", "/_control/state"));
    const expected = paperspaceOperations.length + 1 + Object.keys(paperspaceFaults).length;
    assert.equal(faults.length, expected);
    await json(await ask("DELETE", "/_control/faults"));
    await json(await ask("GET", "/v1/machines"));
  });
});

Deno.test("stock and prices can be set", async () => {
  await withCloud(async (ask) => {
    await json(
      await ask("PUT", "/_control/stock", { machineType: "GPU+", region: "ams1", count: 3 }),
    );
    assert.deepEqual(await json(await ask("GET", "/_control/stock")), {
      A4000: { ny2: 1 },
      "GPU+": { ams1: 3 },
    });
    await json(await ask("PUT", "/_control/price", { machineType: "A4000", usd: 0.5 }));
    const { data } = await json(await ask("POST", "/v1/machines", usualMachine));
    assert.equal(data.usageRate, 0.5);
  });
});

Deno.test("machines, scripts, addresses and bills can be read, without secrets", async () => {
  await withCloud(async (ask) => {
    const script = await json(
      await ask("POST", "/v1/startup-scripts", { name: "boot", script: "# secret" }),
    );
    const order = { ...usualMachine, publicIpType: "static", startupScriptId: script.id };
    const { data } = await json(await ask("POST", "/v1/machines", order));
    const views = await Promise.all(
      ["machines", "scripts", "ips", "bills", "ip-bills"].map(async (path) =>
        await json(await ask("GET", `/_control/${path}`))
      ),
    );
    assert.doesNotMatch(JSON.stringify(views), /secret/);
    const [machines, scripts, ips, bills, ipBills] = views;
    assert.deepEqual([machines[0].id, machines[0].gone], [data.id, false]);
    assert.deepEqual(scripts[0].assignedMachineIds, [data.id]);
    assert.equal(ips[0].machineId, data.id);
    assert.equal(bills[0].id, data.id);
    assert.equal(ipBills[0].kind, "static");
    await json(await ask("POST", "/_control/foreign-machines", { count: 2 }));
    assert.equal((await json(await ask("GET", "/v1/machines"))).items.length, 3);
    await json(await ask("POST", "/_control/switch-off", { id: data.id }));
    assert.equal((await json(await ask("GET", `/v1/machines/${data.id}`))).state, "off");
    await json(await ask("POST", "/_control/vanish", { id: data.id }));
    assert.equal((await json(await ask("GET", "/v1/machines"))).items.length, 2);
  });
});

Deno.test("wrong switches are refused in words", async () => {
  await withCloud(async (ask) => {
    const error = { kind: "error", code: "TEAPOT" };
    const stock = { machineType: "A4000", region: "lon1", count: 1 };
    const cases: [string, string, unknown, RegExp][] = [
      ["PATCH", "/_control/behaviour", { listLagMs: -1 }, /listLagMs/],
      ["PATCH", "/_control/behaviour", { unknown: 1 }, /unknown/i],
      ["PUT", "/_control/stock", stock, /No region .*lon1/],
      ["PUT", "/_control/price", { machineType: "B200", usd: 1 }, /No machine type .*B200/],
      ["POST", "/_control/faults", { operation: "*", answer: { kind: "odd" } }, /answer/],
      ["POST", "/_control/faults", { operation: "*", answer: error }, /known code/],
      ["POST", "/_control/vanish", { id: "psunknown" }, /No machine .*psunknown/],
    ];
    for (const [method, path, body, expected] of cases) {
      const response = await ask(method, path, body);
      assert.equal(response.status, 400, path);
      assert.match(await response.text(), expected);
    }
  });
});
