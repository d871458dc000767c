/**
 * Columns of Events.
 *
 * Follows `printEvent` in k8s.io/kubernetes `pkg/printers/internalversion/printers.go`, v1.36.0.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { asNumber, asString, getIn } from "../json.ts";
import type { Column } from "./column.ts";
import { nameColumn, textColumn } from "./common_columns.ts";
import { toAge } from "./human_duration.ts";

function firstSeen(event: ApiObject, nowMs: number): string {
  return toAge(event.firstTimestamp ?? event.eventTime, nowMs);
}

function lastSeen(event: ApiObject, nowMs: number): string {
  const observed = getIn(event, "series", "lastObservedTime");
  if (observed !== undefined) return toAge(observed, nowMs);
  return typeof event.lastTimestamp === "string"
    ? toAge(event.lastTimestamp, nowMs)
    : firstSeen(event, nowMs);
}

function objectOf(event: ApiObject): string {
  const kind = asString(getIn(event, "involvedObject", "kind")) ?? "";
  const name = asString(getIn(event, "involvedObject", "name")) ?? "";
  return name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase();
}

function sourceOf(event: ApiObject): string {
  const component = asString(getIn(event, "source", "component")) ||
    asString(event.reportingComponent) || "";
  const host = asString(getIn(event, "source", "host")) ?? "";
  return host ? `${component}, ${host}` : component;
}

/** See the module. */
export const eventColumns: readonly Column[] = [
  { name: "Last Seen", type: "string", cell: lastSeen },
  textColumn("Type", ["type"]),
  textColumn("Reason", ["reason"]),
  { name: "Object", type: "string", cell: objectOf },
  textColumn("Subobject", ["involvedObject", "fieldPath"], { priority: 1 }),
  { name: "Source", type: "string", priority: 1, cell: sourceOf },
  {
    name: "Message",
    type: "string",
    cell: (event) => (asString(event.message) ?? "").trim(),
  },
  { name: "First Seen", type: "string", priority: 1, cell: firstSeen },
  {
    name: "Count",
    type: "string",
    priority: 1,
    cell: (event) =>
      String(asNumber(getIn(event, "series", "count")) ?? asNumber(event.count) ?? 1),
  },
  { ...nameColumn, priority: 1 },
];
