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
import {
  ageColumn,
  countColumn,
  nameColumn,
  textColumn,
  toSelectorText,
} from "./common_columns.ts";
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

/** The subjects of a kind that a binding names. */
function subjectsColumn(name: string, kind: string): Column {
  return {
    name,
    type: "string",
    priority: 1,
    cell: (binding) =>
      asArray(binding.subjects).map(asObject).filter((one) => one.kind === kind).map((one) =>
        kind === "ServiceAccount" ? `${one.namespace}/${one.name}` : one.name
      ).join(", "),
  };
}

const bindingColumns: readonly Column[] = [
  nameColumn,
  { name: "Role", type: "string", cell: roleRef },
  ageColumn,
  subjectsColumn("Users", "User"),
  subjectsColumn("Groups", "Group"),
  subjectsColumn("ServiceAccounts", "ServiceAccount"),
];

const endpointsColumns: readonly Column[] = [
  nameColumn,
  countColumn("Endpoints", ["subsets"]),
  ageColumn,
];

/** `used/hard` of a quota's resources. */
function quotaColumn(name: string, selects: (resource: string) => boolean): Column {
  return {
    name,
    type: "string",
    cell: (quota) =>
      Object.entries(asObject(getIn(quota, "status", "hard"))).filter(([key]) => selects(key))
        .map(([key, hard]) => `${key}: ${getIn(quota, "status", "used", key) ?? 0}/${hard}`)
        .sort().join(", "),
  };
}

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
  serviceaccounts: nameAndAge,
  resourcequotas: [
    nameColumn,
    quotaColumn("Request", (name) => !name.startsWith("limits")),
    quotaColumn("Limit", (name) => name.startsWith("limits")),
    ageColumn,
  ],
  "runtimeclasses.node.k8s.io": [nameColumn, textColumn("Handler", ["handler"]), ageColumn],
  "storageclasses.storage.k8s.io": [
    nameColumn,
    textColumn("Provisioner", ["provisioner"]),
    textColumn("ReclaimPolicy", ["reclaimPolicy"], { fallback: "Delete" }),
    textColumn("VolumeBindingMode", ["volumeBindingMode"], { fallback: "Immediate" }),
    textColumn("AllowVolumeExpansion", ["allowVolumeExpansion"], { fallback: "false" }),
    ageColumn,
  ],
  "csinodes.storage.k8s.io": [
    nameColumn,
    countColumn("Drivers", ["spec", "drivers"], "integer"),
    ageColumn,
  ],
  "endpointslices.discovery.k8s.io": [
    nameColumn,
    textColumn("AddressType", ["addressType"]),
    {
      name: "Ports",
      type: "string",
      cell: ({ ports }) =>
        asArray(ports).map((port) => String(asObject(port).port ?? "*")).join(",") || "<unset>",
    },
    {
      name: "Endpoints",
      type: "string",
      cell: ({ endpoints }) =>
        asArray(endpoints).flatMap((one) => asArray(asObject(one).addresses)).join(",") ||
        "<unset>",
    },
    ageColumn,
  ],
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
  "roles.rbac.authorization.k8s.io": defaultColumns,
  "clusterroles.rbac.authorization.k8s.io": defaultColumns,
  "rolebindings.rbac.authorization.k8s.io": bindingColumns,
  "clusterrolebindings.rbac.authorization.k8s.io": bindingColumns,
  "priorityclasses.scheduling.k8s.io": [
    nameColumn,
    { name: "Value", type: "integer", cell: (object) => object.value ?? 0 },
    { name: "Global-Default", type: "boolean", cell: (object) => object.globalDefault ?? false },
    ageColumn,
    textColumn("PreemptionPolicy", ["preemptionPolicy"]),
  ],
  "networkpolicies.networking.k8s.io": [
    nameColumn,
    {
      name: "Pod-Selector",
      type: "string",
      cell: (policy) => toSelectorText(getIn(policy, "spec", "podSelector")),
    },
    ageColumn,
  ],
  "customresourcedefinitions.apiextensions.k8s.io": defaultColumns,
  "validatingwebhookconfigurations.admissionregistration.k8s.io": [
    nameColumn,
    countColumn("Webhooks", ["webhooks"], "integer"),
    ageColumn,
  ],
  "validatingadmissionpolicies.admissionregistration.k8s.io": [
    nameColumn,
    countColumn("Validations", ["spec", "validations"], "integer"),
    {
      name: "ParamKind",
      type: "string",
      cell: (policy) => {
        const kind = getIn(policy, "spec", "paramKind");
        return kind ? `${getIn(kind, "apiVersion")}/${getIn(kind, "kind")}` : "<unset>";
      },
    },
    ageColumn,
  ],
  "mutatingwebhookconfigurations.admissionregistration.k8s.io": [
    nameColumn,
    countColumn("Webhooks", ["webhooks"], "integer"),
    ageColumn,
  ],
};

/** The columns of a built-in resource, named `plural` or `plural.group`. */
export function columnsOf(resource: string): readonly Column[] {
  return columnsByResource[resource] ?? defaultColumns;
}
