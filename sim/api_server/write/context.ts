/**
 * Common ground of all writes.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { type Cause, invalid } from "../api_error.ts";
import type { Core, ResourceCall } from "../core.ts";
import type { WriteContext } from "../strategies/strategy.ts";
import { validateRules } from "../schema/rules.ts";
import { validateSchema } from "../schema/validate.ts";
import { validateMetadata } from "./validate_metadata.ts";

/** What a kind's rules may look at. */
export function toWriteContext(core: Core, call: ResourceCall): WriteContext {
  return {
    nowMs: core.clock.now(),
    user: call.user,
    subresource: call.info.subresource === "" ? undefined : call.info.subresource,
    find: (resource, namespace, name) => core.store.get(resource, namespace, name),
  };
}

/** Whether a request wants to know what would happen, without it happening. */
export function isDryRun({ info }: ResourceCall): boolean {
  return info.query.getAll("dryRun").includes("All");
}

/** @throws {ApiError} 422 with every way in which an object breaks its kind's rules. */
export function assertValid(
  call: ResourceCall,
  next: ApiObject,
  previous: ApiObject | undefined,
  context: WriteContext,
): void {
  const { definition } = call;
  const causes: Cause[] = [...validateMetadata(definition, next, previous)];
  if (definition.custom) {
    const broken = validateSchema(next, definition.schema);
    causes.push(...broken);
    // Rules may read what the schema found missing or mistyped, so they run on sound objects only.
    if (broken.length === 0) causes.push(...validateRules(definition.schema, next, previous));
  }
  causes.push(...(definition.strategy.validate?.(next, previous, context) ?? []));
  if (causes.length > 0) throw invalid(definition, next.metadata.name, causes);
}
