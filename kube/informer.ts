/**
 * A local copy of one kind of object, kept current by a watch.
 *
 * ```
 *            ┌──────────── 410: the version is too old ────────────┐
 *            ▼                                                     │
 *          list ──► store, changes ──► watch from the list's version ──► events ──► store, changes
 *                                        ▲                               │
 *                                        └── ended, broke, silent ◄──────┘
 * ```
 *
 * **Guarantees.** The copy catches up with the cluster after every kind of interruption. Every
 * difference between two views is told to every listener, combined per object if the listener is slow.
 * Requests start at least a second apart, whatever the server does.
 *
 * **Caveats.** The copy lags behind. An object that does not parse keeps its last readable state, or
 * stays unknown. Objects are shared by everybody who reads them: never change one.
 *
 * @module
 */

import { type BackoffOptions, computeBackoffMs } from "../runtime/backoff.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Random } from "../runtime/random.ts";
import type { KubernetesObject } from "../schemas/kubernetes.ts";
import type { Change } from "./change.ts";
import { type ChangeFeed, type ChangeListener, createChangeFeed } from "./change_feed.ts";
import { orAbort } from "./deadline.ts";
import { toMessage, WatchSilenceError } from "./errors.ts";
import { type Kube, KubeError } from "./kube.ts";
import { createObjectStore } from "./object_store.ts";
import type { ResourceType } from "./resource.ts";
import { toLenientType } from "./unreadable_object.ts";

/** What {@linkcode createInformer} needs. */
export interface InformerDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Which objects, and how fast to try again. */
export interface InformerOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Between failures. @default {informerDefaults.backoff} */
  readonly backoff?: BackoffOptions | undefined;
}

/** Defaults of an informer. */
export const informerDefaults = Object.freeze({
  /** client-go's reflector, read 2026-11: 0.8 s to 30 s. */
  backoff: Object.freeze({ initialMs: 800, maxMs: 30_000 }),
  /** Milliseconds between the starts of two rounds: some servers end every watch at once. */
  minRoundMs: 1_000,
});

/** See the module. */
export interface Informer<T extends KubernetesObject> {
  /** Keeps the copy current until `signal` aborts; then resolves. Call once. */
  run(signal: AbortSignal): Promise<void>;
  /** @param key What `toKey` gives. */
  get(key: string): T | undefined;
  list(): readonly T[];
  /** Whether the copy has been complete once. */
  hasSynced(): boolean;
  /** @throws The signal's reason, if it aborts first. */
  whenSynced(signal?: AbortSignal): Promise<void>;
  /**
   * Tells a listener of everything in the copy now, as `ADDED`, and of every change from now on.
   *
   * @returns Ends it.
   */
  onChange(listener: ChangeListener<T>): () => void;
}

/** Creates an informer; it does nothing until it runs. */
export function createInformer<T extends KubernetesObject>(
  deps: InformerDeps,
  type: ResourceType<T>,
  options: InformerOptions = {},
): Informer<T> {
  const log = deps.log.with({ resource: type.plural });
  const labels = { resource: type.plural };
  const feeds = new Set<ChangeFeed<T>>();
  const store = createObjectStore<T>({
    onChange: (change: Change<T>) => feeds.forEach((feed) => feed.push(change)),
    onUnreadable: (key, error) => {
      deps.metrics.count("tgp_kube_unreadable_objects_total", labels);
      log.warn("Skipping an object that cannot be read", { key, error: toMessage(error) });
    },
  });
  const lenient = toLenientType(type);
  const synced = Promise.withResolvers<void>();
  let hasSynced = false;
  /** Where the next watch starts; `undefined`: list first. */
  let resourceVersion: string | undefined;

  const relist = async (signal: AbortSignal) => {
    deps.metrics.count("tgp_kube_lists_total", labels);
    const list = await deps.kube.list(lenient, { ...options, signal });
    store.replaceAll(list.items);
    resourceVersion = list.metadata.resourceVersion;
    hasSynced = true;
    synced.resolve();
  };
  const follow = async (version: string, signal: AbortSignal, onProgress: () => void) => {
    const watch = { ...options, resourceVersion: version, signal };
    for await (const event of deps.kube.watch(lenient, watch)) {
      onProgress();
      if (event.type === "BOOKMARK") {
        resourceVersion = event.resourceVersion;
        continue;
      }
      if (event.type === "DELETED") store.remove(event.object);
      else store.put(event.object);
      resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion;
    }
  };
  const round = async (signal: AbortSignal, onProgress: () => void) => {
    if (resourceVersion === undefined) await relist(signal);
    if (resourceVersion !== undefined) await follow(resourceVersion, signal, onProgress);
  };

  return {
    async run(signal) {
      let failures = 0;
      while (!signal.aborted) {
        const startedMs = deps.clock.now();
        let delayMs = 0;
        try {
          await round(signal, () => failures = 0);
          failures = 0;
        } catch (error) {
          if (signal.aborted) return;
          if (isExpired(error)) resourceVersion = undefined;
          // Perhaps only a quiet cluster. If the server is gone, connecting to it again will tell.
          if (error instanceof WatchSilenceError) log.debug("Watch silent, starting another");
          else {
            failures++;
            delayMs = computeDelayMs(deps, options, failures, error);
            deps.metrics.count("tgp_kube_watch_failures_total", labels);
            log.warn("Watch interrupted", { error: toMessage(error), failures, delayMs });
          }
        }
        // Not negative, should the clock have been set back.
        const tookMs = Math.max(0, deps.clock.now() - startedMs);
        const pauseMs = Math.max(delayMs, informerDefaults.minRoundMs - tookMs, 0);
        // Only the signal can make this throw, and then the loop ends.
        await deps.clock.sleep(pauseMs, signal).catch(() => {});
      }
    },
    get: store.get,
    list: store.list,
    hasSynced: () => hasSynced,
    whenSynced: (signal) => signal ? orAbort(synced.promise, signal) : synced.promise,
    onChange(listener) {
      const feed = createChangeFeed(listener, (error) => {
        log.error("A change listener failed", { error: toMessage(error) });
      });
      for (const [key, object] of store.entries()) feed.push({ type: "ADDED", key, object });
      feeds.add(feed);
      return () => {
        feeds.delete(feed);
        feed.close();
      };
    },
  };
}

function isExpired(error: unknown): boolean {
  return error instanceof KubeError &&
    (error.code === 410 || error.reason === "Expired" || error.reason === "Gone");
}

function computeDelayMs(
  deps: InformerDeps,
  options: InformerOptions,
  failures: number,
  error: unknown,
): number {
  const backoffMs = computeBackoffMs(
    options.backoff ?? informerDefaults.backoff,
    failures,
    deps.random,
  );
  const asked = error instanceof KubeError ? error.status?.details?.retryAfterSeconds ?? 0 : 0;
  return Math.max(backoffMs, asked * 1_000);
}
