import assert from "node:assert/strict";
import fc from "fast-check";
import type { CelRule } from "../../generate/structural_schema.ts";
import { toStructural } from "../../generate/structural.ts";
import { resourceDefinitions } from "../../schemas/definitions.ts";
import { arbitraryFor } from "../support/structural_arbitrary.ts";
import { createStructuralValidator } from "../support/structural_validator.ts";

/** Whether zod has the rule too: those made from a regex. Others are the API server's alone. */
function isMadeFromRegex(rule: CelRule): boolean {
  return /^(type\(self\) == int \? self >= \d+ : )?self\.matches\('/.test(rule.rule);
}

for (const { kind, spec, status } of resourceDefinitions) {
  for (const [part, schema] of [["spec", spec], ["status", status]] as const) {
    // What is stored must always be readable, and what zod accepts must always be storable.
    Deno.test(`zod and the CRD accept the same ${part} of ${kind}`, () => {
      const structural = toStructural(schema);
      const isValid = createStructuralValidator(structural, isMadeFromRegex);
      let accepted = 0;
      fc.assert(
        fc.property(arbitraryFor(structural), (value) => {
          const valid = isValid(value);
          accepted += valid ? 1 : 0;
          assert.equal(schema.safeParse(value).success, valid);
        }),
        { numRuns: 2000, seed: 7 },
      );
      assert.ok(accepted > 100, `only ${accepted} of the values were valid`);
    });
  }
}
