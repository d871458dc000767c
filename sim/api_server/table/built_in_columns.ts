/**
 * Which columns each built-in resource has.
 *
 * Follows k8s.io/kubernetes `pkg/printers/internalversion/printers.go`, v1.36.0.
 *
 * @module
 */

import { asArray, asNumber, asObject, asString, getIn } from "../json.ts";
import type { ApiObject } from "../api_object.ts";
import type { Column } from "./column.ts";
import { ageColumn, countColumn, nameColumn, textColumn } from "./common_columns.ts";
import { eventColumns } from "./event_columns.ts";
import { toHumanDuration } from "./human_duration.ts";
import { nodeColumns } from "./node_columns.ts";
import { podColumns } from "./pod_columns.ts";
import {
  daemonSetColumns,
  deploymentColumns,
  jobColumns,
  replicaSetColumns,
  serviceColumns,
  statefulSetColumns,
} from "./workload_columns.ts";

/** What kinds without columns of their own show. */
export const defaultColumns: readonly Column[] = [
  nameColumn,
  {
    name: "Created At",
    type: "date",
    cell: ({ metadata }) => metadata.creationTimestamp ?? "<unknown>",
  },
];

const nameAndAge: readonly Column[] = [nameColumn, ageColumn];

function csrCondition(csr: ApiObject): string {
  const types = asArray(getIn(csr, "status", "conditions")).map((one) => asObject(one).type);
  const texts = [
    types.includes("Approved") ? "Approved" : types.includes("Denied") ? "Denied" : "Pending",
  ];
  if (types.includes("Failed")) texts.push("Failed");
  if (getIn(csr, "status", "certificate")) texts.push("Issued");
  return texts.join(",");
}

const csrColumns: readonly Column[] = [
  nameColumn,
  ageColumn,
  textColumn("SignerName", ["spec", "signerName"]),
  textColumn("Requestor", ["spec", "username"]),
  {
    name: "RequestedDuration",
    type: "string",
    cell: (csr) => {
      const seconds = asNumber(getIn(csr, "spec", "expirationSeconds"));
      return seconds === undefined ? "<none>" : toHumanDuration(seconds * 1000);
    },
  },
  { name: "Condition", type: "string", cell: csrCondition },
];

const notAvailable = { fallback: "N/A" };

const pdbColumns: readonly Column[] = [
  nameColumn,
  textColumn("Min Available", ["spec", "minAvailable"], notAvailable),
  textColumn("Max Unavailable", ["spec", "maxUnavailable"], notAvailable),
  {
    name: "Allowed Disruptions",
    type: "integer",
    cell: (pdb) => getIn(pdb, "status", "disruptionsAllowed") ?? 0,
  },
  ageColumn,
];

function roleRef(binding: ApiObject): string {
  return `${asString(getIn(binding, "roleRef", "kind"))}/${
    asString(getIn(binding, "roleRef", "name"))
  }`;
}

const bindingColumns: readonly Column[] = [
  nameColumn,
  { name: "Role", type: "string", cell: roleRef },
  ageColumn,
];

const createdAtColumns: readonly Column[] = [
  nameColumn,
  {
    name: "Created At",
    type: "string",
    cell: ({ metadata }) => metadata.creationTimestamp ?? "<unknown>",
  },
];

const endpointsColumns: readonly Column[] = [
  nameColumn,
  countColumn("Endpoints", ["subsets"]),
  ageColumn,
];

const columnsByResource: Readonly<Record<string, readonly Column[]>> = {
  pods: podColumns,
  nodes: nodeColumns,
  events: eventColumns,
  namespaces: [nameColumn, textColumn("Status", ["status", "phase"]), ageColumn],
  secrets: [nameColumn, textColumn("Type", ["type"]), countColumn("Data", ["data"]), ageColumn],
  configmaps: [
    nameColumn,
    {
      name: "Data",
      type: "string",
      cell: ({ data, binaryData }) =>
        String(Object.keys(asObject(data)).length + Object.keys(asObject(binaryData)).length),
    },
    ageColumn,
  ],
  serviceaccounts: [nameColumn, countColumn("Secrets", ["secrets"]), ageColumn],
  services: serviceColumns,
  endpoints: endpointsColumns,
  "deployments.apps": deploymentColumns,
  "replicasets.apps": replicaSetColumns,
  "statefulsets.apps": statefulSetColumns,
  "daemonsets.apps": daemonSetColumns,
  "jobs.batch": jobColumns,
  "certificatesigningrequests.certificates.k8s.io": csrColumns,
  "leases.coordination.k8s.io": [
    nameColumn,
    textColumn("Holder", ["spec", "holderIdentity"]),
    ageColumn,
  ],
  "poddisruptionbudgets.policy": pdbColumns,
  "roles.rbac.authorization.k8s.io": createdAtColumns,
  "clusterroles.rbac.authorization.k8s.io": createdAtColumns,
  "rolebindings.rbac.authorization.k8s.io": bindingColumns,
  "clusterrolebindings.rbac.authorization.k8s.io": bindingColumns,
  "priorityclasses.scheduling.k8s.io": [
    nameColumn,
    { name: "Value", type: "integer", cell: (object) => object.value ?? 0 },
    { name: "Global-Default", type: "boolean", cell: (object) => object.globalDefault ?? false },
    ageColumn,
    textColumn("PreemptionPolicy", ["preemptionPolicy"]),
  ],
  "networkpolicies.networking.k8s.io": nameAndAge,
  "customresourcedefinitions.apiextensions.k8s.io": createdAtColumns,
  "validatingwebhookconfigurations.admissionregistration.k8s.io": [
    nameColumn,
    countColumn("Webhooks", ["webhooks"]),
    ageColumn,
  ],
  "mutatingwebhookconfigurations.admissionregistration.k8s.io": [
    nameColumn,
    countColumn("Webhooks", ["webhooks"]),
    ageColumn,
  ],
};

/** The columns of a built-in resource, named `plural` or `plural.group`. */
export function columnsOf(resource: string): readonly Column[] {
  return columnsByResource[resource] ?? defaultColumns;
}
