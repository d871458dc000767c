/**
 * Which objects a list, watch or collection delete is about.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import type { ResourceCall } from "../core.ts";
import type { ResourceDefinition } from "../resources/resource_definition.ts";
import { parseFieldSelector, parseLabelSelector, type Selector } from "./selectors.ts";

/** The objects that a request selects, and whether it names any condition on them. */
export interface Selection {
  readonly matches: Selector;
  readonly filtered: boolean;
}

function fieldsOf(definition: ResourceDefinition, object: ApiObject) {
  return {
    ...definition.strategy.selectableFields?.(object),
    "metadata.name": object.metadata.name,
    "metadata.namespace": object.metadata.namespace ?? "",
  };
}

/** Reads a request's namespace and selectors. @throws {ApiError} 400 for selectors that make no sense. */
export function parseSelection({ info, definition, namespace }: ResourceCall): Selection {
  const labels = info.query.get("labelSelector") ?? "";
  const fields = info.query.get("fieldSelector") ?? "";
  const byLabel = labels === "" ? undefined : parseLabelSelector(labels);
  const byField = fields === "" ? undefined : parseFieldSelector(
    fields,
    (object) => fieldsOf(definition, object),
    supportedFields(definition),
  );
  const named = info.name;
  return {
    filtered: byLabel !== undefined || byField !== undefined,
    matches: (object) =>
      (namespace === "" || object.metadata.namespace === namespace) &&
      (named === "" || object.metadata.name === named) &&
      (byLabel?.(object) ?? true) && (byField?.(object) ?? true),
  };
}

/** An object of no content: its fields' names are all there. */
const blank: ApiObject = { apiVersion: "", kind: "", metadata: { name: "" } };

function supportedFields(definition: ResourceDefinition): ReadonlySet<string> {
  return new Set(Object.keys(fieldsOf(definition, blank)));
}
