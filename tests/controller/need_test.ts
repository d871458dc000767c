import assert from "node:assert/strict";
import { createNeed } from "../../controller/need.ts";
import { toKey } from "../../kube/resource.ts";
import type { PodRef } from "../../scheduling/plan.ts";
import { isProvisionable } from "../../scheduling/pod_kinds.ts";
import type { Pod } from "../../schemas/kubernetes.ts";
import { buildPod } from "../support/controller_builders.ts";

function setUp(...pods: Pod[]) {
  const byKey = new Map(pods.map((pod) => [toKey(pod.metadata), pod]));
  const need = createNeed({ get: (key) => byKey.get(key), list: () => pods }, isProvisionable);
  return { need };
}

/** Refers to a pod of that name and UID. */
function ref(name: string, uid = name): PodRef {
  return { namespace: "default", name, uid };
}

const waiting = buildPod({ metadata: { name: "waiting", uid: "waiting" } });
const bound = buildPod({ metadata: { name: "bound", uid: "bound" }, spec: { nodeName: "node" } });
const leaving = buildPod({
  metadata: { name: "leaving", uid: "leaving", deletionTimestamp: "2026-01-01T00:00:00Z" },
});

Deno.test("of() knows nothing before the first assignment", () => {
  const { need } = setUp(waiting);
  assert.equal(need.of("claim"), "unknown");
  need.add("claim", [ref("waiting")]);
  assert.equal(need.of("claim"), "unknown");
  assert.deepEqual(need.podsOf("claim"), undefined);
});

Deno.test("of() is yes while any pod planned onto the claim waits", () => {
  const { need } = setUp(waiting, bound, leaving);
  need.assign(
    new Map([
      ["a", [ref("bound"), ref("waiting")]],
      ["b", [ref("bound")]],
      ["c", [ref("leaving")]],
      ["d", [ref("gone")]],
      ["e", [ref("waiting", "another-uid")]],
    ]),
  );
  assert.deepEqual(["a", "b", "c", "d", "e", "f"].map((claim) => need.of(claim)), [
    "yes",
    "no",
    "no",
    "no",
    "no",
    "no",
  ]);
});

Deno.test("add() counts until the next assignment, which replaces everything", () => {
  const { need } = setUp(waiting);
  need.assign(new Map());
  need.add("new", [ref("waiting")]);
  assert.equal(need.of("new"), "yes");
  assert.deepEqual(need.podsOf("new"), ["waiting"]);
  need.assign(new Map([["other", [ref("waiting")]]]));
  assert.equal(need.of("new"), "no");
  assert.equal(need.of("other"), "yes");
});

Deno.test("one pod makes one claim needed, never two", () => {
  const { need } = setUp(waiting);
  for (const claim of ["a", "b", "c"]) {
    need.assign(new Map([[claim, [ref("waiting")]]]));
    const wanted = ["a", "b", "c"].filter((name) => need.of(name) === "yes");
    assert.deepEqual(wanted, [claim]);
  }
});

Deno.test("assign() does not see later changes of the map it was given", () => {
  const { need } = setUp(waiting);
  const assignments = new Map([["a", [ref("waiting")]]]);
  need.assign(assignments);
  assignments.clear();
  assert.equal(need.of("a"), "yes");
});
