import assert from "node:assert/strict";
import { createNeed } from "../../controller/need.ts";
import { isProvisionable } from "../../scheduling/pod_kinds.ts";
import type { Pod } from "../../schemas/kubernetes.ts";
import { buildPod } from "../support/controller_builders.ts";

function setUp(...pods: Pod[]) {
  const need = createNeed({ get: () => undefined, list: () => pods }, isProvisionable);
  return { need, pods };
}

const waiting = buildPod({ metadata: { uid: "waiting" } });
const bound = buildPod({ metadata: { uid: "bound" }, spec: { nodeName: "node" } });
const leaving = buildPod({
  metadata: { uid: "leaving", deletionTimestamp: "2026-01-01T00:00:00Z" },
});

Deno.test("of() knows nothing before the first assignment", () => {
  const { need } = setUp(waiting);
  assert.equal(need.of("claim"), "unknown");
  need.add("claim", ["waiting"]);
  assert.equal(need.of("claim"), "unknown");
  assert.deepEqual(need.podsOf("claim"), []);
});

Deno.test("of() is yes while any pod planned onto the claim waits", () => {
  const { need } = setUp(waiting, bound, leaving);
  need.assign(
    new Map([["a", ["bound", "waiting"]], ["b", ["bound"]], ["c", ["leaving"]], ["d", ["gone"]]]),
  );
  assert.deepEqual(["a", "b", "c", "d", "e"].map((claim) => need.of(claim)), [
    "yes",
    "no",
    "no",
    "no",
    "no",
  ]);
});

Deno.test("add() counts until the next assignment, which replaces everything", () => {
  const { need } = setUp(waiting);
  need.assign(new Map());
  need.add("new", ["waiting"]);
  assert.equal(need.of("new"), "yes");
  assert.deepEqual(need.podsOf("new"), ["waiting"]);
  need.assign(new Map([["other", ["waiting"]]]));
  assert.equal(need.of("new"), "no");
  assert.equal(need.of("other"), "yes");
});

Deno.test("one pod makes one claim needed, never two", () => {
  const { need } = setUp(waiting);
  for (const claim of ["a", "b", "c"]) {
    need.assign(new Map([[claim, ["waiting"]]]));
    const wanted = ["a", "b", "c"].filter((name) => need.of(name) === "yes");
    assert.deepEqual(wanted, [claim]);
  }
});

Deno.test("assign() does not see later changes of the map it was given", () => {
  const { need } = setUp(waiting);
  const assignments = new Map([["a", ["waiting"]]]);
  need.assign(assignments);
  assignments.clear();
  assert.equal(need.of("a"), "yes");
});
