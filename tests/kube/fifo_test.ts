import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Fifo } from "../../kube/fifo.ts";

Deno.test("Fifo behaves like an array, over any number of compactions", () => {
  const steps = fc.array(fc.tuple(fc.nat(3_000), fc.nat(3_000)), { maxLength: 6 });
  fc.assert(
    fc.property(steps, (steps) => {
      const fifo = new Fifo<number>();
      const model: number[] = [];
      let next = 0;
      for (const [pushes, shifts] of steps) {
        for (let i = 0; i < pushes; i++) {
          fifo.push(next);
          model.push(next++);
        }
        const expected = model.splice(0, shifts);
        assert.deepEqual(expected.map(() => fifo.shift()), expected);
        if (model.length === 0) assert.equal(fifo.shift(), undefined);
        assert.equal(fifo.length, model.length);
      }
    }),
    { numRuns: 20 },
  );
});
