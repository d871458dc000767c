/**
 * What kubelets may do: read what their pods need, and write what they report.
 *
 * Follows k8s.io/kubernetes `plugin/pkg/auth/authorizer/node/node_authorizer.go` and `NodeRules`, v1.36.0.
 *
 * @module
 */

import { asArray, asObject, asString, getIn, isArray, isObject, type Json } from "../json.ts";
import type { AccessQuestion } from "../request_info.ts";
import type { Store } from "../storage/store.ts";
import { requestedName, type Rule, ruleAllows, selectedFields } from "./rbac.ts";
import type { User } from "./user.ts";

const userPrefix = "system:node:";
const nodesGroup = "system:nodes";

/** The node that a user is the kubelet of, if it is one. */
export function nodeNameOf({ name, groups }: User): string | undefined {
  return groups.includes(nodesGroup) && name.startsWith(userPrefix)
    ? name.slice(userPrefix.length)
    : undefined;
}

function rule(apiGroup: string, resources: readonly string[], verbs: readonly string[]): Rule {
  return { apiGroups: [apiGroup], resources, verbs, resourceNames: [], nonResourceURLs: [] };
}

/** A question about a resource. */
type ResourceAccess = Extract<AccessQuestion, { readonly kind: "resource" }>;

const read = ["get", "list", "watch"];

/** Access that is not divided by node. */
const commonRules: readonly Rule[] = [
  rule("authentication.k8s.io", ["tokenreviews"], ["create"]),
  rule("authorization.k8s.io", ["subjectaccessreviews", "localsubjectaccessreviews"], ["create"]),
  rule("", ["services"], read),
  rule("", ["events"], ["create", "update", "patch"]),
  rule("", ["endpoints"], ["get"]),
  rule("certificates.k8s.io", ["certificatesigningrequests"], ["create", ...read]),
  rule("storage.k8s.io", ["csidrivers"], read),
  rule("node.k8s.io", ["runtimeclasses"], read),
];

/** Whether a kubelet may make a request. */
export function nodeAllows(store: Store, nodeName: string, info: AccessQuestion): boolean {
  if (info.kind === "path") return false;
  const resource = info.group === "" ? info.plural : `${info.plural}.${info.group}`;
  switch (resource) {
    case "nodes":
      return allowsNode(nodeName, info);
    case "pods":
      return allowsPod(store, nodeName, info);
    case "secrets":
    case "configmaps":
      return info.subresource === "" && read.includes(info.verb) && info.namespace !== "" &&
        isReferenced(store, nodeName, info);
    case "leases.coordination.k8s.io":
      return info.namespace === "kube-node-lease" &&
        ["get", "create", "update", "patch", "delete"].includes(info.verb) &&
        (info.verb === "create" || info.name === nodeName);
    case "csinodes.storage.k8s.io":
      return ["get", "create", "update", "patch", "delete"].includes(info.verb) &&
        (info.verb === "create" || info.name === nodeName);
    default:
      return commonRules.some((one) => ruleAllows(one, info));
  }
}

function allowsNode(nodeName: string, info: ResourceAccess): boolean {
  if (info.subresource === "status") return info.verb === "update" || info.verb === "patch";
  if (info.subresource !== "") return false;
  // NodeRestriction narrows these to the kubelet's own Node.
  if (["create", "update", "patch"].includes(info.verb)) return true;
  return read.includes(info.verb) && requestedName(info) === nodeName;
}

function allowsPod(store: Store, nodeName: string, info: ResourceAccess): boolean {
  switch (info.subresource) {
    case "":
      if (info.verb === "create" || info.verb === "delete") return true;
      if (info.verb === "list" || info.verb === "watch") {
        if (selectedFields(info).get("spec.nodeName") === nodeName) return true;
      }
      return read.includes(info.verb) && isOwnPod(store, nodeName, info);
    case "status":
      return info.verb === "update" || info.verb === "patch";
    case "eviction":
      return info.verb === "create";
    default:
      return false;
  }
}

function isOwnPod(store: Store, nodeName: string, info: ResourceAccess): boolean {
  const name = requestedName(info);
  const pod = name === "" ? undefined : store.get("pods", info.namespace, name);
  return getIn(pod, "spec", "nodeName") === nodeName;
}

/** Whether a pod on the node names a Secret or ConfigMap. */
function isReferenced(store: Store, nodeName: string, info: ResourceAccess): boolean {
  const name = requestedName(info);
  if (name === "") return false;
  return store.list("pods").some((pod) =>
    pod.metadata.namespace === info.namespace && getIn(pod, "spec", "nodeName") === nodeName &&
    (info.plural === "secrets" ? secretsOf(pod.spec) : configMapsOf(pod.spec)).includes(name)
  );
}

/** The names at a member, wherever it appears in a pod's spec. */
function namesAt(value: Json | undefined, member: string, key: string): readonly string[] {
  if (isArray(value)) return value.flatMap((item) => namesAt(item, member, key));
  if (!isObject(value)) return [];
  const own = asString(asObject(value[member])[key]);
  return [
    ...(own === undefined ? [] : [own]),
    ...Object.values(value).flatMap((child) => namesAt(child, member, key)),
  ];
}

function secretsOf(spec: Json | undefined): readonly string[] {
  const pulls = asArray(asObject(spec).imagePullSecrets).flatMap((one) =>
    asString(asObject(one).name) ?? []
  );
  return [
    ...pulls,
    ...namesAt(spec, "secret", "secretName"),
    ...namesAt(spec, "secret", "name"),
    ...namesAt(spec, "secretKeyRef", "name"),
    ...namesAt(spec, "secretRef", "name"),
  ];
}

function configMapsOf(spec: Json | undefined): readonly string[] {
  return [
    ...namesAt(spec, "configMap", "name"),
    ...namesAt(spec, "configMapKeyRef", "name"),
    ...namesAt(spec, "configMapRef", "name"),
  ];
}
