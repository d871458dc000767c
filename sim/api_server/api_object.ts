/**
 * Kubernetes objects as this server stores them.
 *
 * @module
 */

import type { JsonObject } from "./json.ts";

/** `metadata.ownerReferences[]`. */
export interface OwnerReference extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** One entry of `metadata.managedFields`. */
export interface ManagedFieldsEntry extends JsonObject {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: "FieldsV1";
  readonly fieldsV1: JsonObject;
  readonly subresource?: string;
}

/** `metadata` of any object. Timestamps are RFC 3339 strings. */
export interface Metadata extends JsonObject {
  readonly name: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

/** Any object; its shape beyond this was checked against its kind's schema when it was written. */
export interface ApiObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
}

/** A copy of an object with some metadata replaced; `undefined` removes a member. */
export function withMetadata(
  object: ApiObject,
  change: { readonly [K in keyof Metadata]?: Metadata[K] | undefined },
): ApiObject {
  const metadata: Record<string, unknown> = { ...object.metadata };
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined) delete metadata[key];
    else metadata[key] = value;
  }
  return { ...object, metadata: metadata as Metadata };
}

/** RFC 3339 in whole seconds, as object metadata has it. */
export function toTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, "Z");
}

/** RFC 3339 with microseconds, as leases have it. */
export function toMicroTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace("Z", "000Z");
}
