/**
 * The shape of every controller of the box: a decision over the cluster's objects, made again whenever
 * one of them changes.
 *
 * @module
 */

import type { ApiObject } from "../api_server/api_object.ts";
import type { Json } from "../api_server/json.ts";

/** The cluster's objects as they are now. Never changed by reading. */
export interface ClusterView {
  /** All objects of a resource, named `plural` or `plural.group`. */
  readonly list: (resource: string) => readonly ApiObject[];
  /** One object; `namespace` is empty for cluster-scoped ones. */
  readonly get: (resource: string, namespace: string, name: string) => ApiObject | undefined;
  /** The names of all resources that have objects. */
  readonly resources: () => readonly string[];
  /** The resource that stores a kind, if it is served. */
  readonly resourceOf: (group: string, kind: string) => string | undefined;
  /** The path of an object. */
  readonly pathOf: (resource: string, namespace: string, name: string) => string | undefined;
}

/** One write that a controller wants. */
export interface ControlRequest {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** @default {"application/json"}; for PATCH `"application/merge-patch+json"` */
  readonly contentType?: string;
  readonly body?: Json;
}

/** What a controller wants done, and when it wants to look again even if nothing changes. */
export interface Decision {
  readonly requests: readonly ControlRequest[];
  /** Epoch milliseconds. */
  readonly againAtMs?: number | undefined;
}

/** One controller. */
export interface Controller {
  /** As its writes are signed: the manager of the fields it sets. */
  readonly name: string;
  /** Resources whose changes make it decide again; `*` for all. */
  readonly watches: readonly string[];
  readonly decide: (view: ClusterView, nowMs: number) => Decision | Promise<Decision>;
}

/** Nothing to do. */
export const idle: Decision = { requests: [] };

/** The earlier of two moments, either of which may not be. */
export function earlier(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined) return right;
  return right === undefined ? left : Math.min(left, right);
}
