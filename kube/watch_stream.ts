/**
 * One watch connection.
 *
 * @module
 */

import type { Clock } from "../runtime/clock.ts";
import { forwardAbort } from "../runtime/forward_abort.ts";
import type { Random } from "../runtime/random.ts";
import type { KubernetesObject } from "../schemas/kubernetes.ts";
import { parseJson, parseObject, parseStatus, toKubeError } from "./answer.ts";
import {
  KubeAnswerError,
  KubeConnectionError,
  KubeTimeoutError,
  toMessage,
  WatchSilenceError,
} from "./errors.ts";
import { isMapping } from "./fields.ts";
import { KubeError, type WatchEvent, type WatchOptions } from "./kube.ts";
import { readLiveChunks } from "./live_chunks.ts";
import type { Requester } from "./requester.ts";
import { toPath } from "./resource_path.ts";
import type { ResourceType } from "./resource.ts";
import { readLines } from "./text_lines.ts";
import type { KubeTransport } from "./transport.ts";

/** What {@linkcode watchStream} needs. */
export interface WatchDeps {
  readonly requester: Requester;
  readonly transport: KubeTransport;
  readonly clock: Clock;
  readonly random: Random;
  /** Silence, in milliseconds, after which a connection counts as dead. */
  readonly idleLimitMs: number;
}

/**
 * How long the server shall keep a watch, in seconds, plus up to as much again: client-go's numbers are
 * 300 and up, so that the watches of many clients do not all end together.
 */
const watchSeconds = 300;

/** See {@linkcode Kube.watch}. */
export async function* watchStream<T extends KubernetesObject>(
  deps: WatchDeps,
  type: ResourceType<T>,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<T>> {
  const { namespace, labelSelector, fieldSelector, resourceVersion } = options;
  const path = toPath(type, { namespace }, {
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion,
    timeoutSeconds: Math.round(watchSeconds * (1 + deps.random.next())),
    labelSelector,
    fieldSelector,
  });
  const asked = `watch of ${toPath(type, { namespace })}`;
  const connection = new AbortController();
  const unlink = forwardAbort(options.signal, connection);
  const silence = {
    limitMs: deps.idleLimitMs,
    onReached: () => {
      deps.transport.dropConnections();
      connection.abort(
        new WatchSilenceError(`The ${asked} was silent for ${deps.idleLimitMs / 1000} s`),
      );
    },
  };
  try {
    const body = await deps.requester.stream({ method: "GET", path }, connection.signal);
    const chunks = readLiveChunks(body, connection.signal, deps.clock, silence);
    for await (const line of readLines(chunks)) yield parseEvent(type, line, asked);
  } catch (error) {
    throw isOurs(error) || connection.signal.aborted ? error : new KubeConnectionError(
      `The ${asked} broke off: ${toMessage(error)}`,
      { cause: error },
    );
  } finally {
    unlink();
    connection.abort();
  }
}

function parseEvent<T extends KubernetesObject>(
  type: ResourceType<T>,
  line: string,
  asked: string,
): WatchEvent<T> {
  const event = parseJson(line, asked);
  const { type: kind, object } = isMapping(event) ? event : {};
  switch (kind) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
      return { type: kind, object: parseObject(type, object, asked) };
    case "BOOKMARK":
      return { type: kind, resourceVersion: parseResourceVersion(object, asked) };
    case "ERROR":
      throw toKubeError({
        asked,
        status: parseStatus(object)?.code ?? 500,
        text: JSON.stringify(object) ?? "",
      });
    default:
      throw new KubeAnswerError(`Cannot read the ${asked}: event of type "${String(kind)}"`);
  }
}

function parseResourceVersion(object: unknown, asked: string): string {
  const metadata = isMapping(object) ? object.metadata : undefined;
  const version = isMapping(metadata) ? metadata.resourceVersion : undefined;
  if (typeof version === "string" && version) return version;
  throw new KubeAnswerError(`Cannot read the ${asked}: bookmark without resourceVersion`);
}

function isOurs(error: unknown): boolean {
  return [KubeError, KubeAnswerError, KubeConnectionError, KubeTimeoutError].some((kind) =>
    error instanceof kind
  );
}
