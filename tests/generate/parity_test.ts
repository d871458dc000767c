import assert from "node:assert/strict";
import fc from "fast-check";
import { toStructural } from "../../generate/structural.ts";
import { resourceDefinitions } from "../../schemas/definitions.ts";
import { sampleResources } from "../support/sample_resources.ts";
import { listMutations } from "../support/schema_mutations.ts";
import { arbitraryFor } from "../support/structural_arbitrary.ts";
import { createJudge } from "../support/structural_validator.ts";

// What is stored must always be readable, and what zod writes must always be storable. Rules that zod has
// no part in only ever refuse more: tests/schemas/rules/ looks at those.
for (const { kind, spec, status } of resourceDefinitions) {
  for (const [part, schema] of [["spec", spec], ["status", status]] as const) {
    const structural = toStructural(schema, { rules: false });
    const judge = createJudge(structural);
    const sample = sampleResources[kind][part];

    /** @returns Whether both accept. */
    const agree = (value: unknown, name?: string): boolean => {
      const { faults, stored } = judge(value);
      const read = schema.safeParse(stored);
      assert.equal(
        read.success,
        faults.length === 0,
        `${name ?? JSON.stringify(value)}\nzod: ${
          read.success ? "accepts" : read.error.message
        }\nCRD: ${faults.join("\n") || "accepts"}`,
      );
      return read.success;
    };

    Deno.test(`the sample ${part} of ${kind} has every field, and both zod and the CRD accept it`, () => {
      assert.ok(agree(sample));
      assert.deepEqual(findMissing(structural, [sample], part), []);
    });

    Deno.test(`zod and the CRD accept the same ${part} of ${kind}, near every boundary`, () => {
      const mutations = listMutations(structural, sample);
      const accepted = mutations.filter(({ name, value }) => agree(value, name)).length;
      assert.ok(accepted > 100, `only ${accepted} of ${mutations.length} were valid`);
      assert.ok(mutations.length - accepted > 200, `${accepted} of ${mutations.length} were valid`);
    });

    Deno.test(`zod and the CRD accept the same ${part} of ${kind}, whatever comes together`, () => {
      let accepted = 0;
      fc.assert(
        fc.property(arbitraryFor(structural), (value) => {
          accepted += agree(value) ? 1 : 0;
        }),
        { numRuns: 2000, seed: 7 },
      );
      assert.ok(accepted > 100, `only ${accepted} of the values were valid`);
    });
  }
}

type Structural = ReturnType<typeof toStructural>;

/** Fields of a schema that none of the values has. */
function findMissing(schema: Structural, values: readonly unknown[], path: string): string[] {
  const inside = values.flatMap((value) => Array.isArray(value) ? value : []);
  if (schema.items) return findMissing(schema.items, inside, `${path}[]`);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const present = values.flatMap((value) => {
      const members = new Map(Object.entries(Object(value)));
      return members.has(name) ? [members.get(name)] : [];
    });
    const at = `${path}.${name}`;
    return present.length === 0 ? [at] : findMissing(field, present, at);
  });
}
