/**
 * NodeRestriction: a kubelet writes its own Node, lease and pods only, and not all of them.
 *
 * Follows k8s.io/kubernetes `plugin/pkg/admission/noderestriction/admission.go`, v1.36.0.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { forbidden, qualify } from "../api_error.ts";
import { fromBase64 } from "../base64.ts";
import { readRequestSubject } from "../certificates/certificate_request.ts";
import { asString, equalJson, getIn } from "../json.ts";
import type { AdmittedWrite } from "./admitted_write.ts";

/** Labels under kubernetes.io and k8s.io that kubelets may set. */
const kubeletLabels = new Set([
  "kubernetes.io/hostname",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
  "beta.kubernetes.io/instance-type",
  "node.kubernetes.io/instance-type",
  "kubernetes.io/os",
  "kubernetes.io/arch",
  "beta.kubernetes.io/os",
  "beta.kubernetes.io/arch",
]);

/** Prefixes whose labels kubelets may set, whatever they are. */
const kubeletNamespaces = ["kubelet.kubernetes.io", "node.kubernetes.io"];

const mirrorAnnotation = "kubernetes.io/config.mirror";

/** @throws {ApiError} 403 for what a kubelet may not write. */
export function restrictNode(nodeName: string, write: AdmittedWrite): void {
  const { call, next, previous } = write;
  const why = findReason(nodeName, write);
  if (why === undefined) return;
  const name = (next ?? previous)?.metadata.name ?? call.info.name;
  throw forbidden(call.definition, name, why);
}

function findReason(nodeName: string, write: AdmittedWrite): string | undefined {
  switch (qualify(write.call.definition)) {
    case "nodes":
      return refuseNode(nodeName, write);
    case "pods":
      return refusePod(nodeName, write);
    case "leases.coordination.k8s.io":
      return refuseLease(nodeName, write);
    case "csinodes.storage.k8s.io":
      return nameOf(write) === nodeName
        ? undefined
        : "can only access CSINode with the same name as the requesting node";
    case "certificatesigningrequests.certificates.k8s.io":
      return refuseRequest(nodeName, write);
    default:
      return undefined;
  }
}

function nameOf({ next, previous }: AdmittedWrite): string {
  return (next ?? previous)?.metadata.name ?? "";
}

function refuseNode(nodeName: string, write: AdmittedWrite): string | undefined {
  const { next, previous } = write;
  const name = nameOf(write);
  if (name !== nodeName) return `node "${nodeName}" is not allowed to modify node "${name}"`;
  if (!next) return undefined;
  const labels = forbiddenLabels(next, previous);
  if (!previous) {
    return labels.length === 0
      ? undefined
      : `node "${nodeName}" is not allowed to set the following labels: ${labels.join(", ")}`;
  }
  if (!equalJson(getIn(next, "spec", "taints") ?? [], getIn(previous, "spec", "taints") ?? [])) {
    return `node "${nodeName}" is not allowed to modify taints`;
  }
  if (!equalJson(next.metadata.ownerReferences ?? [], previous.metadata.ownerReferences ?? [])) {
    return `node "${nodeName}" is not allowed to modify ownerReferences`;
  }
  return labels.length === 0 ? undefined : `is not allowed to modify labels: ${labels.join(", ")}`;
}

/** Changed labels that are not a kubelet's to change. */
function forbiddenLabels(next: ApiObject, previous: ApiObject | undefined): readonly string[] {
  const after = next.metadata.labels ?? {};
  const before = previous?.metadata.labels ?? {};
  const keys = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...keys].filter((key) => after[key] !== before[key] && !isKubeletLabel(key)).sort();
}

function isKubeletLabel(key: string): boolean {
  const namespace = key.includes("/") ? key.split("/")[0] ?? "" : "";
  const within = (domain: string) => namespace === domain || namespace.endsWith(`.${domain}`);
  if (within("node-restriction.kubernetes.io")) return false;
  if (!within("kubernetes.io") && !within("k8s.io")) return true;
  return kubeletLabels.has(key) || kubeletNamespaces.some(within);
}

function refusePod(nodeName: string, { call, next, previous }: AdmittedWrite): string | undefined {
  const place = asString(getIn(previous ?? next, "spec", "nodeName"));
  switch (call.info.subresource) {
    case "eviction":
      return place === nodeName
        ? undefined
        : `node ${nodeName} can only evict pods with spec.nodeName set to itself`;
    case "status":
      if (place !== nodeName) {
        return `node "${nodeName}" can only update pod status for pods with spec.nodeName set to` +
          " itself";
      }
      return equalJson(next?.metadata.labels ?? {}, previous?.metadata.labels ?? {})
        ? undefined
        : `node "${nodeName}" cannot update labels through pod status`;
    default:
      if (!next) {
        return place === nodeName
          ? undefined
          : `node "${nodeName}" can only delete pods with spec.nodeName set to itself`;
      }
      if (!next.metadata.annotations?.[mirrorAnnotation]) {
        return `pod does not have "${mirrorAnnotation}" annotation, node "${nodeName}" can only` +
          " create mirror pods";
      }
      return place === nodeName
        ? undefined
        : `node "${nodeName}" can only create pods with spec.nodeName set to itself`;
  }
}

function refuseLease(nodeName: string, write: AdmittedWrite): string | undefined {
  const { namespace } = write.call;
  if (namespace !== "kube-node-lease") {
    return `can only access leases in the "kube-node-lease" system namespace`;
  }
  return nameOf(write) === nodeName
    ? undefined
    : "can only access node lease with the same name as the requesting node";
}

/** A kubelet may ask for a new certificate for itself, nobody else. */
function refuseRequest(
  nodeName: string,
  { next, previous }: AdmittedWrite,
): string | undefined {
  const signer = asString(getIn(next, "spec", "signerName")) ?? "";
  const restricted = signer === "kubernetes.io/kube-apiserver-client-kubelet" ||
    signer === "kubernetes.io/kubelet-serving";
  if (previous || !restricted) return undefined;
  try {
    const request = fromBase64(asString(getIn(next, "spec", "request")) ?? "");
    if (readRequestSubject(request).commonName === `system:node:${nodeName}`) return undefined;
  } catch {
    // What cannot be read is refused like a wrong name.
  }
  return `can only create a node CSR with CN=system:node:${nodeName}`;
}
