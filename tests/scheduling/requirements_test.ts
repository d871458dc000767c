import assert from "node:assert/strict";
import fc from "fast-check";
import { describeCondition, formatRequirements } from "../../scheduling/requirement_text.ts";
import {
  findConflict,
  findUnsatisfiable,
  findViolated,
  intersect,
  isSubset,
  names,
  noRequirements,
  parseRequirements,
  requirementsOfLabels,
  satisfies,
} from "../../scheduling/requirements.ts";
import type { Requirement } from "../../schemas/meta.ts";

const key = "tgp.io/gpu-model";
/** Label values that every operator treats differently; `undefined` is absence. */
const universe = [undefined, "a", "b", "c", "0", "1", "2", "3", "4", "999999999", "x1", ""];

/** These properties are cheap, and their corners are small. */
const runs = { numRuns: 1000 };

const values = fc.subarray(["a", "b", "c", "0", "1", "2", "3", "x1"], { minLength: 1 });
const bound = fc.integer({ min: 0, max: 5 }).map(String);
const requirement: fc.Arbitrary<Requirement> = fc.oneof(
  values.map((values): Requirement => ({ key, operator: "In", values })),
  values.map((values): Requirement => ({ key, operator: "NotIn", values })),
  fc.constant<Requirement>({ key, operator: "Exists" }),
  fc.constant<Requirement>({ key, operator: "DoesNotExist" }),
  bound.map((value): Requirement => ({ key, operator: "Gt", values: [value] })),
  bound.map((value): Requirement => ({ key, operator: "Lt", values: [value] })),
);
const requirements = fc.array(requirement, { maxLength: 4 });

/** Kubernetes' own definition of each operator, one requirement at a time. */
function meets(value: string | undefined, { operator, values = [] }: Requirement): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return value !== undefined && /^\d+$/.test(value) && Number(value) > Number(values[0]);
    case "Lt":
      return value !== undefined && /^\d+$/.test(value) && Number(value) < Number(values[0]);
  }
}

function labelsOf(value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [key]: value };
}

Deno.test("parseRequirements() means what Kubernetes means, for every mix of operators", () => {
  fc.assert(
    fc.property(requirements, fc.constantFrom(...universe), (list, value) => {
      const expected = list.every((one) => meets(value, one));
      assert.equal(satisfies(labelsOf(value), parseRequirements(list)), expected);
    }),
    runs,
  );
});

Deno.test("intersect() allows exactly what both sides allow", () => {
  fc.assert(
    fc.property(requirements, requirements, (left, right) => {
      const both = intersect(parseRequirements(left), parseRequirements(right));
      for (const value of universe) {
        const expected = [...left, ...right].every((one) => meets(value, one));
        assert.equal(satisfies(labelsOf(value), both), expected);
      }
    }),
    runs,
  );
});

Deno.test("formatRequirements() gives one canonical text per meaning", () => {
  fc.assert(
    fc.property(requirements, (list) => {
      const parsed = parseRequirements(list);
      if (findUnsatisfiable(parsed) !== undefined) {
        assert.throws(() => formatRequirements(parsed), RangeError);
        return;
      }
      const written = formatRequirements(parsed);
      const again = parseRequirements(written);
      for (const value of universe) {
        assert.equal(satisfies(labelsOf(value), again), satisfies(labelsOf(value), parsed));
      }
      assert.deepEqual(formatRequirements(again), written);
      const shuffled = [...list].reverse();
      assert.deepEqual(formatRequirements(parseRequirements(shuffled)), written);
    }),
    runs,
  );
});

Deno.test("findUnsatisfiable() finds a key exactly if no value is allowed", () => {
  fc.assert(
    fc.property(requirements, (list) => {
      const parsed = parseRequirements(list);
      const possible = ["zz", "5", "6", ...universe].some((value) =>
        satisfies(labelsOf(value), parsed)
      );
      assert.equal(findUnsatisfiable(parsed) === undefined, possible || list.length === 0);
    }),
    runs,
  );
});

