/**
 * Checking a value against a structural schema.
 *
 * Texts follow k8s.io/kube-openapi `pkg/validation/errors` and k8s.io/apiextensions-apiserver
 * `pkg/apiserver/validation/validation.go`, v0.36.0.
 *
 * @module
 */

import type { Cause } from "../api_error.ts";
import {
  canonicalJson,
  equalJson,
  isArray,
  isObject,
  type Json,
  type JsonObject,
} from "../json.ts";
import { describeValue, typeOf } from "./describe_value.ts";
import { indexPath, memberPath } from "./field_path.ts";
import { matchesFormat } from "./formats.ts";
import { ownProperty } from "./prune.ts";
import { mapValueSchema, resolve, type Schema } from "./schema.ts";

/**
 * Every way in which a value breaks its schema.
 *
 * @param previous What it replaces: faults in what has not changed are let be, so that a stricter schema
 * does not lock old objects up.
 */
export function validateSchema(
  value: Json,
  schema: Schema,
  path = "",
  previous?: Json,
): Cause[] {
  if (previous !== undefined && equalJson(value, previous)) return [];
  const resolved = resolve(schema);
  if (value === null && (schema.nullable === true || resolved.nullable === true)) return [];
  const wrongType = checkType(value, resolved, path);
  if (wrongType) return [wrongType];
  const causes = [...checkEnum(value, resolved, path), ...checkCombinations(value, resolved, path)];
  if (typeof value === "string") causes.push(...checkString(value, resolved, path));
  else if (typeof value === "number") causes.push(...checkNumber(value, resolved, path));
  else if (isArray(value)) causes.push(...checkArray(value, resolved, path, previous));
  else if (isObject(value)) causes.push(...checkObject(value, resolved, path, previous));
  return causes;
}

function invalidValue(field: string, value: Json, why: string): Cause {
  const message = `Invalid value: ${describeValue(value)}: ${why}`;
  return { reason: "FieldValueInvalid", message, field };
}

function checkType(value: Json, schema: Schema, path: string): Cause | undefined {
  const actual = typeOf(value);
  if (schema["x-kubernetes-int-or-string"] === true) {
    if (actual === "integer" || actual === "string") return undefined;
    return typeError(path, actual, "integer,string");
  }
  const wanted = schema.type;
  if (wanted === undefined || wanted === actual) return undefined;
  if (wanted === "number" && actual === "integer") return undefined;
  return typeError(path, actual, wanted);
}

function typeError(field: string, actual: string, wanted: string): Cause {
  return {
    reason: "FieldValueTypeInvalid",
    message: `Invalid value: "${actual}": ${field} in body must be of type ${wanted}: "${actual}"`,
    field,
  };
}

function checkEnum(value: Json, { enum: allowed }: Schema, field: string): Cause[] {
  if (!allowed || allowed.some((one) => equalJson(one, value))) return [];
  const supported = allowed.map(describeValue).join(", ");
  const message = `Unsupported value: ${describeValue(value)}: supported values: ${supported}`;
  return [{ reason: "FieldValueNotSupported", message, field }];
}

function checkCombinations(value: Json, schema: Schema, path: string): Cause[] {
  const holds = (one: Schema) => validateSchema(value, one, path).length === 0;
  const causes: Cause[] = (schema.allOf ?? []).flatMap((one) => validateSchema(value, one, path));
  const fail = (word: string) => {
    const message = `Invalid value: "": "${path}" must validate ${word}`;
    causes.push({ reason: "FieldValueInvalid", message, field: path });
  };
  if (schema.anyOf && !schema.anyOf.some(holds)) fail("at least one schema (anyOf)");
  if (schema.oneOf && schema.oneOf.filter(holds).length !== 1) {
    fail("one and only one schema (oneOf)");
  }
  if (schema.not && holds(schema.not)) {
    const message = `Invalid value: "": "${path}" must not validate the schema (not)`;
    causes.push({ reason: "FieldValueInvalid", message, field: path });
  }
  return causes;
}

/** Length and pattern: the first that fails hides the others. */
function checkText(value: string, schema: Schema, field: string): Cause[] {
  const length = [...value].length;
  if (schema.maxLength !== undefined && length > schema.maxLength) {
    const message = `Too long: may not be more than ${schema.maxLength} bytes`;
    return [{ reason: "FieldValueTooLong", message, field }];
  }
  if (schema.minLength !== undefined && length < schema.minLength) {
    const why = `${field} in body should be at least ${schema.minLength} chars long`;
    return [invalidValue(field, value, why)];
  }
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value)) {
    return [invalidValue(field, value, `${field} in body should match '${schema.pattern}'`)];
  }
  return [];
}

