/**
 * Kubernetes Events: what a user sees under `kubectl describe`.
 *
 * @module
 */

import type { Event, KubernetesObject } from "../schemas/kubernetes.ts";
import { events, toApiVersion } from "./resource.ts";

/** Which object something happened to. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly uid?: string | undefined;
}

/** What happened to an object. */
export interface EventNote {
  readonly object: ObjectReference;
  readonly type: "Normal" | "Warning";
  /** UpperCamelCase, for machines. */
  readonly reason: string;
  /** For people; cut to 1,024 characters. Must not hold credentials. */
  readonly message: string;
}

/** Where what happened is told. */
export interface Recorder {
  /** Tells it some time soon, perhaps together with earlier notes like it. Never throws or waits. */
  record(note: EventNote): void;
}

/** Who tells it. */
export interface EventSource {
  /** For example `tgp-controller`. */
  readonly component: string;
  /** The process, such as its Pod's name. */
  readonly instance: string;
}

/** A note's Event and how often it has happened. */
export interface EventOccurrences {
  readonly note: EventNote;
  /** The Event's own name; see {@linkcode toEventName}. */
  readonly name: string;
  readonly count: number;
  /** Epoch milliseconds. */
  readonly firstMs: number;
  /** Epoch milliseconds. */
  readonly lastMs: number;
}

/** Longest message, in characters: the limit of the events API for new Events, read 2026-11. */
const maxMessageLength = 1_024;

/** Longest name of any object. */
const maxNameLength = 253;

/** The reference that stands for an object in an Event. */
export function toObjectReference(
  { apiVersion, kind, metadata }: KubernetesObject,
): ObjectReference {
  const { name, namespace, uid } = metadata;
  return { apiVersion, kind, name, namespace, uid };
}

/** Where a note's Event lives: beside its object, or in `default` for cluster-scoped objects. */
export function toEventNamespace(note: EventNote): string {
  return note.object.namespace ?? "default";
}

/** @param suffix What makes it unique. */
export function toEventName(note: EventNote, suffix: string): string {
  return `${note.object.name.slice(0, maxNameLength - suffix.length - 1)}.${suffix}`;
}

/** The Event for a note. */
export function toEvent(occurrences: EventOccurrences, source: EventSource): Event {
  const { note, name, count, firstMs, lastMs } = occurrences;
  return {
    apiVersion: toApiVersion(events),
    kind: events.kind,
    metadata: { name, namespace: toEventNamespace(note) },
    involvedObject: note.object,
    type: note.type,
    reason: note.reason,
    message: cut(note.message),
    count,
    firstTimestamp: toTime(firstMs),
    lastTimestamp: toTime(lastMs),
    source: { component: source.component },
    reportingComponent: source.component,
    reportingInstance: source.instance,
  };
}

/** The merge patch that makes an Event count more occurrences. */
export function toEventPatch({ count, lastMs }: EventOccurrences): unknown {
  return { count, lastTimestamp: toTime(lastMs) };
}

function cut(message: string): string {
  return message.length <= maxMessageLength
    ? message
    : `${message.slice(0, maxMessageLength - 1)}…`;
}

/** `Time` of Kubernetes: whole seconds. */
function toTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, "Z");
}
