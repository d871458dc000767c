import assert from "node:assert/strict";
import fc from "fast-check";
import { loadAll } from "js-yaml";
import type { StructuralSchema } from "../../generate/structural_schema.ts";
import { resourceDefinitions } from "../../schemas/definitions.ts";
import { sampleResources } from "../support/sample_resources.ts";
import { listMutations } from "../support/schema_mutations.ts";
import { arbitraryFor } from "../support/structural_arbitrary.ts";
import { createJudge } from "../support/structural_validator.ts";

interface Definition {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly schema: { readonly openAPIV3Schema: StructuralSchema };
    }[];
  };
}

const url = new URL("../fixtures/upgrade/crds.yaml", import.meta.url);
// Our own file of CustomResourceDefinitions.
const definitions = loadAll(await Deno.readTextFile(url)) as readonly Definition[];

// Whatever an older version's definitions took must stay readable, or what it bought would be lost.
for (const { kind, spec, status } of resourceDefinitions) {
  const older = definitions.find((one) => one.spec.names.kind === kind);
  const properties = older?.spec.versions[0]?.schema.openAPIV3Schema.properties ?? {};
  for (const [part, schema] of [["spec", spec], ["status", status]] as const) {
    Deno.test(`a ${part} of ${kind} that an older version took can be read`, () => {
      const taken = properties[part];
      assert.ok(taken);
      const judge = createJudge(taken);
      let read = 0;
      const check = (value: unknown, name: string) => {
        const { faults, stored } = judge(value);
        if (faults.length > 0) return;
        read++;
        const parsed = schema.safeParse(stored);
        assert.ok(parsed.success, `${name}\n${parsed.error?.message}`);
      };
      fc.assert(
        fc.property(arbitraryFor(taken), (value) => check(value, JSON.stringify(value))),
        { numRuns: 1000, seed: 11 },
      );
      for (const { name, value } of listMutations(taken, sampleResources[kind][part])) {
        if (!neverWritten.test(name)) check(value, name);
      }
      assert.ok(read > 150, String(read));
    });
  }
}

/**
 * What older definitions let pass and no version could read: times that only Go takes, numbers that are no
 * longer what was written, more characters than zod counted.
 */
const neverWritten =
  /Time = |\.time = |\.from = |sendBefore = |= (90071|46116)[0-9]{11,14}$|\u{1F600}{9}/u;
