/**
 * Paths of the Kubernetes API.
 *
 * @module
 */

import type { KubernetesObject } from "../schemas/kubernetes.ts";
import type { ResourceType } from "./resource.ts";

/** What a path leads to: a collection without `name`, an object with it. */
export interface PathTarget {
  /** Absent: all namespaces, or a cluster-scoped resource. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

/** Query parameters; `undefined` ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * The path of a collection, an object or its subresource.
 *
 * @throws {TypeError} If an object of a namespaced resource is named without its namespace, or a name
 * is empty: such a path would silently mean something else.
 */
export function toPath(
  type: Pick<
    ResourceType<KubernetesObject>,
    "group" | "version" | "plural" | "kind" | "namespaced"
  >,
  target: PathTarget,
  query: Query = {},
): string {
  const { namespace, name, subresource } = target;
  if (name === "") throw new TypeError(`Cannot address a ${type.kind} without a name`);
  if (type.namespaced && name !== undefined && !namespace) {
    throw new TypeError(`Cannot address ${type.kind} "${name}" without a namespace`);
  }
  const segments = [
    ...(type.group ? ["apis", type.group] : ["api"]),
    type.version,
    ...(type.namespaced && namespace ? ["namespaces", namespace] : []),
    type.plural,
    ...(name === undefined ? [] : [name]),
    ...(subresource ? [subresource] : []),
  ];
  return `/${segments.map(encodeURIComponent).join("/")}${toSearch(query)}`;
}

function toSearch(query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.size > 0 ? `?${search}` : "";
}
