/**
 * What the controller's code asks of the API server; `manifests/rbac/controller.yaml` grants just that.
 *
 * @module
 */

import { apiGroup } from "../../../schemas/labels.ts";
import type { AccessAttributes } from "../access_review.ts";
import { leaderLeaseName } from "../judge_leader.ts";

/** A row of the table: one resource, and what is done with it. */
interface Rule {
  readonly group: string;
  /** `resource` or `resource/subresource`. */
  readonly resource: string;
  readonly verbs: readonly string[];
  /** Absent: the whole cluster. */
  readonly namespace?: string;
  readonly name?: string;
}

/** What the controller does in a namespace of its own, and in the rest of the cluster. */
export function listControllerRules(namespace: string): readonly AccessAttributes[] {
  const rules: readonly Rule[] = [
    { group: apiGroup, resource: "gpunodeclasses", verbs: ["list", "watch", "patch"] },
    { group: apiGroup, resource: "gpunodepools", verbs: ["list", "watch"] },
    {
      group: apiGroup,
      resource: "gpunodeclaims",
      verbs: ["get", "list", "watch", "create", "patch", "delete"],
    },
    { group: apiGroup, resource: "gpunodeclasses/status", verbs: ["patch"] },
    { group: apiGroup, resource: "gpunodepools/status", verbs: ["patch"] },
    { group: apiGroup, resource: "gpunodeclaims/status", verbs: ["patch"] },
    { group: "", resource: "nodes", verbs: ["get", "list", "watch", "patch", "delete"] },
    { group: "", resource: "pods", verbs: ["list", "watch", "delete"] },
    { group: "", resource: "pods/eviction", verbs: ["create"] },
    { group: "", resource: "events", verbs: ["create", "patch"] },
    { group: "", resource: "namespaces", name: "kube-system", verbs: ["get"] },
    {
      group: "certificates.k8s.io",
      resource: "certificatesigningrequests",
      verbs: ["get", "list", "watch"],
    },
    {
      group: "certificates.k8s.io",
      resource: "certificatesigningrequests/approval",
      verbs: ["update"],
    },
    {
      group: "certificates.k8s.io",
      resource: "signers",
      name: "kubernetes.io/kube-apiserver-client-kubelet",
      verbs: ["approve"],
    },
    {
      group: "admissionregistration.k8s.io",
      resource: "validatingwebhookconfigurations",
      name: "tgp-webhook",
      verbs: ["get", "patch"],
    },
    { group: "authorization.k8s.io", resource: "subjectaccessreviews", verbs: ["create"] },
    { group: "apps", resource: "daemonsets", verbs: ["list"] },
    {
      group: "",
      resource: "secrets",
      namespace,
      verbs: ["get", "watch", "create", "update", "delete"],
    },
    {
      group: "",
      resource: "configmaps",
      namespace,
      verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
    },
    {
      group: "coordination.k8s.io",
      resource: "leases",
      namespace,
      name: leaderLeaseName,
      verbs: ["get", "update"],
    },
    { group: "coordination.k8s.io", resource: "leases", namespace, verbs: ["create"] },
    { group: "", resource: "secrets", namespace: "kube-system", verbs: ["create", "delete"] },
    {
      group: "",
      resource: "configmaps",
      namespace: "kube-system",
      name: "kubeadm-config",
      verbs: ["get"],
    },
    {
      group: "",
      resource: "configmaps",
      namespace: "kube-system",
      name: "kubelet-config",
      verbs: ["get"],
    },
  ];
  return rules.flatMap(({ group, resource: path, verbs, namespace, name }) => {
    const [resource = "", subresource] = path.split("/");
    return verbs.map((verb) => ({ verb, group, resource, subresource, namespace, name }));
  });
}
