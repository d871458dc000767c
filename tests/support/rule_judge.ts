/**
 * What rules of the API server say to a value, by the simulated server's own evaluation.
 *
 * @module
 */

import type { CelRule } from "../../schemas/rules/cel.ts";
import { RuleChecker } from "../../sim/api_server/schema/rules.ts";

/** The messages of the rules that an object, map or list breaks, in the rules' order. */
export function listBroken(rules: readonly CelRule[], value: object): readonly string[] {
  const checker = new RuleChecker();
  const isList = Array.isArray(value);
  const schema = {
    type: isList ? "array" : "object",
    "x-kubernetes-validations": rules,
    ...(isList ? { items: anyObject } : anyObject),
  };
  const causes = checker.check(JSON.parse(JSON.stringify(value)), undefined, schema);
  return causes.map(({ message }) =>
    message.replace(/^(Invalid value|Required value|Forbidden): /, "")
  );
}

const anyObject = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
