/**
 * Columns of Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs and Services.
 *
 * Follows k8s.io/kubernetes `pkg/printers/internalversion/printers.go`, v1.36.0.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { asArray, asNumber, asObject, asString, getIn } from "../json.ts";
import type { Column } from "./column.ts";
import {
  ageColumn,
  containerColumns,
  nameColumn,
  numberColumn,
  textColumn,
  toLabelText,
  toSelectorText,
} from "./common_columns.ts";
import { toHumanDuration } from "./human_duration.ts";

const templateContainers = ["spec", "template", "spec", "containers"];

const selectorColumn: Column = {
  name: "Selector",
  type: "string",
  priority: 1,
  cell: (object) => toSelectorText(getIn(object, "spec", "selector")),
};

function replicas(object: ApiObject): string {
  return `${asNumber(getIn(object, "status", "readyReplicas")) ?? 0}/${
    asNumber(getIn(object, "spec", "replicas")) ?? 0
  }`;
}

/** A number that the real server announces as text. */
function countText(name: string, path: readonly string[]): Column {
  return textColumn(name, path, { fallback: "0" });
}

/** `apps/v1` Deployments. */
export const deploymentColumns: readonly Column[] = [
  nameColumn,
  { name: "Ready", type: "string", cell: replicas },
  countText("Up-to-date", ["status", "updatedReplicas"]),
  countText("Available", ["status", "availableReplicas"]),
  ageColumn,
  ...containerColumns(templateContainers),
  selectorColumn,
];

/** `apps/v1` ReplicaSets. */
export const replicaSetColumns: readonly Column[] = [
  nameColumn,
  numberColumn("Desired", ["spec", "replicas"]),
  numberColumn("Current", ["status", "replicas"]),
  numberColumn("Ready", ["status", "readyReplicas"]),
  ageColumn,
  ...containerColumns(templateContainers),
  selectorColumn,
];

/** `apps/v1` StatefulSets. */
export const statefulSetColumns: readonly Column[] = [
  nameColumn,
  { name: "Ready", type: "string", cell: replicas },
  ageColumn,
  ...containerColumns(templateContainers),
];

/** `apps/v1` DaemonSets. */
export const daemonSetColumns: readonly Column[] = [
  nameColumn,
  numberColumn("Desired", ["status", "desiredNumberScheduled"]),
  numberColumn("Current", ["status", "currentNumberScheduled"]),
  numberColumn("Ready", ["status", "numberReady"]),
  numberColumn("Up-to-date", ["status", "updatedNumberScheduled"]),
  numberColumn("Available", ["status", "numberAvailable"]),
  {
    name: "Node Selector",
    type: "string",
    cell: (object) => toLabelText(getIn(object, "spec", "template", "spec", "nodeSelector")),
  },
  ageColumn,
  ...containerColumns(templateContainers),
  selectorColumn,
];

function jobStatus(job: ApiObject): string {
  const conditions = asArray(getIn(job, "status", "conditions")).map(asObject);
  const holds = (type: string) =>
    conditions.some((one) => one.type === type && one.status === "True");
  if (holds("Complete")) return "Complete";
  if (holds("Failed")) return "Failed";
  if (job.metadata.deletionTimestamp) return "Terminating";
  if (holds("Suspended")) return "Suspended";
  return "Running";
}

function jobDuration(job: ApiObject, nowMs: number): string {
  const startMs = Date.parse(asString(getIn(job, "status", "startTime")) ?? "");
  const endMs = Date.parse(asString(getIn(job, "status", "completionTime")) ?? "");
  if (Number.isNaN(startMs)) return "";
  return toHumanDuration((Number.isNaN(endMs) ? nowMs : endMs) - startMs);
}

/** `batch/v1` Jobs. */
export const jobColumns: readonly Column[] = [
  nameColumn,
  { name: "Status", type: "string", cell: jobStatus },
  {
    name: "Completions",
    type: "string",
    cell: (job) =>
      `${asNumber(getIn(job, "status", "succeeded")) ?? 0}/${
        asNumber(getIn(job, "spec", "completions")) ?? 1
      }`,
  },
  { name: "Duration", type: "string", cell: jobDuration },
  ageColumn,
  ...containerColumns(templateContainers),
  selectorColumn,
];

function servicePorts(service: ApiObject): string {
  const ports = asArray(getIn(service, "spec", "ports")).map(asObject).map((port) => {
    const node = asNumber(port.nodePort) ?? 0;
    return `${port.port}${node > 0 ? `:${node}` : ""}/${asString(port.protocol) ?? "TCP"}`;
  });
  return ports.length > 0 ? ports.join(",") : "<none>";
}

/** Core Services. */
export const serviceColumns: readonly Column[] = [
  nameColumn,
  textColumn("Type", ["spec", "type"]),
  textColumn("Cluster-IP", ["spec", "clusterIP"], { fallback: "<none>" }),
  {
    name: "External-IP",
    type: "string",
    cell: (service) => asArray(getIn(service, "spec", "externalIPs")).join(",") || "<none>",
  },
  { name: "Port(s)", type: "string", cell: servicePorts },
  ageColumn,
  {
    name: "Selector",
    type: "string",
    priority: 1,
    cell: (service) => toLabelText(getIn(service, "spec", "selector")),
  },
];
