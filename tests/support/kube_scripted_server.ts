/**
 * A server of ConfigMaps for informers: lists what it holds, leaves watches to the test.
 *
 * @module
 */

import { createInformer, type Informer, type InformerOptions } from "../../kube/informer.ts";
import type { Change } from "../../kube/change.ts";
import { configMaps, type ResourceType } from "../../kube/resource.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import type { ConfigMap } from "../../schemas/kubernetes.ts";
import type { FakeClock } from "./fake_clock.ts";
import { configMap, createScriptedKube, list, ScriptedWatch, status } from "./kube_scripted.ts";
import { createRecordingLog, type RecordingLog } from "./kube_recording_log.ts";

/** See the module. */
export class ScriptedServer {
  /** Raw objects by name. */
  readonly objects = new Map<string, ReturnType<typeof configMap>>();
  resourceVersion = 10;
  /** The watches that clients have opened, latest last; the test writes and ends them. */
  readonly watches: ScriptedWatch[] = [];
  /** Versions the watches started from. */
  readonly watchedFrom: string[] = [];
  /** When requests came, in epoch milliseconds. */
  readonly askedAtMs: number[] = [];
  lists = 0;
  /** Answers the next requests instead. */
  readonly failures: (() => Response | Promise<Response>)[] = [];
  readonly log: RecordingLog = createRecordingLog();
  readonly clock: FakeClock;
  readonly informer: Informer<ConfigMap>;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: InformerOptions = {}, type: ResourceType<ConfigMap> = configMaps) {
    const { kube, clock } = createScriptedKube((request) => this.#answer(request));
    this.clock = clock;
    this.informer = createInformer(
      { kube, clock, random: createSeededRandom(1), log: this.log, metrics: silentMetrics },
      type,
      options,
    );
  }

  /** Everything that happened, for watches that start in the past. */
  #history: { readonly version: number; readonly type: string; readonly object: unknown }[] = [];
  /** Watches from before this version are refused. */
  #oldest = 0;

  /** Puts an object in and tells the latest watch. */
  put(name: string, more: object = {}): void {
    const known = this.objects.has(name);
    const object = configMap(name, String(++this.resourceVersion), more);
    this.objects.set(name, object);
    this.#tell(known ? "MODIFIED" : "ADDED", object);
  }

  /** Removes an object and tells the latest watch. */
  remove(name: string): void {
    const object = this.objects.get(name);
    if (!object) return;
    this.objects.delete(name);
    const { metadata } = object;
    const resourceVersion = String(++this.resourceVersion);
    this.#tell("DELETED", { ...object, metadata: { ...metadata, resourceVersion } });
  }

  /** Forgets what happened so far. */
  compact(): void {
    this.#history = [];
    this.#oldest = this.resourceVersion;
  }

  #tell(type: string, object: unknown): void {
    this.#history.push({ version: this.resourceVersion, type, object });
    this.watches.at(-1)?.send(type, object);
  }

  get watch(): ScriptedWatch {
    const watch = this.watches.at(-1);
    if (!watch) throw new Error("nobody watches");
    return watch;
  }

  /** Runs the informer until it is disposed of; resolves when it has nothing to do. */
  async start(): Promise<void> {
    this.#running = this.informer.run(this.#stop.signal);
    await this.clock.settle();
  }

  /** What a listener hears, in words. */
  listen(): string[] {
    const heard: string[] = [];
    this.informer.onChange((change) => void heard.push(toWords(change)));
    return heard;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("the test is over"));
    await this.#running;
  }

  #answer(request: Request): Response | Promise<Response> {
    this.askedAtMs.push(this.clock.now());
    const failure = this.failures.shift();
    if (failure) return failure();
    const search = new URL(request.url).searchParams;
    if (!search.has("watch")) {
      this.lists++;
      return list([...this.objects.values()], String(this.resourceVersion));
    }
    const from = search.get("resourceVersion") ?? "";
    this.watchedFrom.push(from);
    if (Number(from) < this.#oldest) return expired();
    const watch = new ScriptedWatch();
    this.watches.push(watch);
    for (const { version, type, object } of this.#history) {
      if (version > Number(from)) watch.send(type, object);
    }
    return watch.response;
  }
}

/** `MODIFIED ns/a 3→4`. */
export function toWords(change: Change<ConfigMap>): string {
  const versions = [change.old, change.object].map((object) => object?.metadata.resourceVersion);
  return `${change.type} ${change.key} ${versions.filter((v) => v !== undefined).join("→")}`;
}

/** The answer to a version that is too old. */
export const expired = (): Response => status(410, "Expired");
