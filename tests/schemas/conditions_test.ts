import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Condition,
  conditionsSchema,
  findCondition,
  formatTime,
  isTrue,
  parseTime,
  reasons,
  setCondition,
} from "../../schemas/conditions.ts";
import { resourceDefinitions } from "../../schemas/definitions.ts";
import { conditionTypes } from "../../schemas/conditions.ts";

const noon = Date.UTC(2026, 0, 1, 12);
const ready: Condition = {
  type: "Ready",
  status: "False",
  reason: "Pending",
  message: "Not judged yet",
  lastTransitionTime: "2026-01-01T00:00:00Z",
};

Deno.test("setCondition() moves lastTransitionTime only when the status changes", () => {
  const { lastTransitionTime: _, ...update } = { ...ready, message: "Still not judged" };
  const [same] = setCondition([ready], update, noon);
  assert.deepEqual(same, { ...ready, message: "Still not judged" });
  const [changed] = setCondition([ready], { ...update, status: "True" }, noon);
  assert.equal(changed?.lastTransitionTime, "2026-01-01T12:00:00Z");
});

Deno.test("setCondition() over a life: times move at transitions only, whatever else changes", () => {
  const updates = fc.record({
    type: fc.constantFrom("Ready", "Launched", "Drained"),
    status: fc.constantFrom("True" as const, "False" as const, "Unknown" as const),
    reason: fc.constantFrom("A", "B"),
    message: fc.constantFrom("", "x", "y"),
    observedGeneration: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(fc.property(fc.array(updates, { maxLength: 30 }), (life) => {
    let conditions: readonly Condition[] = [];
    for (const [index, update] of life.entries()) {
      const now = noon + index * 1_000;
      const before = conditions;
      const copy = structuredClone(before);
      conditions = setCondition(before, update, now);
      assert.deepEqual(before, copy, "the input was changed");
      const was = findCondition(before, update.type);
      const is = findCondition(conditions, update.type);
      const moved = was?.status !== update.status;
      assert.deepEqual(is, {
        ...update,
        lastTransitionTime: moved ? formatTime(now) : was?.lastTransitionTime,
      });
      // One per type, the others untouched and in their order: what the schema holds.
      const others = (list: readonly Condition[]) =>
        list.filter(({ type }) => type !== update.type);
      assert.deepEqual(others(conditions), others(before));
      assert.ok(conditionsSchema.safeParse(conditions).success);
      // Stating the same again changes nothing: nobody has to write it.
      assert.deepEqual(setCondition(conditions, update, now + 500_000), conditions);
    }
  }));
});

Deno.test("setCondition() keeps the others, their order, and its input", () => {
  const healthy = { ...ready, type: "Healthy" };
  const before = [ready, healthy];
  const after = setCondition(before, { ...ready, status: "True" }, noon);
  assert.deepEqual(after.map(({ type, status }) => [type, status]), [
    ["Ready", "True"],
    ["Healthy", "False"],
  ]);
  assert.deepEqual(before, [ready, healthy]);
  assert.equal(setCondition(undefined, { ...ready, type: "New" }, noon).length, 1);
});

Deno.test("findCondition() and isTrue() take an absent condition as unknown", () => {
  assert.equal(findCondition(undefined, "Ready"), undefined);
  assert.equal(isTrue([], "Ready"), false);
  assert.equal(isTrue([ready], "Ready"), false);
  assert.equal(isTrue([{ ...ready, status: "True" }], "Ready"), true);
});

Deno.test("formatTime() writes whole seconds as Kubernetes does, parseTime() reads them", () => {
  assert.equal(formatTime(noon + 999), "2026-01-01T12:00:00Z");
  assert.equal(parseTime("2026-01-01T12:00:00Z"), noon);
  assert.equal(parseTime(undefined), undefined);
});

Deno.test("conditionsSchema refuses a status that Kubernetes does not know", () => {
  assert.equal(conditionsSchema.safeParse([ready]).success, true);
  assert.equal(conditionsSchema.safeParse([{ ...ready, status: "Maybe" }]).success, false);
});

Deno.test("reasons are UpperCamelCase words, each once", () => {
  const words = Object.values(reasons);
  for (const word of words) assert.match(word, /^[A-Z][A-Za-z]+$/);
  assert.equal(new Set(words).size, words.length);
});

Deno.test("every condition type belongs to a resource", () => {
  const documented = new Set(
    resourceDefinitions.flatMap(({ conditions }) => Object.keys(conditions)),
  );
  assert.deepEqual(
    Object.values(conditionTypes).filter((type) => !documented.has(type)),
    [],
  );
});
