/**
 * Objects that do not parse, so that one of them does not spoil a whole list or watch.
 *
 * @module
 */

import type { KubernetesObject, ObjectMeta } from "../schemas/kubernetes.ts";
import { isMapping } from "./fields.ts";
import { type ResourceType, toApiVersion } from "./resource.ts";

/** Stands in for an object that its type could not parse. */
export class UnreadableObject implements KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Name, namespace, UID and version only. */
  readonly metadata: ObjectMeta;
  /** What the parser threw. */
  readonly error: unknown;

  constructor(type: ResourceType<KubernetesObject>, metadata: ObjectMeta, error: unknown) {
    this.apiVersion = toApiVersion(type);
    this.kind = type.kind;
    this.metadata = metadata;
    this.error = error;
  }
}

/**
 * A resource type that reads everything: objects that `type` cannot parse become
 * {@linkcode UnreadableObject}s.
 *
 * @returns A type whose `parse` throws only for what has no name.
 */
export function toLenientType<T extends KubernetesObject>(
  type: ResourceType<T>,
): ResourceType<T | UnreadableObject> {
  const { group, version, kind, plural, namespaced } = type;
  return {
    group,
    version,
    kind,
    plural,
    namespaced,
    parse(raw) {
      try {
        return type.parse(raw);
      } catch (error) {
        const metadata = parseMetadata(raw);
        if (metadata === undefined) throw error;
        return new UnreadableObject(type, metadata, error);
      }
    },
  };
}

function parseMetadata(raw: unknown): ObjectMeta | undefined {
  const metadata = isMapping(raw) && isMapping(raw.metadata) ? raw.metadata : {};
  const { name, namespace, uid, resourceVersion } = metadata;
  const text = (value: unknown) => typeof value === "string" ? value : undefined;
  if (typeof name !== "string") return undefined;
  return {
    name,
    namespace: text(namespace),
    uid: text(uid),
    resourceVersion: text(resourceVersion),
  };
}
