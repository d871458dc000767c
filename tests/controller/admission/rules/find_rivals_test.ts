import assert from "node:assert/strict";
import { findRivals } from "../../../../controller/admission/rules/find_rivals.ts";
import { readPool, toLines } from "../../../support/admission.ts";

const pool = (name: string, spec: object = {}, metadata: object = {}) =>
  readPool(spec, { name, ...metadata });

/** Whether two pools are told to fight, whichever is written last. */
function fight(left: object, right: object): boolean {
  const [a, b] = [pool("a", left), pool("b", right)];
  const [ofA, ofB] = [findRivals(a, [a, b]), findRivals(b, [a, b])];
  assert.equal(ofA.length, ofB.length, "it must not matter which pool was there first");
  return ofA.length > 0;
}

const requirement = (key: string, operator: string, ...values: readonly string[]) => ({
  template: { spec: { requirements: [{ key, operator, ...(values.length ? { values } : {}) }] } },
});

Deno.test("findRivals() names pools that nothing sets apart", () => {
  const others = ["b", "c", "d", "e"].map((name) => pool(name));
  assert.deepEqual(toLines(findRivals(pool("a"), [pool("a"), ...others.slice(0, 1)])), [
    'warn spec.weight: the same pods are served by pool "b", of the same weight; ' +
    "give one of them a higher weight, or a podSelector",
  ]);
  assert.deepEqual(toLines(findRivals(pool("a"), others)), [
    'warn spec.weight: the same pods are served by pool "b", "c", "d" and 1 more, of the same ' +
    "weight; give one of them a higher weight, or a podSelector",
  ]);
});

Deno.test("findRivals() sees no fight where weights decide", () => {
  assert.equal(fight({ weight: 20 }, {}), false);
  assert.equal(fight({ weight: 10 }, {}), true);
});

Deno.test("findRivals() sees no fight where no pod matches both selectors", () => {
  const team = (name: string) => ({ podSelector: { matchLabels: { team: name } } });
  const expression = (operator: string, ...values: readonly string[]) => ({
    podSelector: {
      matchExpressions: [{ key: "team", operator, ...(values.length ? { values } : {}) }],
    },
  });
  assert.equal(fight(team("a"), team("b")), false);
  assert.equal(fight(team("a"), team("a")), true);
  assert.equal(fight(team("a"), {}), true);
  assert.equal(fight(team("a"), expression("NotIn", "a")), false);
  assert.equal(fight(team("a"), expression("DoesNotExist")), false);
  assert.equal(fight(team("a"), expression("Exists")), true);
});

Deno.test("findRivals() sees no fight where no machine suits both", () => {
  const model = (name: string) => requirement("tgp.io/gpu-model", "In", name);
  assert.equal(fight(model("A10-24GB"), model("L4-24GB")), false);
  assert.equal(fight(model("A10-24GB"), model("A10-24GB")), true);
  assert.equal(fight(model("A10-24GB"), requirement("tgp.io/country", "In", "us")), true);
  assert.equal(
    fight(requirement("tgp.io/gpu-count", "Gt", "4"), requirement("tgp.io/gpu-count", "Lt", "5")),
    false,
  );
  const labelled = (team: string) => ({ template: { metadata: { labels: { team } } } });
  assert.equal(fight(labelled("a"), labelled("b")), false);
  assert.equal(fight(labelled("a"), requirement("team", "In", "b")), false);
});

Deno.test("findRivals() takes pods that tolerate different taints for different pods", () => {
  const tainted = (effect: string) => ({
    template: { spec: { taints: [{ key: "example.com/team", value: "a", effect }] } },
  });
  assert.equal(fight(tainted("NoSchedule"), {}), false);
  assert.equal(fight(tainted("NoSchedule"), tainted("NoSchedule")), true);
  assert.equal(fight(tainted("PreferNoSchedule"), {}), true);
});

Deno.test("findRivals() passes over pools that are paused or leaving", () => {
  const leaving = pool("b", {}, { deletionTimestamp: "2026-01-01T00:00:00Z" });
  assert.deepEqual(findRivals(pool("a"), [pool("b", { paused: true }), leaving]), []);
  assert.deepEqual(findRivals(pool("a", { paused: true }), [pool("b")]), []);
});
