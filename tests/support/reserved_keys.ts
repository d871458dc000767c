/**
 * Which keys users may not set, stated a second time and in plain code: what the rules in CEL are held
 * against.
 *
 * @module
 */

import { annotations, apiGroup, labels } from "../../schemas/labels.ts";

const kubernetesDomains = ["kubernetes.io", "k8s.io"];

/**
 * Kubelets may set any label in the first two (Kubernetes v1.36, `pkg/kubelet/apis/well_known_labels.go`),
 * administrators in the third; the same and kops' are exempt in Karpenter (v1.6, `pkg/apis/v1/labels.go`).
 */
const openLabelDomains = [
  "node.kubernetes.io",
  "kubelet.kubernetes.io",
  "node-restriction.kubernetes.io",
  "kops.k8s.io",
];

const openTaintDomains = ["node-restriction.kubernetes.io", "kops.k8s.io"];

/** Labels that a machine or its kubelet sets by itself, in whatever domain. */
const machineLabels: ReadonlySet<string> = new Set([
  labels.arch,
  labels.os,
  labels.hostname,
  labels.instanceType,
  labels.region,
  labels.zone,
]);

/** Whether a node label of that key is somebody else's. */
export function isReservedLabel(key: string): boolean {
  if (machineLabels.has(key) || isIn(key, [apiGroup])) return true;
  return isIn(key, kubernetesDomains) && !isIn(key, openLabelDomains);
}

/** Whether a taint of that key is somebody else's. */
export function isReservedTaint(key: string): boolean {
  if (isIn(key, [apiGroup])) return true;
  return isIn(key, kubernetesDomains) && !isIn(key, openTaintDomains);
}

/** Whether an annotation of that key is somebody else's. */
export function isReservedAnnotation(key: string): boolean {
  return isIn(key, [apiGroup]) && key !== annotations.doNotDisrupt;
}

function isIn(key: string, parents: readonly string[]): boolean {
  const slash = key.indexOf("/");
  const domain = slash < 0 ? "" : key.slice(0, slash);
  return parents.some((parent) => domain === parent || domain.endsWith(`.${parent}`));
}
