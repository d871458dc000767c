/**
 * Whose label keys, taint keys and annotation keys are.
 *
 * @module
 */

import { annotations, apiGroup, labels } from "../../../schemas/labels.ts";

/** Why somebody else's key cannot be used, and what can be done instead. */
export interface Reservation {
  readonly why: string;
  readonly remedy: string;
}

/** Domains that belong to Kubernetes. */
const kubernetesDomains = ["kubernetes.io", "k8s.io"];

/**
 * Domains under these in which users may set labels: kubelets may set any in the first two (Kubernetes
 * v1.36, `pkg/kubelet/apis/well_known_labels.go`), administrators in the third; the same and kops' are
 * exempt in Karpenter (v1.6, `pkg/apis/v1/labels.go`).
 */
const openLabelDomains = [
  "node.kubernetes.io",
  "kubelet.kubernetes.io",
  "node-restriction.kubernetes.io",
  "kops.k8s.io",
];

/** The rest of Kubernetes' domains holds what controllers put on and take off by themselves. */
const openTaintDomains = ["node-restriction.kubernetes.io", "kops.k8s.io"];

/** Labels in our own domain that offers have. */
const offerLabels: ReadonlySet<string> = new Set([
  labels.provider,
  labels.account,
  labels.gpuModel,
  labels.gpuCount,
  labels.gpuMemoryGb,
  labels.capacityType,
  labels.country,
  labels.continent,
]);

/** Labels that a machine or its kubelet sets by itself, in whatever domain. */
const machineLabels: ReadonlySet<string> = new Set([
  labels.arch,
  labels.os,
  labels.hostname,
  labels.instanceType,
  labels.region,
  labels.zone,
]);

const chooseByRequirement = "to choose machines by it, write a requirement";

/** What keeps a node label from being set; `undefined` if it may be. */
export function findLabelReservation(key: string): Reservation | undefined {
  if (machineLabels.has(key)) {
    return { why: "each machine sets this label itself", remedy: chooseByRequirement };
  }
  if (isIn(key, [apiGroup])) {
    const remedy = offerLabels.has(key) ? chooseByRequirement : "use a domain of your own";
    return { why: `labels of ${apiGroup} are set by the controller alone`, remedy };
  }
  if (!isIn(key, kubernetesDomains) || isIn(key, openLabelDomains)) return undefined;
  return {
    why: `labels of ${toDomain(key)} belong to Kubernetes`,
    remedy: "use a domain of your own, or node-restriction.kubernetes.io",
  };
}

/** What keeps a taint from being set; `undefined` if it may be. */
export function findTaintReservation(key: string): Reservation | undefined {
  if (isIn(key, [apiGroup])) {
    return {
      why: `taints of ${apiGroup} are set and removed by the controller alone`,
      remedy: "use a domain of your own",
    };
  }
  if (!isIn(key, kubernetesDomains) || isIn(key, openTaintDomains)) return undefined;
  return {
    why: `taints of ${toDomain(key)} belong to Kubernetes, which sets and removes them`,
    remedy: "use a domain of your own",
  };
}

/** What keeps an annotation from being set; `undefined` if it may be. */
export function findAnnotationReservation(key: string): Reservation | undefined {
  if (!isIn(key, [apiGroup]) || key === annotations.doNotDisrupt) return undefined;
  return {
    why: `of the annotations of ${apiGroup}, users set only ${annotations.doNotDisrupt}`,
    remedy: "use a domain of your own",
  };
}

/** Whether a requirement's key lies in our domain although no offer has such a label. */
export function isUnknownOfferLabel(key: string): boolean {
  return isIn(key, [apiGroup]) && !offerLabels.has(key);
}

/** The labels in our domain that requirements can name. */
export const offerLabelKeys: readonly string[] = [...offerLabels].sort();

function isIn(key: string, parents: readonly string[]): boolean {
  const domain = toDomain(key);
  return parents.some((parent) => domain === parent || domain.endsWith(`.${parent}`));
}

/** The part before the slash; keys without one are in nobody's domain. */
function toDomain(key: string): string {
  const slash = key.indexOf("/");
  return slash < 0 ? "" : key.slice(0, slash);
}
