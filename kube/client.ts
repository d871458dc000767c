/**
 * The Kubernetes client.
 *
 * @module
 */

import type { Clock } from "../runtime/clock.ts";
import type { Random } from "../runtime/random.ts";
import type { KubernetesObject } from "../schemas/kubernetes.ts";
import { parseObject } from "./answer.ts";
import type { Kube, PatchKind } from "./kube.ts";
import { listPages } from "./list_pages.ts";
import { type Call, createRequester } from "./requester.ts";
import { toPath } from "./resource_path.ts";
import { type ObjectRef, pods, type ResourceType } from "./resource.ts";
import type { KubeTransport } from "./transport.ts";
import { toUserAgent } from "./user_agent.ts";
import { watchStream } from "./watch_stream.ts";

/** What a client is made of. */
export interface KubeClientOptions {
  readonly transport: KubeTransport;
  /** For time limits. Wall time, even where the rest runs on scaled time: they are about networks. */
  readonly clock: Clock;
  readonly random: Random;
  /** @default What `toUserAgent("tgp", "0")` gives. */
  readonly userAgent?: string | undefined;
  /** Limit for one attempt at a call, in milliseconds; 0 is none. @default {30_000} */
  readonly requestTimeoutMs?: number | undefined;
  /** Silence after which a watch counts as dead, in milliseconds. @default {90_000} */
  readonly watchIdleLimitMs?: number | undefined;
}

/** A client that holds connections. */
export interface KubeClient extends Kube {
  /** Closes the connections. Safe to call twice. */
  close(): void;
}

/** Defaults of {@linkcode KubeClientOptions}. */
export const kubeClientDefaults = Object.freeze({
  requestTimeoutMs: 30_000,
  /**
   * A busy API server sends a bookmark once a minute. A quiet one whose etcd does not report progress
   * (kubeadm's does) sends none for two minutes (measured on 1.36.0), so silence is no proof of death.
   */
  watchIdleLimitMs: 90_000,
});

const patchContentTypes: Readonly<Record<PatchKind | "apply", string>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  // JSON is YAML.
  apply: "application/apply-patch+yaml",
};

/** Creates a client. */
export function createKubeClient(options: KubeClientOptions): KubeClient {
  const { transport, clock, random } = options;
  const requester = createRequester({
    transport,
    clock,
    random,
    userAgent: options.userAgent ?? toUserAgent("tgp", "0"),
    requestTimeoutMs: options.requestTimeoutMs ?? kubeClientDefaults.requestTimeoutMs,
  });
  const idleLimitMs = options.watchIdleLimitMs ?? kubeClientDefaults.watchIdleLimitMs;
  const watchDeps = { requester, transport, clock, random, idleLimitMs };

  const call = async <T extends KubernetesObject>(type: ResourceType<T>, call: Call): Promise<T> =>
    parseObject(type, await requester.json(call), `${call.method} ${call.path}`);

  return {
    get: async (type, ref, { subresource, signal } = {}) =>
      await call(type, { method: "GET", path: toPath(type, { ...ref, subresource }), signal }),

    list: (type, options = {}) => listPages(requester, type, options),

    create: async (type, object, { subresource, dryRun, signal } = {}) => {
      const { namespace, name } = object.metadata;
      const target = subresource ? { namespace, name, subresource } : { namespace };
      const path = toPath(type, inNamespace(type, target), toDryRun(dryRun));
      return await call(type, { method: "POST", path, body: object, signal });
    },

    replace: async (type, object, { subresource, signal } = {}) => {
      const path = toPath(type, { ...toRef(object), subresource });
      return await call(type, { method: "PUT", path, body: object, signal });
    },

    patch: async (type, ref, body, options = {}) => {
      const { kind = "merge", subresource, fieldManager, dryRun, signal } = options;
      const path = toPath(type, { ...ref, subresource }, { fieldManager, ...toDryRun(dryRun) });
      const contentType = patchContentTypes[kind];
      return await call(type, { method: "PATCH", path, body, contentType, signal });
    },

    apply: async (type, object, { fieldManager, force, subresource, signal }) => {
      const path = toPath(type, { ...toRef(object), subresource }, { fieldManager, force });
      const contentType = patchContentTypes.apply;
      return await call(type, { method: "PATCH", path, body: object, contentType, signal });
    },

    delete: async (type, ref, { signal, dryRun, ...deleteOptions } = {}) => {
      const body = {
        apiVersion: "v1",
        kind: "DeleteOptions",
        ...deleteOptions,
        ...(dryRun ? { dryRun: [dryRunOfAll] } : {}),
      };
      await requester.json({ method: "DELETE", path: toPath(type, ref), body, signal });
    },

    evict: async (ref, { uid, signal }) => {
      const path = toPath(pods, { ...ref, subresource: "eviction" });
      const body = {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name: ref.name, namespace: ref.namespace },
        deleteOptions: { preconditions: { uid } },
      };
      // Here 429 is news about a disruption budget, not about the server: the caller decides.
      await requester.json({ method: "POST", path, body, patient: false, signal });
    },

    watch: (type, options) => watchStream(watchDeps, type, options),

    getRaw: (path, signal) => requester.json({ method: "GET", path, signal }),

    close: () => transport.close(),
  };
}

/** The only value there is. */
const dryRunOfAll = "All";

function toDryRun(dryRun: boolean | undefined): { readonly dryRun?: string } {
  return dryRun ? { dryRun: dryRunOfAll } : {};
}

function toRef({ metadata: { name, namespace } }: KubernetesObject): ObjectRef {
  return { name, namespace };
}

/** @throws {TypeError} If the namespace of a namespaced object is missing. */
function inNamespace<T extends { readonly namespace?: string | undefined }>(
  type: ResourceType<KubernetesObject>,
  target: T,
): T {
  if (!type.namespaced || target.namespace) return target;
  throw new TypeError(`Cannot create a ${type.kind} without a namespace`);
}
