import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type Change, combineChanges } from "../../kube/change.ts";

/** What a listener believes after a change. */
function believe(before: string | undefined, change: Change<string> | undefined) {
  if (change === undefined) return before;
  if (change.type === "ADDED") assert.equal(before, undefined);
  else assert.equal(change.old, before);
  return change.object;
}

/** The change between two states; `undefined` if there is none. */
function difference(old: string | undefined, object: string | undefined) {
  const key = "k";
  if (old === undefined) return object === undefined ? undefined : added(object);
  if (object === undefined) return { type: "DELETED", key, old } as const;
  return { type: "MODIFIED", key, object, old } as const;
}
const added = (object: string) => ({ type: "ADDED", key: "k", object } as const);

Deno.test("combineChanges() of any history leads a listener to the same state", () => {
  const states = fc.array(fc.option(fc.string(), { nil: undefined }), { minLength: 1 });
  fc.assert(
    fc.property(fc.option(fc.string(), { nil: undefined }), states, (first, rest) => {
      let pending: Change<string> | undefined;
      let now = first;
      for (const next of rest) {
        const change = difference(now, next);
        if (change) pending = combineChanges(pending, change);
        now = next;
      }
      assert.equal(believe(first, pending), now);
    }),
  );
});
