/**
 * Common ground of all writes.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { type Cause, invalid } from "../api_error.ts";
import type { Core, ResourceCall } from "../core.ts";
import type { WriteContext } from "../strategies/strategy.ts";
import type { ResourceDefinition } from "../resources/resource_definition.ts";
import type { Schema } from "../schema/schema.ts";
import { validateSchema } from "../schema/validate.ts";
import { noteWrite } from "./rehearsal.ts";
import { validateMetadata } from "./validate_metadata.ts";

/** What a kind's rules may look at. */
export function toWriteContext(core: Core, call: ResourceCall): WriteContext {
  return {
    nowMs: core.clock.now(),
    user: call.user,
    subresource: call.info.subresource === "" ? undefined : call.info.subresource,
    findRuleFault: (rule) => core.rules.findFault(rule),
    find: (resource, namespace, name) => core.store.get(resource, namespace, name),
  };
}

/** Whether a request wants to know what would happen, without it happening. */
export function isDryRun({ info, rehearsal }: ResourceCall): boolean {
  return rehearsal?.stage === "trying" || info.query.getAll("dryRun").includes("All");
}

/** Faults after which rules could read what is missing or of the wrong type. */
const blocking = new Set([
  "FieldValueRequired",
  "FieldValueTypeInvalid",
  "FieldValueTooLong",
  "FieldValueTooMany",
]);

function checkCustom(
  { rules }: Core,
  { schema }: ResourceDefinition,
  next: ApiObject,
  previous: ApiObject | undefined,
): readonly Cause[] {
  const broken = validateSchema(next, schema, "", previous);
  if (!broken.some(({ reason }) => blocking.has(reason))) {
    return [...broken, ...rules.check(next, previous, schema)];
  }
  if (!hasRules(schema)) return broken;
  const message =
    "Invalid value: null: some validation rules were not checked because the object was" +
    " invalid; correct the existing errors to complete validation";
  return [...broken, { reason: "FieldValueInvalid", message, field: "<nil>" }];
}

/** Whether a schema has rules anywhere. */
function hasRules(schema: Schema): boolean {
  return JSON.stringify(schema).includes('"x-kubernetes-validations"');
}

/** @throws {ApiError} 422 with every way in which an object breaks its kind's rules. */
export function assertValid(
  core: Core,
  call: ResourceCall,
  next: ApiObject,
  previous: ApiObject | undefined,
  context: WriteContext,
): void {
  const { definition } = call;
  const causes: Cause[] = [...validateMetadata(definition, next, previous)];
  if (definition.custom) causes.push(...checkCustom(core, definition, next, previous));
  causes.push(...(definition.strategy.validate?.(next, previous, context) ?? []));
  if (causes.length > 0) throw invalid(definition, next.metadata.name, causes);
  noteWrite(call, next, previous);
}