Deno.test("isSubset() holds exactly if every allowed value is allowed by the wider side", () => {
  fc.assert(
    fc.property(requirements, requirements, (narrow, wide) => {
      const [inner, outer] = [parseRequirements(narrow), parseRequirements(wide)];
      // Values beyond all bounds and lists stand for the infinitely many others.
      const all = [...universe, "5", "6", "7", "zz"];
      const expected = all.every((value) =>
        !satisfies(labelsOf(value), inner) || satisfies(labelsOf(value), outer)
      );
      if (isSubset(inner, outer)) assert.ok(expected);
      else if (findUnsatisfiable(inner) === undefined) {
        // May say no where it holds only because integers run out, never for finite sets.
        const finite = [...inner.values()].every(({ complement }) => !complement);
        if (finite) assert.ok(!expected);
      }
    }),
    runs,
  );
});

Deno.test("findConflict() names the key and both sides", () => {
  const pool = parseRequirements([
    { key: "tgp.io/country", operator: "In", values: ["us"] },
    { key: "tgp.io/provider", operator: "NotIn", values: ["runpod"] },
  ]);
  const pod = parseRequirements([{ key: "tgp.io/country", operator: "In", values: ["de", "fr"] }]);
  const conflict = findConflict(pool, pod);
  assert.equal(conflict?.key, "tgp.io/country");
  assert.equal(conflict && describeCondition(conflict.left), "in (us)");
  assert.equal(conflict && describeCondition(conflict.right), "in (de, fr)");
  assert.equal(findConflict(pool, noRequirements), undefined);
});

Deno.test("findViolated() names the first requirement that labels do not meet", () => {
  const wanted = parseRequirements([
    { key: "a", operator: "Exists" },
    { key: "b", operator: "In", values: ["1"] },
  ]);
  assert.equal(findViolated(wanted, { a: "x", b: "1" }), undefined);
  assert.equal(findViolated(wanted, { a: "x", b: "2" }), "b");
  assert.equal(findViolated(wanted, { b: "2" }), "a");
});

Deno.test("names() is true only for values that are listed", () => {
  const listed = parseRequirements([{ key, operator: "In", values: ["B300"] }]);
  assert.ok(names(listed, key, "B300"));
  assert.ok(!names(listed, key, "H100"));
  assert.ok(!names(parseRequirements([{ key, operator: "Exists" }]), key, "B300"));
  assert.ok(!names(parseRequirements([{ key, operator: "NotIn", values: ["A"] }]), key, "B300"));
});

Deno.test("requirementsOfLabels() are met by these labels and no others", () => {
  const required = requirementsOfLabels({ a: "1", b: "2" });
  assert.ok(satisfies({ a: "1", b: "2", c: "3" }, required));
  assert.ok(!satisfies({ a: "1" }, required));
});

const unreadable: readonly [Requirement["operator"], readonly string[]][] = [
  ["Gt", []],
  ["Gt", ["1", "2"]],
  ["Lt", ["many"]],
  ["Lt", ["1.5"]],
  ["Gt", ["9999999999"]],
];
for (const [operator, list] of unreadable) {
  Deno.test(`parseRequirements() refuses ${operator} with (${list.join(", ")})`, () => {
    assert.throws(
      () => parseRequirements([{ key, operator, values: [...list] }]),
      (error) => error instanceof RangeError && error.message.includes(key),
    );
  });
}

Deno.test("parseRequirements() reads a negative bound as below every label value", () => {
  const any = parseRequirements([{ key, operator: "Gt", values: ["-5"] }]);
  assert.ok(satisfies({ [key]: "0" }, any));
  assert.ok(!satisfies({ [key]: "x" }, any));
  assert.ok(!satisfies({}, any));
});

Deno.test("labels that are called what every JavaScript object inherits are absent unless set", () => {
  for (const name of ["constructor", "toString", "hasOwnProperty"]) {
    const exists = parseRequirements([{ key: name, operator: "Exists" }]);
    const absent = parseRequirements([{ key: name, operator: "DoesNotExist" }]);
    assert.equal(findViolated(exists, {}), name);
    assert.equal(findViolated(absent, {}), undefined);
    assert.equal(satisfies({ [name]: "x" }, exists), true);
    assert.equal(satisfies({ [name]: "x" }, absent), false);
  }
});
