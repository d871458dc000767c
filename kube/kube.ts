/**
 * The Kubernetes API as the rest of the project sees it.
 *
 * @module
 */

import type { KubernetesList, KubernetesObject, Status } from "../schemas/kubernetes.ts";
import type { ObjectRef, ResourceType } from "./resource.ts";

/** A failed request to the API server. Network failures are plain errors with this as no cause. */
export class KubeError extends Error {
  override name = "KubeError";
  /** HTTP status. */
  readonly code: number;
  /** The server's machine-readable reason (`NotFound`, `AlreadyExists`, `Conflict`, …), if any. */
  readonly reason: string | undefined;
  readonly status: Status | undefined;

  constructor(code: number, message: string, status?: Status) {
    super(message);
    this.code = code;
    this.status = status;
    this.reason = status?.reason;
  }
}

/** Whether an error says that the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof KubeError && error.code === 404;
}

/** Whether an error says that somebody else wrote first: load again and run again. */
export function isConflict(error: unknown): boolean {
  return error instanceof KubeError && error.code === 409 && error.reason !== "AlreadyExists";
}

/** Whether an error says that an object of that name exists already. */
export function isAlreadyExists(error: unknown): boolean {
  return error instanceof KubeError && error.code === 409 && error.reason === "AlreadyExists";
}

/** Which objects to list or watch. */
export interface ListOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Part of the options of writes. */
export interface DryRunOption {
  /** Admit and validate as usual, and store nothing. @default {false} */
  readonly dryRun?: boolean | undefined;
}

/** How to patch: RFC 6902, RFC 7386, or Kubernetes strategic merge (built-in kinds only). */
export type PatchKind = "json" | "merge" | "strategic";

/** Options of {@linkcode Kube.patch}. */
export interface PatchOptions extends DryRunOption {
  /** @default {"merge"} */
  readonly kind?: PatchKind | undefined;
  readonly subresource?: string | undefined;
  readonly fieldManager?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@linkcode Kube.apply}. */
export interface ApplyOptions {
  readonly fieldManager: string;
  /** Take fields over from other managers. @default {false} */
  readonly force?: boolean | undefined;
  readonly subresource?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@linkcode Kube.delete}. */
export interface DeleteOptions extends DryRunOption {
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: "Foreground" | "Background" | "Orphan" | undefined;
  readonly preconditions?: {
    readonly uid?: string | undefined;
    readonly resourceVersion?: string | undefined;
  } | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Options of a single read or write. */
export interface CallOptions {
  readonly subresource?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@linkcode Kube.create}. */
export interface CreateOptions extends CallOptions, DryRunOption {}

/** One event of a watch. */
export type WatchEvent<T> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T }
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string };

/** Options of {@linkcode Kube.watch}. */
export interface WatchOptions extends ListOptions {
  readonly resourceVersion: string;
}

/**
 * The Kubernetes API. Every method throws {@linkcode KubeError} for an answer that is not 2xx and the
 * transport's own error when there was no answer.
 */
export interface Kube {
  /** Reads one object from the API server (no cache). */
  get<T extends KubernetesObject>(
    type: ResourceType<T>,
    ref: ObjectRef,
    options?: CallOptions,
  ): Promise<T>;
  /** Reads all objects, page by page; complete or an error. */
  list<T extends KubernetesObject>(
    type: ResourceType<T>,
    options?: ListOptions,
  ): Promise<KubernetesList<T>>;
  /** Creates an object as given. */
  create<T extends KubernetesObject>(
    type: ResourceType<T>,
    object: KubernetesObject,
    options?: CreateOptions,
  ): Promise<T>;
  /** Replaces an object; with `metadata.resourceVersion` set, only if nobody wrote in between. */
  replace<T extends KubernetesObject>(
    type: ResourceType<T>,
    object: KubernetesObject,
    options?: CallOptions,
  ): Promise<T>;
  /** Patches an object; put `metadata.resourceVersion` in the body for an optimistic lock. */
  patch<T extends KubernetesObject>(
    type: ResourceType<T>,
    ref: ObjectRef,
    body: unknown,
    options?: PatchOptions,
  ): Promise<T>;
  /** Server-side apply. */
  apply<T extends KubernetesObject>(
    type: ResourceType<T>,
    object: KubernetesObject,
    options: ApplyOptions,
  ): Promise<T>;
  /** Deletes an object; resolves when the server accepted it, finalizers may still hold it. */
  delete<T extends KubernetesObject>(
    type: ResourceType<T>,
    ref: ObjectRef,
    options?: DeleteOptions,
  ): Promise<void>;
  /** Evicts a pod; 429 means that a disruption budget says wait, 404 and 409 that it is another pod now. */
  evict(ref: ObjectRef, options: { uid: string; signal?: AbortSignal | undefined }): Promise<void>;
  /**
   * One watch connection: ends normally when the server closes it, throws {@linkcode KubeError} 410
   * when the version is too old, and the transport's error when the stream breaks or goes silent.
   */
  watch<T extends KubernetesObject>(
    type: ResourceType<T>,
    options: WatchOptions,
  ): AsyncIterable<WatchEvent<T>>;
  /** `GET path`, decoded as JSON: `/version`, `/apis`, and the like. */
  getRaw(path: string, signal?: AbortSignal): Promise<unknown>;
}
