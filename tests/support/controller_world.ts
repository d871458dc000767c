/**
 * A cluster for tests of the controllers: the in-memory API server with our resources, a client, and
 * caches that lag until a test lets them catch up.
 *
 * @module
 */

import { load } from "js-yaml";
import { z } from "zod";
import type { Reader } from "../../controller/reader.ts";
import { createKubeClient, type KubeClient } from "../../kube/client.ts";
import { KubeConnectionError } from "../../kube/errors.ts";
import type { EventNote, Recorder } from "../../kube/events.ts";
import { isNotFound } from "../../kube/kube.ts";
import { namespaces, nodes, pods, type ResourceType, toKey } from "../../kube/resource.ts";
import { nodeClaims, nodeClasses, nodePools } from "../../kube/tgp_resources.ts";
import { createHandlerTransport } from "../../kube/transport.ts";
import { silentLog } from "../../runtime/log.ts";
import { type ForgettingMetrics, silentMetrics } from "../../runtime/metrics.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import type { KubernetesObject, Node, Pod } from "../../schemas/kubernetes.ts";
import { type GPUNodeClaim, nodeClaimSchema } from "../../schemas/node_claim.ts";
import { type GPUNodeClass, nodeClassSchema } from "../../schemas/node_class.ts";
import { type GPUNodePool, nodePoolSchema } from "../../schemas/node_pool.ts";
import { adminPeer, type ApiServer, createApiServer } from "../../sim/api_server/api_server.ts";
import type { SeenRequest } from "../../sim/api_server/hooks.ts";
import { cut } from "../../sim/handler.ts";
import { FakeClock } from "./fake_clock.ts";

/** The namespace of the controller's own objects. */
export const testNamespace = "tgp-system";

/** The signal of code that nobody stops. */
export const never: AbortSignal = new AbortController().signal;

const definitions: ResourceType<KubernetesObject> = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
  parse: (raw) => raw as KubernetesObject,
};

/** A cache that shows what was there when it was last refreshed. */
export class LaggingReader<T extends KubernetesObject> implements Reader<T> {
  readonly #load: () => Promise<readonly T[]>;
  #objects = new Map<string, T>();

  constructor(load: () => Promise<readonly T[]>) {
    this.#load = load;
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  list(): readonly T[] {
    return [...this.#objects.values()];
  }

  /** Catches up with the cluster. */
  async refresh(): Promise<void> {
    this.#objects = new Map((await this.#load()).map((object) => [toKey(object.metadata), object]));
  }
}

/** See the module. */
export class ControllerWorld implements Disposable {
  readonly clock = new FakeClock();
  readonly random = createSeededRandom(11);
  readonly log = silentLog;
  /** Counters so far, by name. */
  readonly counted = new Map<string, number>();
  readonly metrics: ForgettingMetrics = {
    ...silentMetrics,
    count: (name, _labels, by = 1) =>
      void this.counted.set(name, (this.counted.get(name) ?? 0) + by),
  };
  readonly server: ApiServer;
  readonly kube: KubeClient;
  /** Everything that was told, in order. */
  readonly notes: EventNote[] = [];
  readonly recorder: Recorder = { record: (note) => void this.notes.push(note) };
  readonly classes: LaggingReader<GPUNodeClass>;
  readonly pools: LaggingReader<GPUNodePool>;
  readonly claims: LaggingReader<GPUNodeClaim>;
  readonly nodes: LaggingReader<Node>;
  readonly pods: LaggingReader<Pod>;

  private constructor() {
    const { clock, random } = this;
    this.server = createApiServer({ clock, random });
    const transport = createHandlerTransport(async (request) => {
      const response = await this.server.handler(request, { peer: adminPeer });
      if (response !== cut) return response;
      throw new KubeConnectionError("Cannot reach the API server: the connection was closed");
    });
    this.kube = createKubeClient({ transport, clock, random });
    const reader = <T extends KubernetesObject>(type: ResourceType<T>) =>
      new LaggingReader(async () => (await this.kube.list(type)).items);
    this.classes = reader(nodeClasses);
    this.pools = reader(nodePools);
    this.claims = reader(nodeClaims);
    this.nodes = reader(nodes);
    this.pods = reader(pods);
  }

  /** A cluster that knows our resources and has the controller's namespace. */
  static async create(): Promise<ControllerWorld> {
    const world = new ControllerWorld();
    for (const { plural } of [nodeClaims, nodeClasses, nodePools]) {
      const url = new URL(`../../manifests/crds/tgp.io_${plural}.yaml`, import.meta.url);
      await world.kube.create(
        definitions,
        load(await Deno.readTextFile(url)) as KubernetesObject,
      );
    }
    await world.kube.create(namespaces, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: testNamespace },
    });
    return world;
  }

