/**
 * Turns the wire side of a zod schema into a structural schema, the form CustomResourceDefinitions want.
 *
 * zod's own JSON Schema is close, but it drops what it cannot say (refinements, regex flags, messages)
 * and says what the API server refuses (unions, references). This pass carries over what has an equal
 * and refuses the rest, naming the field, so that nothing is lost in silence.
 *
 * What only Kubernetes knows stands in `.meta()`:
 *
 * | Key | Becomes |
 * | --- | --- |
 * | `cel: CelRule[]` | `x-kubernetes-validations` |
 * | `listType`, `listMapKeys`, `mapType` | `x-kubernetes-list-type` and so on |
 * | `maxProperties` | itself (a zod record has no upper bound of its own) |
 * | `intOrString: true` | `x-kubernetes-int-or-string`, on a union of exactly an integer and a string |
 *
 * A regex with a message of its own becomes a CEL rule with that message instead of a `pattern`: the API
 * server's words for a failed pattern are the pattern.
 *
 * @module
 */

import { z } from "zod";
import type { CelRule } from "../schemas/rules/cel.ts";
import { checkRe2, toPatternRules, toRules } from "./cel_rules.ts";
import { NotStructuralError, type StructuralSchema } from "./structural_schema.ts";
import { type JsonNode, noteChecks, notes } from "./zod_checks.ts";

const int32 = { minimum: -2_147_483_648, maximum: 2_147_483_647 } as const;

/** Keywords that mean the same on both sides. */
const copied = [
  "description",
  "nullable",
  "enum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
  "required",
] as const;

/** Keywords that {@linkcode convert} reads; any other is refused. */
const understood = new Set<string>([
  ...copied,
  ...["$schema", "type", "format", "pattern", "contentEncoding", "minimum", "maximum"],
  ...["properties", "additionalProperties", "items", "anyOf"],
  ...["cel", "listType", "listMapKeys", "mapType", "intOrString", "webhookOnly"],
  ...Object.values(notes),
]);

/** What {@linkcode toStructural} carries over. */
export interface StructuralOptions {
  /**
   * Whether the rules of `meta.cel` are. They judge what a user means; a status holds what was true once,
   * and must stay writable when a rule comes after it. @default {true}
   */
  readonly rules?: boolean;
}

/**
 * The structural schema of what a user writes and the API server stores.
 *
 * @throws {NotStructuralError} If the schema says something that cannot be carried over.
 */
export function toStructural(
  schema: z.ZodType,
  { rules = true }: StructuralOptions = {},
): StructuralSchema {
  const raw = z.toJSONSchema(schema, {
    target: "openapi-3.0",
    io: "input",
    reused: "inline",
    cycles: "throw",
    unrepresentable: "throw",
    override: (context) => {
      noteChecks(context);
      if (!rules) delete context.jsonSchema["cel"];
    },
  });
  return convert(raw, "");
}

function convert(node: JsonNode, path: string): StructuralSchema {
  for (const key of Object.keys(node)) {
    if (!understood.has(key)) throw new NotStructuralError(path, `"${key}" has no equal there`);
  }
  if (node[notes.flags]) {
    throw new NotStructuralError(path, `the regex flags "${node[notes.flags]}" would be lost`);
  }
  if (node[notes.refined] && !node.cel && !node.webhookOnly) {
    throw new NotStructuralError(
      path,
      "refine() needs the same rule as .meta({ cel }), or .meta({ webhookOnly: true })",
    );
  }
  if (node.intOrString) return convertIntOrString(node, path);
  if (node.anyOf) throw new NotStructuralError(path, "unions cannot be told apart there");
  return sortKeys({
    ...copy(node),
    ...convertType(node, path),
    ...toExtensions(node, [...toPatternRules(node, path), ...toRules(node, path)]),
  });
}

function convertType(node: JsonNode, path: string): StructuralSchema {
  switch (node.type) {
    case "object":
      return convertObject(node, path);
    case "array":
      if (!isNode(node.items)) throw new NotStructuralError(path, "an array needs one item schema");
      return { type: "array", items: convertItem(node, convert(node.items, `${path}[]`)) };
    case "string":
      return { type: "string", ...convertPattern(node, path) };
    case "integer":
      return { type: "integer", ...convertBounds(node) };
    case "number":
      throw new NotStructuralError(path, "floating point does not survive every client");
    case "boolean":
      return { type: "boolean" };
    default:
      throw new NotStructuralError(path, "every value needs a type");
  }
}

/** `kubectl explain` shows the texts of list and item as one: the list's is enough. */
function convertItem(
  { description }: JsonNode,
  { description: ofItem, ...item }: StructuralSchema,
): StructuralSchema {
  return description === undefined && ofItem !== undefined
    ? { description: ofItem, ...item }
    : item;
}

