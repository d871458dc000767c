/**
 * The objects that every cluster starts with: namespaces, and the roles that others build on.
 *
 * Roles follow k8s.io/kubernetes `plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go`, v1.36.0.
 *
 * @module
 */

import { type ApiObject, toTimestamp } from "./api_object.ts";
import type { Core } from "./core.ts";
import type { Json, JsonObject } from "./json.ts";
import { createUid } from "./write/system_fields.ts";

const namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];
const rbac = "rbac.authorization.k8s.io";
const healthPaths = ["/healthz", "/livez", "/readyz", "/version", "/version/"];

function rule(apiGroup: string, resources: readonly string[], verbs: readonly string[]) {
  return { apiGroups: [apiGroup], resources, verbs };
}

/** Cluster roles, by name. */
const clusterRoles: Readonly<Record<string, readonly JsonObject[]>> = {
  "cluster-admin": [rule("*", ["*"], ["*"]), { nonResourceURLs: ["*"], verbs: ["*"] }],
  "system:basic-user": [
    rule("authorization.k8s.io", ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], [
      "create",
    ]),
    rule("authentication.k8s.io", ["selfsubjectreviews"], ["create"]),
  ],
  "system:discovery": [{
    nonResourceURLs: [
      "/api",
      "/api/*",
      "/apis",
      "/apis/*",
      "/openapi",
      "/openapi/*",
      ...healthPaths,
    ],
    verbs: ["get"],
  }],
  "system:public-info-viewer": [{ nonResourceURLs: healthPaths, verbs: ["get"] }],
  "system:node-bootstrapper": [
    rule("certificates.k8s.io", ["certificatesigningrequests"], ["create", "get", "list", "watch"]),
  ],
};

const authenticated = "system:authenticated";

/** Cluster-wide bindings: role by groups. */
const bindings: Readonly<Record<string, readonly string[]>> = {
  "cluster-admin": ["system:masters"],
  "system:basic-user": [authenticated],
  "system:discovery": [authenticated],
  "system:public-info-viewer": [authenticated, "system:unauthenticated"],
};

function toBinding(name: string, role: string, groups: readonly string[]): JsonObject {
  return {
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: role },
    subjects: groups.map((group) => ({ apiGroup: rbac, kind: "Group", name: group })),
  };
}

/**
 * Stores them.
 *
 * @param bootstrapGroups Groups that may ask for certificates as new machines do: what `kubeadm init`
 * binds.
 */
export function seedObjects(
  { store, clock, random }: Core,
  bootstrapGroups: readonly string[],
): void {
  const creationTimestamp = toTimestamp(clock.now());
  const put = (storageKey: string, apiVersion: string, object: JsonObject) => {
    const { kind, metadata, ...rest } = object;
    store.put(storageKey, {
      kind: String(kind),
      apiVersion,
      metadata: { ...toNamed(metadata), uid: createUid(random), creationTimestamp },
      ...rest,
    });
  };
  for (const name of namespaces) {
    put("namespaces", "v1", {
      kind: "Namespace",
      metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    });
  }
  for (const [name, rules] of Object.entries(clusterRoles)) {
    put(`clusterroles.${rbac}`, `${rbac}/v1`, { kind: "ClusterRole", metadata: { name }, rules });
  }
  const bound = Object.entries(bindings).map(([role, groups]) => toBinding(role, role, groups));
  if (bootstrapGroups.length > 0) {
    bound.push(toBinding("kubeadm:kubelet-bootstrap", "system:node-bootstrapper", bootstrapGroups));
  }
  for (const binding of bound) put(`clusterrolebindings.${rbac}`, `${rbac}/v1`, binding);
}

function toNamed(metadata: Json | undefined): ApiObject["metadata"] {
  // All of them are written above, with a name.
  return metadata as ApiObject["metadata"];
}