  /** Lets all caches catch up. */
  async sync(): Promise<void> {
    for (const reader of [this.classes, this.pools, this.claims, this.nodes, this.pods]) {
      await reader.refresh();
    }
  }

  /** Stores a claim with its status, and lets its cache catch up. */
  async putClaim(claim: GPUNodeClaim): Promise<GPUNodeClaim> {
    return await this.#put(nodeClaims, z.encode(nodeClaimSchema, claim), this.claims);
  }

  /** Stores a class with its status, and lets its cache catch up. */
  async putClass(nodeClass: GPUNodeClass): Promise<GPUNodeClass> {
    return await this.#put(nodeClasses, z.encode(nodeClassSchema, nodeClass), this.classes);
  }

  /** Stores a pool with its status, and lets its cache catch up. */
  async putPool(pool: GPUNodePool): Promise<GPUNodePool> {
    return await this.#put(nodePools, z.encode(nodePoolSchema, pool), this.pools);
  }

  /** Stores a node as its kubelet would, and lets its cache catch up. */
  async putNode(node: Node): Promise<Node> {
    return await this.#put(nodes, node, this.nodes);
  }

  /** Stores a pod, and lets its cache catch up. */
  async putPod(pod: Pod): Promise<Pod> {
    return await this.#put(pods, pod, this.pods);
  }

  /** The object as the server has it; `undefined` when there is none. */
  async find<T extends KubernetesObject>(
    type: ResourceType<T>,
    name: string,
    namespace?: string,
  ): Promise<T | undefined> {
    try {
      return await this.kube.get(type, { name, namespace });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** The claim as the server has it. @throws KubeError 404 */
  async claim(name: string): Promise<GPUNodeClaim> {
    return await this.kube.get(nodeClaims, { name });
  }

  /** Calls `action` before the next request that matches is applied; it may answer in its place. */
  onceBefore(
    matches: (request: SeenRequest) => boolean,
    action: () => Response | typeof cut | void | Promise<Response | typeof cut | void>,
  ): void {
    const remove = this.server.addHook({
      before: (request) => {
        if (!matches(request)) return undefined;
        remove();
        return action();
      },
    });
  }

  /** Calls `action` after the next request that matches was applied; it may replace the answer. */
  onceAfter(
    matches: (request: SeenRequest) => boolean,
    action: () => Response | typeof cut | void | Promise<Response | typeof cut | void>,
  ): void {
    const remove = this.server.addHook({
      after: (request) => {
        if (!matches(request)) return undefined;
        remove();
        return action();
      },
    });
  }

  /** Reasons of the notes so far. */
  get reasons(): readonly string[] {
    return this.notes.map(({ reason }) => reason);
  }

  [Symbol.dispose](): void {
    this.server.close();
    this.kube.close();
  }

  async #put<T extends KubernetesObject>(
    type: ResourceType<T>,
    object: KubernetesObject & { readonly status?: unknown },
    cache: LaggingReader<T>,
  ): Promise<T> {
    const { resourceVersion: _version, generation: _generation, uid: _uid, ...metadata } =
      object.metadata;
    const { deletionTimestamp, ...kept } = metadata;
    const { name, namespace } = metadata;
    let stored = await this.kube.create(type, { ...object, metadata: kept });
    if (object.status !== undefined) {
      stored = await this.kube.patch(type, { name, namespace }, { status: object.status }, {
        subresource: "status",
      });
    }
    if (deletionTimestamp !== undefined) {
      await this.kube.delete(type, { name, namespace });
      stored = await this.kube.get(type, { name, namespace });
    }
    await cache.refresh();
    return stored;
  }
}

/** Whether a request is a write of that verb to a resource, `plural` or `plural/subresource`. */
export function isWrite(verb: string, resource: string): (request: SeenRequest) => boolean {
  return ({ info }) => {
    if (info.kind !== "resource" || info.verb !== verb) return false;
    const subresource = info.subresource ? `/${info.subresource}` : "";
    return `${info.plural}${subresource}` === resource;
  };
}
