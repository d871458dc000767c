import assert from "node:assert/strict";
import { enumerateFillings, type FillingQuery } from "../../../scheduling/packing/fillings.ts";
import type { Problem } from "../../../scheduling/packing/model.ts";

const problem: Problem = {
  kinds: [{ cost: 1, room: Float64Array.of(2, 5) }, { cost: 1, room: Float64Array.of(9, 9) }],
  items: [
    { count: 2, size: Float64Array.of(1, 1), allowed: Uint8Array.of(1, 1) },
    { count: 1, size: Float64Array.of(2, 2), allowed: Uint8Array.of(1, 0) },
    { count: 1, size: Float64Array.of(0, 3), allowed: Uint8Array.of(1, 1) },
  ],
};

const query: FillingQuery = {
  kind: 0,
  values: Float64Array.of(3, 5, 0),
  withWorthless: false,
  demand: Int32Array.of(2, 1, 1),
  least: 0,
  maxVisits: 1000,
};

function fillings(rest: Partial<FillingQuery>): string[] {
  const found: string[] = [];
  enumerateFillings(problem, { ...query, ...rest }, (counts, value) => {
    found.push(`${counts.join("")}=${value}`);
    return rest.least ?? query.least;
  });
  return found.sort();
}

Deno.test("enumerateFillings() reports every filling worth more than asked, once", () => {
  assert.deepEqual(fillings({}), ["010=5", "100=3", "200=6"]);
  assert.deepEqual(fillings({ least: 4 }), ["010=5", "200=6"]);
  assert.deepEqual(fillings({ least: 6 }), []);
});

Deno.test("enumerateFillings() fills in what is worth nothing only if asked", () => {
  assert.deepEqual(fillings({ withWorthless: true, least: 4 }), [
    "010=5",
    "011=5",
    "200=6",
    "201=6",
  ]);
});

Deno.test("enumerateFillings() keeps to items that are required, allowed and demanded", () => {
  assert.deepEqual(fillings({ required: 1 }), ["010=5"]);
  assert.deepEqual(fillings({ kind: 1 }), ["100=3", "200=6"]);
  assert.deepEqual(fillings({ kind: 1, required: 1 }), []);
  assert.deepEqual(fillings({ demand: Int32Array.of(1, 0, 0) }), ["100=3"]);
});

Deno.test("enumerateFillings() stops after so many nodes", () => {
  const visits = enumerateFillings(problem, { ...query, maxVisits: 1 }, (_, value) => value);
  assert.ok(visits <= 4);
});
