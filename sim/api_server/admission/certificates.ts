/**
 * CertificateApproval, CertificateSigning and CertificateSubjectRestriction.
 *
 * Follows k8s.io/kubernetes `plugin/pkg/admission/certificates`, v1.36.0.
 *
 * @module
 */

import { forbidden, qualify } from "../api_error.ts";
import { isAllowed } from "../auth/authorize.ts";
import { fromBase64 } from "../base64.ts";
import { readRequestSubject } from "../certificates/certificate_request.ts";
import { asString, getIn } from "../json.ts";
import type { AdmittedWrite } from "./admitted_write.ts";

/** @throws {ApiError} 403. */
export function restrictCertificates(write: AdmittedWrite): void {
  const { call, next, previous } = write;
  if (qualify(call.definition) !== "certificatesigningrequests.certificates.k8s.io" || !next) {
    return;
  }
  const signer = asString(getIn(previous ?? next, "spec", "signerName")) ?? "";
  const refuse = (why: string) => forbidden(call.definition, next.metadata.name, why);
  if (!previous) {
    const request = asString(getIn(next, "spec", "request")) ?? "";
    if (signer === "kubernetes.io/kube-apiserver-client" && asksForMasters(request)) {
      throw refuse(`use of ${signer} signer with system:masters group is not allowed`);
    }
    return;
  }
  if (call.info.subresource === "approval" && !maySign(write, "approve", signer)) {
    throw refuse(`user not permitted to approve requests with signerName "${signer}"`);
  }
  const changed = getIn(next, "status", "certificate") !== getIn(previous, "status", "certificate");
  if (call.info.subresource === "status" && changed && !maySign(write, "sign", signer)) {
    throw refuse(`user not permitted to sign requests with signerName "${signer}"`);
  }
}

function asksForMasters(request: string): boolean {
  try {
    return readRequestSubject(fromBase64(request)).organizations.includes("system:masters");
  } catch {
    return false;
  }
}

/** Whether the user may act for a signer, or for all of its domain. */
function maySign({ core, call }: AdmittedWrite, verb: string, signer: string): boolean {
  return [signer, `${signer.split("/")[0]}/*`].some((name) =>
    isAllowed(core, call.user, {
      kind: "resource",
      verb,
      group: "certificates.k8s.io",
      version: "*",
      plural: "signers",
      namespace: "",
      name,
      subresource: "",
      query: new URLSearchParams(),
    })
  );
}
