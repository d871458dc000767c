/**
 * Making an object conform to its kind's schema: decoding, pruning, defaulting.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { badRequest } from "../api_error.ts";
import type { ResourceCall } from "../core.ts";
import type { Json } from "../json.ts";
import { canonicalize } from "../schema/canonical.ts";
import { dropNulls, fillDefaults } from "../schema/defaults.ts";
import { prune } from "../schema/prune.ts";
import { validateSchema } from "../schema/validate.ts";
import type { ResourceDefinition } from "../resources/resource_definition.ts";

/**
 * Prunes and defaults an object.
 *
 * @throws {ApiError} 400 for members of the wrong type in built-in kinds, and for unknown members when
 * the client asked for strict checking.
 */
export function conform(call: ResourceCall, object: ApiObject): ApiObject {
  const { definition } = call;
  const unknown: string[] = [];
  const pruned = prune(object, definition.schema, unknown);
  handleUnknown(call, unknown);
  return complete(definition, pruned);
}

/** Decodes, drops nulls and defaults: what happens to an object that is known to be pruned. */
export function complete(definition: ResourceDefinition, pruned: Json): ApiObject {
  if (!definition.custom) checkTypes(definition, pruned);
  const whole = dropNulls(pruned, definition.schema, definition.custom);
  const filled = fillDefaults(toCanonical(definition, whole), definition.schema);
  // Pruning, dropping nulls and defaulting keep kind, apiVersion and metadata.
  const object = filled as ApiObject;
  return definition.strategy.defaults?.(object) ?? object;
}

/** Refuses, mentions or ignores unknown members, as the client asked. @throws {ApiError} 400. */
export function handleUnknown(
  { definition, info, warnings }: ResourceCall,
  unknown: readonly string[],
): void {
  if (unknown.length === 0) return;
  const texts = unknown.map((path) => `unknown field "${path}"`);
  switch (info.query.get("fieldValidation")) {
    case "Strict":
      throw badRequest(
        `${definition.kind} in version "${definition.version}" cannot be handled as a ` +
          `${definition.kind}: strict decoding error: ${texts.join(", ")}`,
      );
    case "Ignore":
      return;
    default:
      warnings.push(...texts);
  }
}

/** Built-in kinds are read into Go's types and written back from them. */
function toCanonical(definition: ResourceDefinition, object: Json): Json {
  if (definition.custom) return object;
  try {
    return canonicalize(object, definition.schema);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const { kind, version } = definition;
    throw badRequest(
      `${kind} in version "${version}" cannot be handled as a ${kind}: ${error.message}`,
    );
  }
}

function checkTypes(definition: ResourceDefinition, object: Json): void {
  const wrong = validateSchema(object, definition.schema).find((cause) =>
    cause.reason === "FieldValueTypeInvalid" && !cause.message.includes(`"null"`)
  );
  if (!wrong) return;
  const { kind } = definition;
  throw badRequest(
    `${kind} in version "${definition.version}" cannot be handled as a ${kind}: json: cannot unmarshal ` +
      `${wrong.field}: ${wrong.message}`,
  );
}
