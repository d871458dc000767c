import assert from "node:assert/strict";
import fc from "fast-check";
import { dive } from "../../../scheduling/packing/dive.ts";
import { fits, totalCost } from "../../../scheduling/packing/model.ts";
import { problemArbitrary } from "../../support/packing_arbitrary.ts";

Deno.test("dive() covers every item exactly, on machines that hold it, not below its bound", () => {
  fc.assert(fc.property(problemArbitrary(60), (problem) => {
    const { machines, bound } = dive(problem);
    for (const [item, { count }] of problem.items.entries()) {
      assert.equal(machines.reduce((sum, { counts }) => sum + (counts[item] ?? 0), 0), count);
    }
    for (const { kind, counts } of machines) assert.ok(fits(problem, kind, counts));
    assert.ok(totalCost(problem, machines) >= bound - 1e-6);
  }));
});
