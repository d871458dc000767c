/**
 * The API server's single-object semantics in memory, able to crash around any write.
 *
 * @module
 */

import type { CallOptions, DeleteOptions, Kube, PatchOptions } from "../../../kube/kube.ts";
import { KubeError } from "../../../kube/kube.ts";
import { type ObjectRef, type ResourceType, toKey } from "../../../kube/resource.ts";
import type { KubernetesObject } from "../../../schemas/kubernetes.ts";

/** Thrown where the process is meant to die. */
export class Crash extends Error {
  override name = "Crash";
}

/** One write as the server saw it. */
export interface Write {
  readonly verb: "create" | "replace" | "patch" | "delete";
  readonly plural: string;
  readonly subresource: string | undefined;
  readonly key: string;
}

/** Get, create, replace, patch (merge) and delete, with versions, UIDs and preconditions. */
export class MemoryKube implements Kube {
  readonly writes: Write[] = [];
  readonly #objects = new Map<string, KubernetesObject>();
  #version = 0;
  #crash: { at: number; when: "before" | "after" } | undefined;

  /** The process dies at the `at`-th write from now (from 0), before or after it took effect. */
  crashAt(at: number, when: "before" | "after"): void {
    this.#crash = { at: this.writes.length + at, when };
  }

  /** Puts an object there as somebody else. */
  seed(plural: string, object: KubernetesObject): void {
    this.#objects.set(`${plural}/${toKey(object.metadata)}`, this.#stamp(object));
  }

  /** All objects of a resource. */
  all(plural: string): KubernetesObject[] {
    return [...this.#objects].filter(([key]) => key.startsWith(`${plural}/`)).map(([, value]) =>
      value
    );
  }

  get<T extends KubernetesObject>(type: ResourceType<T>, ref: ObjectRef): Promise<T> {
    return this.#run(() => type.parse(structuredClone(this.#find(type.plural, ref))));
  }

  create<T extends KubernetesObject>(type: ResourceType<T>, object: KubernetesObject): Promise<T> {
    return this.#write("create", type.plural, object.metadata, undefined, () => {
      const key = `${type.plural}/${toKey(object.metadata)}`;
      if (this.#objects.has(key)) throw failure(409, "AlreadyExists", `"${key}" already exists`);
      return type.parse(this.#store(key, { ...object, ...this.#stamp(object) }));
    });
  }

  replace<T extends KubernetesObject>(
    type: ResourceType<T>,
    object: KubernetesObject,
    options: CallOptions = {},
  ): Promise<T> {
    return this.#write("replace", type.plural, object.metadata, options.subresource, () => {
      const stored = this.#find(type.plural, object.metadata);
      this.#checkVersion(stored, object.metadata.resourceVersion);
      const metadata = { ...object.metadata, uid: stored.metadata.uid };
      const key = `${type.plural}/${toKey(object.metadata)}`;
      return type.parse(this.#store(key, this.#stamp({ ...object, metadata })));
    });
  }

  patch<T extends KubernetesObject>(
    type: ResourceType<T>,
    ref: ObjectRef,
    body: unknown,
    options: PatchOptions = {},
  ): Promise<T> {
    return this.#write("patch", type.plural, ref, options.subresource, () => {
      const stored = this.#find(type.plural, ref);
      const patch = body as Record<string, unknown> & { metadata?: { resourceVersion?: string } };
      this.#checkVersion(stored, patch.metadata?.resourceVersion);
      const merged = mergePatch(stored, body) as KubernetesObject;
      return type.parse(this.#store(`${type.plural}/${toKey(ref)}`, this.#stamp(merged)));
    });
  }

  delete<T extends KubernetesObject>(
    type: ResourceType<T>,
    ref: ObjectRef,
    options: DeleteOptions = {},
  ): Promise<void> {
    return this.#write("delete", type.plural, ref, undefined, () => {
      const stored = this.#find(type.plural, ref);
      const uid = options.preconditions?.uid;
      if (uid !== undefined && uid !== stored.metadata.uid) {
        throw failure(409, "Conflict", "UID in precondition does not match");
      }
      this.#objects.delete(`${type.plural}/${toKey(ref)}`);
    });
  }

  apply(): Promise<never> {
    throw new Error("apply is not in use here");
  }
  list(): Promise<never> {
    throw new Error("list is not in use here");
  }
  evict(): Promise<never> {
    throw new Error("evict is not in use here");
  }
  watch(): AsyncIterable<never> {
    throw new Error("watch is not in use here");
  }
  getRaw(): Promise<never> {
    throw new Error("getRaw is not in use here");
  }

  async #run<T>(action: () => T): Promise<T> {
    await Promise.resolve();
    return action();
  }

  async #write<T>(
    verb: Write["verb"],
    plural: string,
    ref: ObjectRef,
    subresource: string | undefined,
    action: () => T,
  ): Promise<T> {
    await Promise.resolve();
    const crash = this.#crash?.at === this.writes.length ? this.#crash.when : undefined;
    if (crash === "before") this.#die();
    this.writes.push({ verb, plural, subresource, key: toKey(ref) });
    const result = action();
    if (crash === "after") this.#die();
    return structuredClone(result);
  }

  #die(): never {
    this.#crash = undefined;
    throw new Crash("the process died");
  }

  #find(plural: string, ref: ObjectRef): KubernetesObject {
    const key = `${plural}/${toKey(ref)}`;
    const stored = this.#objects.get(key);
    if (stored === undefined) throw failure(404, "NotFound", `"${key}" not found`);
    return stored;
  }

  #checkVersion(stored: KubernetesObject, version: string | undefined): void {
    if (version !== undefined && version !== stored.metadata.resourceVersion) {
      throw failure(409, "Conflict", "the object has been modified");
    }
  }

  #store(key: string, object: KubernetesObject): KubernetesObject {
    this.#objects.set(key, structuredClone(object));
    return structuredClone(object);
  }

  #stamp(object: KubernetesObject): KubernetesObject {
    const resourceVersion = String(++this.#version);
    const uid = object.metadata.uid ?? `uid-${resourceVersion}`;
    return structuredClone({ ...object, metadata: { ...object.metadata, uid, resourceVersion } });
  }
}

function failure(code: number, reason: string, message: string): KubeError {
  return new KubeError(code, message, {
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    code,
    reason,
    message,
  });
}

/** RFC 7386. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === "object" && target !== null ? target : {};
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}
