import assert from "node:assert/strict";
import {
  applyStockSignal,
  decodeStock,
  encodeStock,
  forget,
  isSoldOut,
  pruneStock,
  rememberSoldOut,
  type StockMemory,
} from "../../controller/stock_memory.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { buildOffer, testStart } from "../support/controller_builders.ts";

const random = createSeededRandom(1);
const minute = 60_000;

function fail(times: number, now: number): StockMemory {
  let memory: StockMemory = new Map();
  for (let count = 0; count < times; count++) {
    memory = rememberSoldOut(memory, "of-1", "no capacity", now, random);
  }
  return memory;
}

Deno.test("rememberSoldOut() waits about a minute first and an hour at most", () => {
  const first = (fail(1, testStart).get("of-1")?.until ?? 0) - testStart;
  assert.ok(first >= minute / 2 && first <= minute, `${first}`);
  const tenth = (fail(10, testStart).get("of-1")?.until ?? 0) - testStart;
  assert.ok(tenth >= 30 * minute && tenth <= 60 * minute, `${tenth}`);
});

Deno.test("isSoldOut() holds until the time has passed; forget() ends it", () => {
  const memory = fail(1, testStart);
  assert.ok(isSoldOut(memory, "of-1", testStart + 1));
  assert.ok(!isSoldOut(memory, "of-1", testStart + minute + 1));
  assert.ok(!isSoldOut(memory, "of-2", testStart));
  assert.ok(!isSoldOut(forget(memory, "of-1"), "of-1", testStart + 1));
});

Deno.test("applyStockSignal() halves the wait when stock turns from no to yes, once", () => {
  const memory = fail(10, testStart);
  const left = (memory.get("of-1")?.until ?? 0) - testStart;
  const soldOut = [buildOffer({ id: "of-1", available: false })];
  const inStock = [buildOffer({ id: "of-1", available: true })];
  const turned = applyStockSignal(memory, soldOut, inStock, testStart);
  assert.equal((turned.get("of-1")?.until ?? 0) - testStart, left / 2);
  const again = applyStockSignal(turned, inStock, inStock, testStart);
  assert.equal(again.get("of-1")?.until, turned.get("of-1")?.until);
});

Deno.test("decodeStock() reads what encodeStock() wrote and drops what it cannot read", () => {
  const memory = fail(3, testStart);
  const read = decodeStock({
    ...encodeStock(memory),
    "of-2": "no JSON",
    "of-3": '{"failures":"x"}',
  });
  assert.deepEqual([...read.keys()], ["of-1"]);
  assert.equal(read.get("of-1")?.failures, 3);
  assert.ok(Math.abs((read.get("of-1")?.until ?? 0) - (memory.get("of-1")?.until ?? 0)) < 1_000);
});

Deno.test("pruneStock() keeps growth for a day", () => {
  const memory = fail(1, testStart);
  assert.equal(pruneStock(memory, testStart + 23 * 60 * minute).size, 1);
  assert.equal(pruneStock(memory, testStart + 26 * 60 * minute).size, 0);
});
