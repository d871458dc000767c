/**
 * What the server knows about one resource.
 *
 * @module
 */

import type { GroupResource } from "../api_error.ts";
import type { Schema } from "../schema/schema.ts";
import type { Strategy } from "../strategies/strategy.ts";
import type { Column } from "../table/column.ts";

/** A subresource with its own path below an object. */
export interface Subresource {
  readonly name: string;
  readonly verbs: readonly string[];
  /** The kind of its bodies, where it is not the object's own. */
  readonly kind?: { readonly group: string; readonly version: string; readonly kind: string };
}

/** What every stored resource does. */
export const allVerbs: readonly string[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

/** One resource in one version. */
export interface ResourceDefinition extends GroupResource {
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly Subresource[];
  /** Where objects are stored: `plural` or `plural.group`. */
  readonly storageKey: string;
  /** Whether it came from a CustomResourceDefinition. */
  readonly custom: boolean;
  /** Whether `metadata.generation` counts changes of what the user wants. */
  readonly tracksGeneration: boolean;
  /** Whether a PUT without resourceVersion overwrites whatever is there. */
  readonly allowsUnconditionalUpdate: boolean;
  /** Whether a PUT creates what is not there. */
  readonly createsOnUpdate: boolean;
  readonly schema: Schema;
  readonly strategy: Strategy;
  readonly columns: readonly Column[];
}

/** `group/version`, or `version` for the core group. */
export function apiVersionOf(
  resource: { readonly group: string; readonly version: string },
): string {
  return resource.group ? `${resource.group}/${resource.version}` : resource.version;
}

/** Whether the resource has a `status` of its own, written only through the subresource. */
export function hasStatus(resource: ResourceDefinition): boolean {
  return resource.subresources.some(({ name }) => name === "status");
}