function checkString(value: string, schema: Schema, field: string): Cause[] {
  const causes = checkText(value, schema, field);
  if (schema.format !== undefined && !matchesFormat(schema.format, value)) {
    const why = `${field} in body must be of type ${schema.format}: ${describeValue(value)}`;
    causes.push(invalidValue(field, value, why));
  }
  return causes;
}

function checkNumber(value: number, schema: Schema, field: string): Cause[] {
  const causes: Cause[] = [];
  const { minimum, maximum, multipleOf } = schema;
  const fail = (why: string) => causes.push(invalidValue(field, value, `${field} in body ${why}`));
  if (minimum !== undefined) {
    if (schema.exclusiveMinimum === true ? value <= minimum : value < minimum) {
      fail(`should be greater than ${schema.exclusiveMinimum ? "" : "or equal to "}${minimum}`);
    }
  }
  if (maximum !== undefined) {
    if (schema.exclusiveMaximum === true ? value >= maximum : value > maximum) {
      fail(`should be less than ${schema.exclusiveMaximum ? "" : "or equal to "}${maximum}`);
    }
  }
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
    fail(`should be a multiple of ${multipleOf}`);
  }
  if (schema.format === "int32" && (value > 2147483647 || value < -2147483648)) {
    const why = `must be of type int32: "number"`;
    causes.push({ ...invalidValue(field, value, `${field} in body ${why}`) });
  }
  return causes;
}

function checkArray(
  value: readonly Json[],
  schema: Schema,
  field: string,
  previous: Json | undefined,
): Cause[] {
  const causes: Cause[] = [];
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    causes.push(tooMany(field, value.length, schema.maxItems));
  }
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    const why = `${field} in body should have at least ${schema.minItems} items`;
    causes.push(invalidValue(field, value.length, why));
  }
  causes.push(...checkListType(value, schema, field));
  const items = schema.items;
  if (items) {
    const before = itemsByIdentity(previous, schema);
    for (const [index, item] of value.entries()) {
      const same = before.get(identityOf(item, schema));
      causes.push(...validateSchema(item, items, indexPath(field, index), same));
    }
  }
  return causes;
}

function tooMany(field: string, actual: number, most: number): Cause {
  const message = `Too many: ${actual}: must have at most ${most} item${most === 1 ? "" : "s"}`;
  return { reason: "FieldValueTooMany", message, field };
}

function identityOf(item: Json, schema: Schema): string {
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  return canonicalJson(keys.map((key) => isObject(item) ? item[key] ?? null : null));
}

/** The items of a list with keys; those of others cannot be told apart. */
function itemsByIdentity(list: Json | undefined, schema: Schema): ReadonlyMap<string, Json> {
  if (schema["x-kubernetes-list-type"] !== "map" || !isArray(list)) return new Map();
  return new Map(list.map((item) => [identityOf(item, schema), item]));
}

function checkListType(value: readonly Json[], schema: Schema, field: string): Cause[] {
  const type = schema["x-kubernetes-list-type"];
  if (type !== "set" && type !== "map") return [];
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const seen = new Set<string>();
  const causes: Cause[] = [];
  for (const [index, item] of value.entries()) {
    const identity = type === "map" && isObject(item)
      ? Object.fromEntries(keys.map((key) => [key, item[key] ?? null]))
      : item;
    const text = canonicalJson(identity);
    if (seen.has(text)) {
      const message = `Duplicate value: ${describeValue(identity)}`;
      causes.push({ reason: "FieldValueDuplicate", message, field: indexPath(field, index) });
    }
    seen.add(text);
  }
  return causes;
}

function checkObject(
  value: JsonObject,
  schema: Schema,
  field: string,
  previous: Json | undefined,
): Cause[] {
  const causes: Cause[] = [];
  for (const name of schema.required ?? []) {
    if (value[name] === undefined) {
      const message = "Required value";
      causes.push({ reason: "FieldValueRequired", message, field: memberPath(field, name) });
    }
  }
  const count = Object.values(value).filter((member) => member !== undefined).length;
  if (schema.maxProperties !== undefined && count > schema.maxProperties) {
    causes.push(tooMany(field, count, schema.maxProperties));
  }
  if (schema.minProperties !== undefined && count < schema.minProperties) {
    const why = `${field} in body should have at least ${schema.minProperties} properties`;
    causes.push(invalidValue(field, count, why));
  }
  const values = mapValueSchema(schema);
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const memberSchema = ownProperty(schema.properties, key) ?? values;
    if (!memberSchema) continue;
    const before = isObject(previous) ? previous[key] : undefined;
    causes.push(...validateSchema(member, memberSchema, memberPath(field, key), before));
  }
  return causes;
}
