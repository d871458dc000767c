import assert from "node:assert/strict";
import * as fc from "fast-check";
import { DelayHeap } from "../../kube/delay_heap.ts";

Deno.test("DelayHeap gives every key at the earliest time asked for, in order", () => {
  const pushes = fc.array(fc.tuple(fc.nat(8), fc.nat(100)));
  fc.assert(
    fc.property(pushes, pushes, (first, second) => {
      const heap = new DelayHeap();
      const model = new Map<string, number>();
      const push = ([key, dueMs]: [number, number]) => {
        heap.push(`${key}`, dueMs);
        model.set(`${key}`, Math.min(dueMs, model.get(`${key}`) ?? Infinity));
      };
      const drain = (untilMs: number) => {
        for (let key = heap.popDue(untilMs); key !== undefined; key = heap.popDue(untilMs)) {
          assert.equal(model.get(key), Math.min(...model.values()));
          model.delete(key);
        }
        assert.ok([...model.values()].every((dueMs) => dueMs > untilMs));
        assert.equal(heap.size, model.size);
        assert.equal(heap.nextDueMs, model.size ? Math.min(...model.values()) : undefined);
      };
      first.forEach(push);
      drain(50);
      second.forEach(push);
      drain(100);
      assert.equal(heap.size, 0);
    }),
  );
});
