/**
 * Rules of a node, in the Common Expression Language.
 *
 * @module
 */

import { z } from "zod";
import { type CelRule, celString } from "../schemas/rules/cel.ts";
import { NotStructuralError } from "./structural_schema.ts";
import { type JsonNode, notes } from "./zod_checks.ts";

/** The rules in a node's `meta.cel`. */
export function toRules(node: JsonNode, path: string): readonly CelRule[] {
  if (node.cel === undefined) return [];
  const parsed = z.array(celRuleSchema).safeParse(node.cel);
  if (parsed.success) return parsed.data;
  throw new NotStructuralError(path, `meta.cel is malformed: ${z.prettifyError(parsed.error)}`);
}

const celRuleSchema: z.ZodType<CelRule> = z.strictObject({
  rule: z.string().min(1),
  message: z.string().min(1),
  messageExpression: z.string().min(1).exactOptional(),
  fieldPath: z.string().min(1).exactOptional(),
  reason: z.enum(["FieldValueInvalid", "FieldValueForbidden", "FieldValueRequired"])
    .exactOptional(),
});

/**
 * A regex with a message of its own, as a rule.
 *
 * @throws {NotStructuralError} If it has no equal there.
 */
export function toPatternRules(node: JsonNode, path: string): readonly CelRule[] {
  const message = node[notes.message];
  if (typeof message !== "string" || typeof node.pattern !== "string") return [];
  if (node.maxLength === undefined) {
    throw new NotStructuralError(path, "a regex with a message needs max(): its cost is estimated");
  }
  checkRe2(node.pattern, path);
  return [{ rule: `self.matches(${celString(node.pattern)})`, message }];
}

/** Refuses what JavaScript's regular expressions have and RE2, the API server's, has not. */
export function checkRe2(pattern: string, path: string): void {
  if (/\(\?(?!:)|\\[1-9]/.test(pattern)) {
    throw new NotStructuralError(path, `RE2 has no lookaround or back references: ${pattern}`);
  }
}