function convertObject(node: JsonNode, path: string): StructuralSchema {
  const properties = isNode(node.properties) ? node.properties : undefined;
  const values = isNode(node.additionalProperties) ? node.additionalProperties : undefined;
  if (properties && values) throw new NotStructuralError(path, "an object with fields is no map");
  if (values) {
    return { type: "object", additionalProperties: convert(values, `${path}[*]`) };
  }
  const fields: Record<string, StructuralSchema> = {};
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (!isNode(value)) throw new NotStructuralError(`${path}.${name}`, "not a schema");
    fields[name] = convert(value, `${path}.${name}`);
  }
  return { type: "object", properties: fields };
}

/**
 * A text's pattern, which zod's formats have, too. Not their names: where a format is stated, the API
 * server no longer looks at the type, and lets lists pass for texts (k8s.io/kube-openapi
 * `pkg/validation/validate/type.go`, v0.36).
 */
function convertPattern(node: JsonNode, path: string): StructuralSchema {
  if (typeof node.pattern === "string") checkRe2(node.pattern, path);
  else if (node.format !== undefined) {
    throw new NotStructuralError(path, `the format "${node.format}" has no pattern`);
  }
  return typeof node.pattern === "string" && !node[notes.message] ? { pattern: node.pattern } : {};
}

function convertBounds(node: JsonNode): StructuralSchema {
  const { minimum, maximum } = node;
  const isInt32 = maximum === int32.maximum || minimum === int32.minimum ||
    (Number(maximum) <= int32.maximum && Number(minimum) >= int32.minimum);
  return {
    format: isInt32 ? "int32" : "int64",
    ...(isRealBound(minimum) ? { minimum } : {}),
    ...(isRealBound(maximum) ? { maximum } : {}),
  };
}

/** zod writes the bounds of its number types out; those of an int32 the format says. */
function isRealBound(bound: unknown): bound is number {
  return typeof bound === "number" && bound !== int32.minimum && bound !== int32.maximum;
}

function convertIntOrString(node: JsonNode, path: string): StructuralSchema {
  const [integer, text] = Array.isArray(node.anyOf) ? node.anyOf.filter(isNode) : [];
  if (integer?.type !== "integer" || text?.type !== "string") {
    throw new NotStructuralError(path, "intOrString wants a union of an integer and a string");
  }
  const { minimum, maximum } = convertBounds(integer);
  const [stringRule] = toPatternRules(text, path);
  if (
    minimum === undefined || maximum === undefined || !stringRule ||
    typeof text.maxLength !== "number"
  ) {
    throw new NotStructuralError(
      path,
      "intOrString wants a minimum, a maximum length, and a regex with a message",
    );
  }
  const rule = `type(self) == int ? self >= ${minimum} && self <= ${maximum} : ${stringRule.rule}`;
  return sortKeys({
    ...copy(node),
    maxLength: text.maxLength,
    anyOf: [{ type: "integer" }, { type: "string" }],
    "x-kubernetes-int-or-string": true,
    ...toExtensions(node, [...toRules(node, path), { ...stringRule, rule }]),
  });
}

function copy(node: JsonNode): StructuralSchema {
  return Object.fromEntries(
    copied.filter((key) => node[key] !== undefined).map((key) => [key, node[key]]),
  );
}

function toExtensions(node: JsonNode, rules: readonly CelRule[]): StructuralSchema {
  const extensions: Record<string, unknown> = {
    "x-kubernetes-list-type": node.listType,
    "x-kubernetes-list-map-keys": node.listMapKeys,
    "x-kubernetes-map-type": node.mapType,
    "x-kubernetes-validations": rules.length > 0 ? rules : undefined,
  };
  return Object.fromEntries(Object.entries(extensions).filter(([, value]) => value !== undefined));
}

function isNode(value: unknown): value is JsonNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a reader wants to know first comes first; the nested parts come last. */
const order: readonly string[] = [
  ...["description", "type", "format", "nullable", "enum", "pattern", "minLength", "maxLength"],
  ...["minimum", "maximum", "minItems", "maxItems", "minProperties", "maxProperties", "anyOf"],
  ...["x-kubernetes-int-or-string", "x-kubernetes-list-type", "x-kubernetes-list-map-keys"],
  ...["x-kubernetes-map-type", "x-kubernetes-validations", "required", "properties"],
  ...["additionalProperties", "items"],
];

function sortKeys(schema: StructuralSchema): StructuralSchema {
  return Object.fromEntries(
    Object.entries(schema).sort(([left], [right]) => order.indexOf(left) - order.indexOf(right)),
  );
}
