/**
 * The built-in resources that this server serves, as rows.
 *
 * Names, short names, categories and subresources follow `api/discovery/aggregated_v2.json` of
 * Kubernetes v1.36.0.
 *
 * @module
 */

/** One row: what discovery says of a built-in resource. */
export interface BuiltInResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Subresources with their own path. */
  readonly subresources: readonly string[];
  readonly tracksGeneration: boolean;
  readonly allowsUnconditionalUpdate: boolean;
  readonly createsOnUpdate: boolean;
}

type Options = Partial<Omit<BuiltInResource, "group" | "version" | "kind" | "plural">>;

function row(group: string, kind: string, plural: string, options: Options = {}): BuiltInResource {
  return {
    group,
    version: "v1",
    kind,
    plural,
    namespaced: true,
    shortNames: [],
    categories: [],
    subresources: [],
    tracksGeneration: false,
    allowsUnconditionalUpdate: true,
    createsOnUpdate: false,
    ...options,
  };
}

const cluster = { namespaced: false };
const workload: Options = {
  categories: ["all"],
  subresources: ["status"],
  tracksGeneration: true,
};

/** The rows, core group first. */
export const builtInResources: readonly BuiltInResource[] = [
  row("", "Namespace", "namespaces", {
    ...cluster,
    shortNames: ["ns"],
    subresources: ["status", "finalize"],
  }),
  row("", "Node", "nodes", { ...cluster, shortNames: ["no"], subresources: ["status"] }),
  row("", "Pod", "pods", {
    shortNames: ["po"],
    categories: ["all"],
    subresources: ["status", "binding", "eviction"],
    tracksGeneration: true,
  }),
  row("", "Event", "events", { shortNames: ["ev"], createsOnUpdate: true }),
  row("", "Secret", "secrets"),
  row("", "ConfigMap", "configmaps", { shortNames: ["cm"] }),
  row("", "ServiceAccount", "serviceaccounts", { shortNames: ["sa"] }),
  row("", "Service", "services", {
    shortNames: ["svc"],
    categories: ["all"],
    subresources: ["status"],
  }),
  row("", "Endpoints", "endpoints", { shortNames: ["ep"] }),
  row("", "LimitRange", "limitranges", { shortNames: ["limits"] }),
  row("", "ResourceQuota", "resourcequotas", { shortNames: ["quota"], subresources: ["status"] }),
  row("apps", "Deployment", "deployments", { ...workload, shortNames: ["deploy"] }),
  row("apps", "ReplicaSet", "replicasets", { ...workload, shortNames: ["rs"] }),
  row("apps", "StatefulSet", "statefulsets", { ...workload, shortNames: ["sts"] }),
  row("apps", "DaemonSet", "daemonsets", { ...workload, shortNames: ["ds"] }),
  row("batch", "Job", "jobs", workload),
  row("certificates.k8s.io", "CertificateSigningRequest", "certificatesigningrequests", {
    ...cluster,
    shortNames: ["csr"],
    subresources: ["status", "approval"],
  }),
  row("coordination.k8s.io", "Lease", "leases", {
    createsOnUpdate: true,
    allowsUnconditionalUpdate: false,
  }),
  row("policy", "PodDisruptionBudget", "poddisruptionbudgets", {
    shortNames: ["pdb"],
    subresources: ["status"],
    tracksGeneration: true,
    allowsUnconditionalUpdate: false,
  }),
  row("rbac.authorization.k8s.io", "Role", "roles"),
  row("rbac.authorization.k8s.io", "RoleBinding", "rolebindings"),
  row("rbac.authorization.k8s.io", "ClusterRole", "clusterroles", cluster),
  row("rbac.authorization.k8s.io", "ClusterRoleBinding", "clusterrolebindings", cluster),
  row("scheduling.k8s.io", "PriorityClass", "priorityclasses", {
    ...cluster,
    shortNames: ["pc"],
    tracksGeneration: true,
  }),
  row("node.k8s.io", "RuntimeClass", "runtimeclasses", cluster),
  row("storage.k8s.io", "StorageClass", "storageclasses", { ...cluster, shortNames: ["sc"] }),
  row("storage.k8s.io", "CSINode", "csinodes", cluster),
  row("networking.k8s.io", "NetworkPolicy", "networkpolicies", {
    shortNames: ["netpol"],
    tracksGeneration: true,
  }),
  row("discovery.k8s.io", "EndpointSlice", "endpointslices", { tracksGeneration: true }),
  row(
    "admissionregistration.k8s.io",
    "ValidatingWebhookConfiguration",
    "validatingwebhookconfigurations",
    {
      ...cluster,
      categories: ["api-extensions"],
      tracksGeneration: true,
    },
  ),
  row(
    "admissionregistration.k8s.io",
    "MutatingWebhookConfiguration",
    "mutatingwebhookconfigurations",
    {
      ...cluster,
      categories: ["api-extensions"],
      tracksGeneration: true,
    },
  ),
  row("admissionregistration.k8s.io", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", {
    ...cluster,
    categories: ["api-extensions"],
    subresources: ["status"],
    tracksGeneration: true,
  }),
  row(
    "admissionregistration.k8s.io",
    "ValidatingAdmissionPolicyBinding",
    "validatingadmissionpolicybindings",
    {
      ...cluster,
      categories: ["api-extensions"],
      tracksGeneration: true,
    },
  ),
  row("apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions", {
    ...cluster,
    shortNames: ["crd", "crds"],
    categories: ["api-extensions"],
    subresources: ["status"],
    tracksGeneration: true,
    allowsUnconditionalUpdate: false,
  }),
];
