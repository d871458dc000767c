import assert from "node:assert/strict";
import { LeastRecent } from "../../kube/least_recent.ts";

Deno.test("LeastRecent forgets what was used least recently, reading included", () => {
  const map = new LeastRecent<number>(2);
  map.set("a", 1);
  map.set("b", 2);
  assert.equal(map.get("a"), 1);
  map.set("c", 3);
  assert.equal(map.get("b"), undefined);
  assert.equal(map.get("a"), 1);
  assert.equal(map.get("c"), 3);
});
