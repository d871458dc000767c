/**
 * Watches: streams of events from a revision on.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { expired, invalid } from "../api_error.ts";
import type { Core, ResourceCall } from "../core.ts";
import type { JsonObject } from "../json.ts";
import { isTrue } from "../request_info.ts";
import { apiVersionOf } from "../resources/resource_definition.ts";
import type { Change } from "../storage/store.ts";
import { parseRevision } from "./list.ts";
import type { Presentation } from "./present.ts";
import { parseSelection } from "./selection.ts";
import type { Selector } from "./selectors.ts";

/** How often idle watches say how far they are; the real server says about once a minute. */
const bookmarkIntervalMs = 60_000;

/** A watch without `timeoutSeconds` ends after 30 to 60 minutes (`--min-request-timeout`). */
const shortestWatchMs = 1_800_000;

/** Events that may wait for a client before it is cut off as too slow. */
const longestBacklog = 100_000;

/** One stream: what it was asked, and where its lines go. */
interface Stream {
  readonly send: (line: string) => void;
  readonly end: () => void;
}

/** Starts a watch. @throws {ApiError} for parameters that make no sense. */
export function startWatch(core: Core, call: ResourceCall, show: Presentation): Response {
  const plan = planWatch(core, call);
  const over = new AbortController();
  const stop = () => over.abort();
  const encoder = new TextEncoder();
  let unsubscribe = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const stream: Stream = {
        send(line) {
          if (over.signal.aborted) return;
          controller.enqueue(encoder.encode(`${line}\n`));
          if ((controller.desiredSize ?? 0) < -longestBacklog) stream.end();
        },
        end() {
          if (over.signal.aborted) return;
          over.abort();
          controller.close();
        },
      };
      over.signal.addEventListener("abort", () => unsubscribe(), { once: true });
      for (const signal of [call.request.signal, core.closed]) {
        if (signal.aborted) return stream.end();
        signal.addEventListener("abort", stream.end, { signal: over.signal });
      }
      unsubscribe = run(core, call, show, { plan, stream });
      keepTime(core, call, show, { stream, signal: over.signal });
    },
    cancel: stop,
  }, { highWaterMark: 0 });
  return new Response(body, { headers: { "Content-Type": "application/json" } });
}

/** Where a watch starts. */
interface Plan {
  readonly matches: Selector;
  /** Whether it begins with what is there now. */
  readonly initial: boolean;
  /** Whether a bookmark says when that was all. */
  readonly marksInitial: boolean;
  /** Events after this revision follow. */
  readonly from: number;
}

function planWatch(core: Core, call: ResourceCall): Plan {
  const { query } = call.info;
  const { matches } = parseSelection(call);
  const asked = parseRevision(query.get("resourceVersion"));
  const wantsInitial = query.get("sendInitialEvents");
  if (wantsInitial !== null && query.get("resourceVersionMatch") !== "NotOlderThan") {
    throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", [{
      reason: "FieldValueForbidden",
      field: "resourceVersionMatch",
      message: "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    }]);
  }
  const initial = wantsInitial === null ? asked === 0 : isTrue(wantsInitial);
  const bookmarks = isTrue(query.get("allowWatchBookmarks"));
  return {
    matches,
    initial,
    marksInitial: initial && wantsInitial !== null && bookmarks,
    from: initial || asked === 0 ? core.store.revision : asked,
  };
}

/** Sends the past, then follows the present. @returns How to stop. */
function run(
  core: Core,
  call: ResourceCall,
  show: Presentation,
  { plan, stream }: { readonly plan: Plan; readonly stream: Stream },
): () => void {
  const { store } = core;
  const { storageKey } = call.definition;
  const send = (type: string, object: string) =>
    stream.send(`{"type":"${type}","object":${object}}`);
  if (plan.from < store.compactedRevision) {
    const gone = expired(`too old resource version: ${plan.from} (${store.compactedRevision})`);
    send("ERROR", JSON.stringify(gone.toStatus()));
    stream.end();
    return () => {};
  }
  if (plan.initial) {
    for (const object of store.list(storageKey)) {
      if (plan.matches(object)) send("ADDED", show.event(object));
    }
  }
  if (plan.marksInitial) {
    send("BOOKMARK", show.event(toBookmark(core, call, { "k8s.io/initial-events-end": "true" })));
  }
  const deliver = (change: Change) => {
    const event = toEvent(change, plan.matches);
    if (event) send(event.type, show.event(event.object));
  };
  for (const change of store.changesSince(storageKey, plan.from)) deliver(change);
  return store.subscribe((change) => {
    if (change.storageKey === storageKey && change.revision > plan.from) deliver(change);
  });
}

/** A change as a watcher with a selector sees it: objects enter and leave the selection. */
function toEvent(
  change: Change,
  matches: Selector,
): { readonly type: Change["type"]; readonly object: ApiObject } | undefined {
  const { object, previous } = change;
  const was = previous !== undefined && matches(previous);
  if (change.type === "DELETED") return was ? { type: "DELETED", object } : undefined;
  const is = matches(object);
  if (is) return { type: was ? "MODIFIED" : "ADDED", object };
  if (!was) return undefined;
  // It left the selection: its last selected state, at the revision that took it out.
  const { resourceVersion = "" } = object.metadata;
  return {
    type: "DELETED",
    object: { ...previous, metadata: { ...previous.metadata, resourceVersion } },
  };
}

function toBookmark(
  core: Core,
  call: ResourceCall,
  annotations?: Readonly<Record<string, string>>,
): ApiObject {
  const metadata: JsonObject = {
    resourceVersion: String(core.store.revision),
    creationTimestamp: null,
    ...(annotations ? { annotations } : {}),
  };
  // A bookmark has no name; it is no stored object.
  return {
    kind: call.definition.kind,
    apiVersion: apiVersionOf(call.definition),
    metadata: metadata as ApiObject["metadata"],
  };
}

/** Bookmarks while nothing happens, and the end when time is up. Runs until the watch is over. */
async function keepTime(
  core: Core,
  call: ResourceCall,
  show: Presentation,
  { stream, signal }: { readonly stream: Stream; readonly signal: AbortSignal },
): Promise<void> {
  const { clock } = core;
  const seconds = Number(call.info.query.get("timeoutSeconds") ?? 0);
  const endMs = clock.now() +
    (seconds > 0 ? seconds * 1000 : shortestWatchMs * (1 + core.random.next()));
  const bookmarks = isTrue(call.info.query.get("allowWatchBookmarks"));
  try {
    while (!signal.aborted) {
      const leftMs = endMs - clock.now();
      if (leftMs <= 0) return stream.end();
      await clock.sleep(bookmarks ? Math.min(leftMs, bookmarkIntervalMs) : leftMs, signal);
      if (bookmarks && clock.now() < endMs) {
        stream.send(`{"type":"BOOKMARK","object":${show.event(toBookmark(core, call))}}`);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
