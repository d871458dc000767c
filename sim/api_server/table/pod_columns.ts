/**
 * Columns of Pods.
 *
 * Follows `printPod` in k8s.io/kubernetes `pkg/printers/internalversion/printers.go`, v1.36.0.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { asArray, asNumber, asObject, asString, getIn, type JsonObject } from "../json.ts";
import type { Column } from "./column.ts";
import { ageColumn, findBy, nameColumn, textColumn } from "./common_columns.ts";
import { toHumanDuration } from "./human_duration.ts";

interface Summary {
  readonly ready: string;
  readonly status: string;
  readonly restarts: string;
}

/** What ended a container, as the status column says it. */
function terminatedReason(terminated: JsonObject): string {
  const reason = asString(terminated.reason);
  if (reason) return reason;
  const signal = asNumber(terminated.signal) ?? 0;
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${asNumber(terminated.exitCode) ?? 0}`;
}

/** Why initialization has not finished, if it has not. */
function initReason(pod: ApiObject): string | undefined {
  const statuses = asArray(getIn(pod, "status", "initContainerStatuses")).map(asObject);
  const total = asArray(getIn(pod, "spec", "initContainers")).length;
  for (const [index, status] of statuses.entries()) {
    const state = asObject(status.state);
    const terminated = state.terminated ? asObject(state.terminated) : undefined;
    if (terminated && (asNumber(terminated.exitCode) ?? 0) === 0) continue;
    if (terminated) return `Init:${terminatedReason(terminated)}`;
    const waiting = asString(asObject(state.waiting).reason);
    if (waiting && waiting !== "PodInitializing") return `Init:${waiting}`;
    return `Init:${index}/${total}`;
  }
  return undefined;
}

/** What the containers' states say over the pod's phase. */
function containerReason(statuses: readonly JsonObject[]): string | undefined {
  let reason: string | undefined;
  let running = false;
  for (const status of statuses.toReversed()) {
    const state = asObject(status.state);
    const waiting = asString(asObject(state.waiting).reason);
    if (waiting) reason = waiting;
    else if (state.terminated) reason = terminatedReason(asObject(state.terminated));
    else if (status.ready === true && state.running) running = true;
  }
  return reason === "Completed" && running ? "Running" : reason;
}

function lastRestartMs(statuses: readonly JsonObject[]): number {
  const times = statuses.map((status) =>
    Date.parse(asString(getIn(status, "lastState", "terminated", "finishedAt")) ?? "")
  );
  return Math.max(0, ...times.filter((time) => !Number.isNaN(time)));
}

function summarize(pod: ApiObject, nowMs: number): Summary {
  const statuses = asArray(getIn(pod, "status", "containerStatuses")).map(asObject);
  const conditions = getIn(pod, "status", "conditions");
  const phase = asString(getIn(pod, "status", "phase")) ?? "";
  let status = asString(getIn(pod, "status", "reason")) || phase;
  if (asString(findBy(conditions, "type", "PodScheduled")?.reason) === "SchedulingGated") {
    status = "SchedulingGated";
  }
  const initializing = initReason(pod);
  status = initializing ?? containerReason(statuses) ?? status;
  if (pod.metadata.deletionTimestamp && getIn(pod, "status", "reason") === "NodeLost") {
    status = "Unknown";
  } else if (pod.metadata.deletionTimestamp && phase !== "Failed" && phase !== "Succeeded") {
    status = "Terminating";
  }
  const total = asArray(getIn(pod, "spec", "containers")).length;
  const ready = statuses.filter((one) => one.ready === true && asObject(one.state).running).length;
  const restarts = statuses.reduce((sum, one) => sum + (asNumber(one.restartCount) ?? 0), 0);
  const lastMs = lastRestartMs(statuses);
  const ago = restarts > 0 && lastMs > 0 ? ` (${toHumanDuration(nowMs - lastMs)} ago)` : "";
  return { ready: `${ready}/${total}`, status, restarts: `${restarts}${ago}` };
}

/** See the module. */
export const podColumns: readonly Column[] = [
  nameColumn,
  { name: "Ready", type: "string", cell: (pod, nowMs) => summarize(pod, nowMs).ready },
  { name: "Status", type: "string", cell: (pod, nowMs) => summarize(pod, nowMs).status },
  { name: "Restarts", type: "string", cell: (pod, nowMs) => summarize(pod, nowMs).restarts },
  ageColumn,
  textColumn("IP", ["status", "podIP"], { fallback: "<none>", priority: 1 }),
  textColumn("Node", ["spec", "nodeName"], { fallback: "<none>", priority: 1 }),
  textColumn("Nominated Node", ["status", "nominatedNodeName"], {
    fallback: "<none>",
    priority: 1,
  }),
  {
    name: "Readiness Gates",
    type: "string",
    priority: 1,
    cell: (pod) => {
      const gates = asArray(getIn(pod, "spec", "readinessGates")).map(asObject);
      if (gates.length === 0) return "<none>";
      const conditions = getIn(pod, "status", "conditions");
      const met = gates.filter((gate) =>
        findBy(conditions, "type", asString(gate.conditionType) ?? "")?.status === "True"
      );
      return `${met.length}/${gates.length}`;
    },
  },
];
