import assert from "node:assert/strict";
import {
  findCheapestKind,
  fits,
  type Problem,
  totalCost,
} from "../../../scheduling/packing/model.ts";

const problem: Problem = {
  kinds: [
    { cost: 5, room: Float64Array.of(4, 8) },
    { cost: 2, room: Float64Array.of(2, 8) },
    { cost: 2, room: Float64Array.of(2, 9) },
  ],
  items: [
    { count: 9, size: Float64Array.of(1, 3), allowed: Uint8Array.of(1, 1, 1) },
    { count: 9, size: Float64Array.of(0, 1), allowed: Uint8Array.of(1, 0, 1) },
  ],
};

Deno.test("fits() adds up every dimension and asks what is allowed", () => {
  assert.ok(fits(problem, 0, Int32Array.of(2, 2)));
  assert.ok(!fits(problem, 0, Int32Array.of(2, 3)));
  assert.ok(!fits(problem, 1, Int32Array.of(3, 0)));
  assert.ok(!fits(problem, 1, Int32Array.of(0, 1)));
  assert.ok(!fits(problem, 7, Int32Array.of(0, 0)));
});

Deno.test("findCheapestKind() takes the first among equals", () => {
  assert.equal(findCheapestKind(problem, Int32Array.of(1, 0)), 1);
  assert.equal(findCheapestKind(problem, Int32Array.of(2, 3)), 2);
  assert.equal(findCheapestKind(problem, Int32Array.of(9, 0)), undefined);
});

Deno.test("totalCost() adds up kinds", () => {
  const counts = Int32Array.of(0, 0);
  assert.equal(totalCost(problem, [{ kind: 0, counts }, { kind: 2, counts }]), 7);
});
