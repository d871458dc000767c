/**
 * Judges values by a structural schema the way the API server does: ajv for the OpenAPI part, cel-js
 * for the rules.
 *
 * @module
 */

import { Environment } from "@marcbachmann/cel-js";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import type { CelRule, StructuralSchema } from "../../generate/structural_schema.ts";

/** Which rules count. */
export type RuleFilter = (rule: CelRule) => boolean;

/** A function that says whether a value is valid. Rules that compare with the old value are skipped. */
export function createStructuralValidator(
  schema: StructuralSchema,
  filter: RuleFilter,
): (value: unknown) => boolean {
  const ajv = new Ajv({ strict: false, allErrors: false });
  addFormats.default(ajv);
  const isValid = ajv.compile(schema);
  const environment = new Environment({ unlistedVariablesAreDyn: true });
  const checks = new Map<string, (self: unknown) => boolean>();
  const check = (rule: CelRule, self: unknown): boolean => {
    let run = checks.get(rule.rule);
    if (!run) {
      const parsed = environment.parse(rule.rule);
      run = (value) => parsed({ self: toCel(value) }) === true;
      checks.set(rule.rule, run);
    }
    return run(self);
  };
  const obeysRules = (node: StructuralSchema, value: unknown): boolean => {
    if (value === undefined) return true;
    const rules = (node["x-kubernetes-validations"] ?? [])
      .filter((rule) => filter(rule) && !rule.rule.includes("oldSelf"));
    if (!rules.every((rule) => check(rule, value))) return false;
    const { items, additionalProperties } = node;
    if (Array.isArray(value)) return value.every((item) => obeysRules(items ?? {}, item));
    if (typeof value !== "object" || value === null) return true;
    return Object.entries(value).every(([name, field]) =>
      obeysRules(node.properties?.[name] ?? additionalProperties ?? {}, field)
    );
  };
  return (value) => isValid(value) && obeysRules(schema, value);
}

/** CEL's integers are BigInts in cel-js. */
function toCel(value: unknown): unknown {
  if (typeof value === "number") return BigInt(value);
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, toCel(field)]));
}
