/**
 * Columns of Nodes.
 *
 * Follows `printNode` in k8s.io/kubernetes `pkg/printers/internalversion/printers.go`, v1.36.0.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { asString, getIn } from "../json.ts";
import type { Column } from "./column.ts";
import { ageColumn, findBy, nameColumn, textColumn } from "./common_columns.ts";

const rolePrefix = "node-role.kubernetes.io/";

function statusOf(node: ApiObject): string {
  const ready = findBy(getIn(node, "status", "conditions"), "type", "Ready");
  const texts = [ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady"];
  if (getIn(node, "spec", "unschedulable") === true) texts.push("SchedulingDisabled");
  return texts.join(",");
}

function rolesOf({ metadata }: ApiObject): string {
  const labels = metadata.labels ?? {};
  const roles = Object.keys(labels).filter((key) => key.startsWith(rolePrefix)).map((key) =>
    key.slice(rolePrefix.length)
  );
  const legacy = labels["kubernetes.io/role"];
  if (legacy) roles.push(legacy);
  const named = [...new Set(roles.filter((role) => role !== ""))].sort();
  return named.length > 0 ? named.join(",") : "<none>";
}

function addressColumn(name: string, type: string): Column {
  return {
    name,
    type: "string",
    priority: 1,
    cell: (node) =>
      asString(findBy(getIn(node, "status", "addresses"), "type", type)?.address) ?? "<none>",
  };
}

const wide = { fallback: "<unknown>", priority: 1 };

/** See the module. */
export const nodeColumns: readonly Column[] = [
  nameColumn,
  { name: "Status", type: "string", cell: statusOf },
  { name: "Roles", type: "string", cell: rolesOf },
  ageColumn,
  textColumn("Version", ["status", "nodeInfo", "kubeletVersion"]),
  addressColumn("Internal-IP", "InternalIP"),
  addressColumn("External-IP", "ExternalIP"),
  textColumn("OS-Image", ["status", "nodeInfo", "osImage"], wide),
  textColumn("Kernel-Version", ["status", "nodeInfo", "kernelVersion"], wide),
  textColumn("Container-Runtime", ["status", "nodeInfo", "containerRuntimeVersion"], wide),
];
