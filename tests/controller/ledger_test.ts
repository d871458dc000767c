import assert from "node:assert/strict";
import {
  createLedger,
  type LedgerLine,
  ledgerName,
  meteredTimeOfLine,
} from "../../controller/ledger.ts";
import { configMaps } from "../../kube/resource.ts";
import { costBetween } from "../../scheduling/price.ts";
import { formatTime } from "../../schemas/conditions.ts";
import { minutes } from "../../schemas/duration.ts";
import type { ConfigMap } from "../../schemas/kubernetes.ts";
import { parseUsd } from "../../schemas/money.ts";
import { testStart } from "../support/controller_builders.ts";
import { ControllerWorld, isWrite, testNamespace } from "../support/controller_world.ts";

const hour = 3_600_000;

function buildLine(change: Partial<LedgerLine> = {}): LedgerLine {
  return {
    claim: "tgp-abc123-gpu-aaaaaa",
    uid: "uid-1",
    nodePool: "gpu",
    nodeClass: "default",
    provider: "lambda",
    account: "lambda",
    instanceID: "i-1",
    instanceType: "gpu_1x_a10",
    region: "us-east-1",
    gpuModel: "A10-24GB",
    gpuCount: 1,
    prices: [{ from: formatTime(testStart), perHour: parseUsd("1.29") }],
    until: formatTime(testStart + hour),
    billingIncrement: minutes(1),
    cost: parseUsd("1.29"),
    reason: "Empty",
    boot: "Completed",
    ...change,
  };
}

async function stored(world: ControllerWorld, day: number): Promise<ConfigMap["data"]> {
  const found = await world.find(configMaps, ledgerName(day), testNamespace);
  return found?.data;
}

Deno.test("ledgerName() is one per UTC day", () => {
  assert.equal(ledgerName(testStart), "tgp-ledger-2026-01-01");
  assert.equal(ledgerName(testStart - 1), "tgp-ledger-2025-12-31");
});

Deno.test("write() keeps one line per claim however often it is repeated", async () => {
  using world = await ControllerWorld.create();
  const ledger = createLedger(world.kube, testNamespace);
  await ledger.write(buildLine());
  await ledger.write(buildLine());
  await ledger.write(buildLine({ uid: "uid-2" }));
  assert.deepEqual(Object.keys(await stored(world, testStart) ?? {}).sort(), ["uid-1", "uid-2"]);
  assert.equal(ledger.linesOf(testStart).length, 2);
});

Deno.test("write() books a machine on the day it ended", async () => {
  using world = await ControllerWorld.create();
  const ledger = createLedger(world.kube, testNamespace);
  await ledger.write(buildLine({ until: formatTime(testStart + 24 * hour) }));
  assert.equal(await stored(world, testStart), undefined);
  assert.deepEqual(Object.keys(await stored(world, testStart + 24 * hour) ?? {}), ["uid-1"]);
});

Deno.test("write() fails when nothing was written, and counts nothing", async () => {
  using world = await ControllerWorld.create();
  const ledger = createLedger(world.kube, testNamespace);
  world.onceBefore(
    isWrite("create", "configmaps"),
    () => Response.json({ kind: "Status", message: "quota" }, { status: 403 }),
  );
  await assert.rejects(ledger.write(buildLine()));
  assert.deepEqual(ledger.linesOf(testStart), []);
});

Deno.test("load() reads what another process wrote", async () => {
  using world = await ControllerWorld.create();
  const line = buildLine();
  await createLedger(world.kube, testNamespace).write(line);
  const next = createLedger(world.kube, testNamespace);
  assert.deepEqual(next.linesOf(testStart), []);
  await next.load(testStart);
  assert.deepEqual(next.linesOf(testStart), [line]);
});

Deno.test("load() is not stopped by a line that somebody damaged", async () => {
  using world = await ControllerWorld.create();
  await createLedger(world.kube, testNamespace).write(buildLine());
  await world.kube.patch(configMaps, { name: ledgerName(testStart), namespace: testNamespace }, {
    data: { broken: "{", strange: '{"cost":1}' },
  });
  const next = createLedger(world.kube, testNamespace);
  await next.load(testStart);
  assert.deepEqual(next.linesOf(testStart).map(({ uid }) => uid), ["uid-1"]);
});

Deno.test("load() of a day without a ledger is empty", async () => {
  using world = await ControllerWorld.create();
  const ledger = createLedger(world.kube, testNamespace);
  await ledger.load(testStart);
  assert.deepEqual(ledger.linesOf(testStart), []);
});

Deno.test("a ledger keeps two days in memory", async () => {
  using world = await ControllerWorld.create();
  const ledger = createLedger(world.kube, testNamespace);
  for (const day of [0, 1, 2]) {
    await ledger.write(buildLine({ until: formatTime(testStart + day * 24 * hour) }));
  }
  const counts = [0, 1, 2].map((day) => ledger.linesOf(testStart + day * 24 * hour).length);
  assert.deepEqual(counts, [0, 1, 1]);
});

Deno.test("meteredTimeOfLine() costs what the line says", () => {
  const line = buildLine();
  const cost = costBetween(meteredTimeOfLine(line), 0, testStart + 24 * hour);
  assert.equal(cost, line.cost);
});

Deno.test("a busy day's lines go to further parts, are read back whole, and stay where they are", async () => {
  await using world = await ControllerWorld.create();
  const ledger = createLedger(world.kube, testNamespace);
  for (let index = 0; index < 401; index++) await ledger.write(buildLine({ uid: `uid-${index}` }));
  await ledger.write(buildLine({ uid: "uid-0" }));
  const second = await world.find(configMaps, ledgerName(testStart, 2), testNamespace);
  assert.deepEqual(Object.keys(second?.data ?? {}), ["uid-400"]);
  const successor = createLedger(world.kube, testNamespace);
  await successor.load(testStart);
  assert.equal(successor.linesOf(testStart).length, 401);
});
