/**
 * Judges values by a structural schema the way the API server does, with the simulated one's own checks,
 * which the contract suite compares with a real one's.
 *
 * @module
 */

import type { StructuralSchema } from "../../generate/structural_schema.ts";
import { dropNulls } from "../../sim/api_server/schema/defaults.ts";
import { prune } from "../../sim/api_server/schema/prune.ts";
import { RuleChecker } from "../../sim/api_server/schema/rules.ts";
import type { Schema } from "../../sim/api_server/schema/schema.ts";
import { validateSchema } from "../../sim/api_server/schema/validate.ts";

/** What the server makes of a value that is new. */
export interface Judgement {
  /** `field: message` each. */
  readonly faults: readonly string[];
  /** As it would be stored: without unknown fields and stray nulls. */
  readonly stored: unknown;
}

/** Judges values of one schema. */
export type Judge = (value: unknown) => Judgement;

/** Makes a judge. */
export function createJudge(schema: StructuralSchema): Judge {
  const judged: Schema = JSON.parse(JSON.stringify(schema));
  const checker = new RuleChecker();
  return (value) => {
    const stored = dropNulls(prune(JSON.parse(JSON.stringify(value)), judged, []), judged, true);
    const wrong = validateSchema(stored, judged);
    const causes = wrong.length > 0 ? wrong : checker.check(stored, undefined, judged);
    return { stored, faults: causes.map(({ field, message }) => `${field}: ${message}`) };
  };
}
