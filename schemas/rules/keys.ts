/**
 * Whose label keys, taint keys and annotation keys are, and what a key looks like, in rules of the API
 * server.
 *
 * @module
 */

import { annotations, labels } from "../labels.ts";
import { celList, celMatches, type CelRule, celString } from "./cel.ts";

/** A label key, but for what {@linkcode keyLengths} and {@linkcode strayDot} say. */
export const keyPattern =
  /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
/** Kubernetes' limits on the two parts. */
const keyLengths = /^([^/]{1,253}[/])?[^/]{1,63}$/;
/** A part of the domain that is empty, or starts or ends with a dash. */
const strayDot = /^[^/]*([.][-.]|-[.])[^/]*[/]/;

const ownDomain = /^([^/]*[.])?tgp[.]io[/]/;
/** Domains that belong to Kubernetes. */
const kubernetesDomains = /^([^/]*[.])?(kubernetes|k8s)[.]io[/]/;
/**
 * Domains under these in which users may set labels: kubelets may set any in the first two (Kubernetes
 * v1.36, `pkg/kubelet/apis/well_known_labels.go`), administrators in the third; the same and kops' are
 * exempt in Karpenter (v1.6, `pkg/apis/v1/labels.go`).
 */
const openLabelDomains =
  /^([^/]*[.])?((node|kubelet|node-restriction)[.]kubernetes|kops[.]k8s)[.]io[/]/;
/** The rest of Kubernetes' domains holds what controllers put on and take off by themselves. */
const openTaintDomains = /^([^/]*[.])?(node-restriction[.]kubernetes|kops[.]k8s)[.]io[/]/;

/** Labels that a machine or its kubelet sets by itself, in whatever domain. */
const machineLabels = [
  labels.arch,
  labels.os,
  labels.hostname,
  labels.instanceType,
  labels.region,
  labels.zone,
];

const keyMessage =
  "must be a name of at most 63 characters, or a domain, a slash and a name, such as example.com/team";

function isWithinLimits(key: string): string {
  return `${celMatches(key, keyLengths)} && !${celMatches(key, strayDot)}`;
}

function isReservedLabel(key: string): string {
  const open = celMatches(key, openLabelDomains);
  return `${key} in ${celList(machineLabels)} || ${celMatches(key, ownDomain)} || ` +
    `(${celMatches(key, kubernetesDomains)} && !${open})`;
}

function isReservedTaint(key: string): string {
  const open = celMatches(key, openTaintDomains);
  return `${celMatches(key, ownDomain)} || (${celMatches(key, kubernetesDomains)} && !${open})`;
}

function isReservedAnnotation(key: string): string {
  return `${celMatches(key, ownDomain)} && ${key} != ${celString(annotations.doNotDisrupt)}`;
}

/**
 * No key of a map may be such. What the user is told names one of those that are: to name the first, or
 * all, would cost more than the API server grants a rule.
 *
 * @param problem Continues `key "x" …`.
 */
function noKey(isBad: (key: string) => string, message: string, problem = message): CelRule {
  return {
    rule: `!self.exists(k, ${isBad("k")})`,
    message,
    messageExpression: `'key "' + self.filter(k, ${isBad("k")})[0] + ${celString(`" ${problem}`)}`,
  };
}

/** Of a map by label or annotation keys: every key is one. */
export const mapKeyRule: CelRule = noKey(
  (key) => `!(${celMatches(key, keyPattern)} && ${isWithinLimits(key)})`,
  `keys ${keyMessage}`,
  keyMessage,
);

/** Of an object with a field `key`, whose characters are checked: it is one in all else, too. */
export const keyRule: CelRule = {
  rule: isWithinLimits("self.key"),
  message: keyMessage,
  fieldPath: ".key",
};

const labelRemedy = "to choose machines by it, write a requirement, else use a domain of your own";

/** Of labels that nodes are to get: none is somebody else's to set. */
export const reservedLabelsRule: CelRule = noKey(
  isReservedLabel,
  `no keys of the domains tgp.io, kubernetes.io and k8s.io, which others set: ${labelRemedy}`,
  `is set by the machine, the controller or Kubernetes, not by you: ${labelRemedy}`,
);

/** Of annotations that nodes are to get: none is the controller's own. */
export const reservedAnnotationsRule: CelRule = noKey(
  isReservedAnnotation,
  `of the domain tgp.io, only ${annotations.doNotDisrupt} is yours to set`,
  `is the controller's own: of the domain tgp.io, only ${annotations.doNotDisrupt} is yours to set`,
);

/** Of a taint: it is not one that a controller sets and removes by itself. */
export const reservedTaintRule: CelRule = {
  rule: `!(${isReservedTaint("self.key")})`,
  message:
    "taints of tgp.io and of Kubernetes' domains are set and removed by their controllers: " +
    "use a domain of your own",
  fieldPath: ".key",
};
