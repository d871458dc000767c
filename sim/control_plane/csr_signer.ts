/**
 * The signer of kubelets' client certificates: signs what was approved and asks for no more than a
 * kubelet may have.
 *
 * Follows k8s.io/kubernetes `pkg/controller/certificates/signer/signer.go` and
 * `pkg/apis/certificates/helpers.go`, v1.36.0.
 *
 * @module
 */

import { toTimestamp } from "../api_server/api_object.ts";
import { fromBase64, toBase64 } from "../api_server/base64.ts";
import type { CertificateAuthority } from "../api_server/certificates/certificate_authority.ts";
import { readRequestSubject } from "../api_server/certificates/certificate_request.ts";
import { certificateSigningRequests } from "../../kube/resource.ts";
import type { CertificateSigningRequest } from "../../schemas/kubernetes.ts";
import type { Controller, ControlRequest } from "./controller.ts";

const resource = "certificatesigningrequests.certificates.k8s.io";
const kubeletSigner = "kubernetes.io/kube-apiserver-client-kubelet";
const clientSigner = "kubernetes.io/kube-apiserver-client";

const kubeletUsages = new Set(["key encipherment", "digital signature", "client auth"]);

/** A signer with the cluster's authority. */
export function createCsrSigner(authority: CertificateAuthority): Controller {
  return {
    name: "kube-controller-manager",
    watches: [resource],
    decide: async (view, nowMs) => {
      const waiting = view.list(resource).map(certificateSigningRequests.parse).filter(isWaiting);
      const requests = [];
      for (const csr of waiting) requests.push(await sign(authority, csr, nowMs));
      return { requests };
    },
  };
}

function isWaiting({ spec, status }: CertificateSigningRequest): boolean {
  if (spec.signerName !== kubeletSigner && spec.signerName !== clientSigner) return false;
  if (status?.certificate) return false;
  const types = status?.conditions?.map(({ type }) => type) ?? [];
  return types.includes("Approved") && !types.includes("Denied") && !types.includes("Failed");
}

/** Why the signer refuses a request although it was approved. */
function findViolation({ spec }: CertificateSigningRequest): string | undefined {
  const { commonName, organizations } = readRequestSubject(fromBase64(spec.request));
  const usages = spec.usages ?? [];
  if (spec.signerName === clientSigner) {
    if (organizations.includes("system:masters")) {
      return "signed certificates with the system:masters group are not allowed";
    }
    return usages.includes("client auth") ? undefined : "usages must include client auth";
  }
  if (organizations.length !== 1 || organizations[0] !== "system:nodes") {
    return "subject organization is not system:nodes";
  }
  if (!commonName.startsWith("system:node:")) {
    return "subject common name does not begin with system:node:";
  }
  if (!usages.includes("client auth") || usages.some((one) => !kubeletUsages.has(one))) {
    return "usages did not match ([digital signature client auth] or with key encipherment)";
  }
  return undefined;
}

async function sign(
  authority: CertificateAuthority,
  csr: CertificateSigningRequest,
  nowMs: number,
): Promise<ControlRequest> {
  const path =
    `/apis/certificates.k8s.io/v1/certificatesigningrequests/${csr.metadata.name}/status`;
  try {
    const violation = findViolation(csr);
    if (violation !== undefined) return fail(path, csr, violation, nowMs);
    const certificate = await authority.signClientRequest(fromBase64(csr.spec.request));
    return { method: "PATCH", path, body: { status: { certificate: toBase64(certificate) } } };
  } catch (error) {
    return fail(path, csr, error instanceof Error ? error.message : String(error), nowMs);
  }
}

function fail(
  path: string,
  { metadata, status }: CertificateSigningRequest,
  message: string,
  nowMs: number,
): ControlRequest {
  const failed = {
    type: "Failed",
    status: "True",
    reason: "SignerValidationFailure",
    message,
    lastTransitionTime: toTimestamp(nowMs),
  };
  const conditions = [...status?.conditions ?? [], failed].map((one) => ({ ...one }));
  const { resourceVersion } = metadata;
  return {
    method: "PATCH",
    path,
    body: { metadata: { resourceVersion }, status: { conditions } },
  };
}
