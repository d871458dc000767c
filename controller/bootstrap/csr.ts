/**
 * Which certificate requests of joining machines are signed off. Pure.
 *
 * Kubernetes' own approver would give the bearer of any bootstrap token a certificate for any node
 * name. Tokens of ours are in a group without that: only what is approved here is signed, and that is
 * one node name per token.
 *
 * @module
 */

import { conditionTypes, isTrue, reasons } from "../../schemas/conditions.ts";
import type { CertificateSigningRequest } from "../../schemas/kubernetes.ts";
import { bootstrapGroup } from "../../schemas/labels.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import {
  type CertificateRequest,
  CertificateRequestError,
  objectIdentifiers,
  parseCertificateRequest,
} from "./certificate_request.ts";
import { tokenUserName } from "./token.ts";

/** Signer of kubelets' client certificates. */
export const kubeletClientSigner = "kubernetes.io/kube-apiserver-client-kubelet";

/**
 * Most requests approved for one claim. More than one, because `kubeadm reset` and another join make
 * a new key; few, because each is a chance for whoever stole the token.
 */
export const maxApprovals = 3;

/** What is known about the claim that a request names. */
export interface CsrContext {
  /** The claim whose name the request's subject holds; absent if there is none. */
  readonly claim: GPUNodeClaim | undefined;
  /** Id of the token that was issued to this claim, if any. */
  readonly tokenId: string | undefined;
  /** Whether a Node of that name exists. */
  readonly nodeExists: boolean;
}

/**
 * What to do with a request. `ignore`: not ours to judge, or judged already. `wait`: the order that
 * would explain it is not settled yet.
 */
export type CsrDecision =
  | { readonly kind: "approve"; readonly reason: string; readonly message: string }
  | { readonly kind: "deny"; readonly reason: string; readonly message: string }
  | { readonly kind: "wait"; readonly reason: string; readonly message: string }
  | { readonly kind: "ignore"; readonly reason: string };

/** The name of the node that a request of ours is for; what to gather the context by. */
export function findRequestedNode(csr: CertificateSigningRequest): string | undefined {
  const request = tryParse(csr.spec.request);
  const commonName = request && readSubject(request)?.commonName;
  return commonName?.startsWith(nodeUserPrefix)
    ? commonName.slice(nodeUserPrefix.length)
    : undefined;
}

/** Whether a request is open and made with one of our tokens: whether it is worth gathering context. */
export function isOurOpenRequest(csr: CertificateSigningRequest): boolean {
  return findReasonToIgnore(csr) === undefined;
}

/** Judges a request by the rules above; every rule has its own message. */
export function decideCsr(csr: CertificateSigningRequest, context: CsrContext): CsrDecision {
  const ignored = findReasonToIgnore(csr);
  if (ignored !== undefined) return { kind: "ignore", reason: ignored };
  const fault = findRequestFault(csr) ?? findTokenFault(csr, context) ?? findClaimFault(context);
  if (fault !== undefined) return { kind: "deny", reason: reasons.csrRejected, message: fault };
  if (!isTrue(context.claim?.status?.conditions, conditionTypes.launched)) {
    const message = "the order of this claim's machine is not settled yet";
    return { kind: "wait", reason: reasons.awaitingLaunch, message };
  }
  const message = `Signed off for the machine of GPUNodeClaim "${context.claim?.metadata.name}"`;
  return { kind: "approve", reason: reasons.csrApproved, message };
}

const nodeUserPrefix = "system:node:";
const nodesGroup = "system:nodes";

/**
 * Other signers are left alone rather than denied: the controller has no right to judge for them, and
 * nobody else approves requests of our group.
 */
function findReasonToIgnore(csr: CertificateSigningRequest): string | undefined {
  const { spec, status } = csr;
  const settled = status?.certificate !== undefined ||
    status?.conditions?.some(({ type }) => ["Approved", "Denied", "Failed"].includes(type));
  if (settled) return "settled already";
  if (!spec.groups?.includes(bootstrapGroup)) return "requester is not in our group";
  if (!spec.username?.startsWith(tokenUserName(""))) return "requester is no bootstrap token";
  if (spec.signerName !== kubeletClientSigner) return "signer is not that of kubelets' clients";
  return undefined;
}

/** What is wrong with the request in itself. */
function findRequestFault(csr: CertificateSigningRequest): string | undefined {
  const request = tryParse(csr.spec.request);
  if (request === undefined) return "the request is not PKCS#10";
  const usages = new Set(csr.spec.usages);
  if (request.keyType === "rsa") usages.delete("key encipherment");
  if (usages.size !== 2 || !usages.has("client auth") || !usages.has("digital signature")) {
    return "usages must be exactly client auth and digital signature";
  }
  if (request.hasAlternativeNames) return "a kubelet's client certificate has no alternative names";
  const subject = readSubject(request);
  if (subject?.organization !== nodesGroup || !subject.commonName.startsWith(nodeUserPrefix)) {
    return `the subject must be O=${nodesGroup}, CN=${nodeUserPrefix}<claim>`;
  }
  return undefined;
}

/** What is wrong with the requester: its token must be the one of the claim that it names. */
function findTokenFault(csr: CertificateSigningRequest, context: CsrContext): string | undefined {
  const node = findRequestedNode(csr);
  if (context.claim === undefined || context.claim.metadata.name !== node) {
    return "no claim has the name in the subject";
  }
  const issued = context.tokenId !== undefined &&
    csr.spec.username === tokenUserName(context.tokenId);
  return issued ? undefined : "the requester's token was not issued to the claim in the subject";
}

/** Why the claim may not get a certificate now. */
function findClaimFault({ claim, nodeExists }: CsrContext): string | undefined {
  const status = claim?.status;
  if (claim?.metadata.deletionTimestamp !== undefined || status?.end !== undefined) {
    return "the claim is ending";
  }
  if (isTrue(status?.conditions, conditionTypes.registered)) {
    return "the claim has its node already";
  }
  const outcome = status?.launch?.outcome;
  if (outcome === undefined || outcome === "Refused") return "no machine was ordered for the claim";
  if (nodeExists) return "a node of this name exists";
  if ((status?.approvedCSRs ?? 0) >= maxApprovals) {
    return `${maxApprovals} requests were signed off for this claim before`;
  }
  return undefined;
}

/** Exactly one organisation and one common name, nothing else; otherwise `undefined`. */
function readSubject(
  request: CertificateRequest,
): { commonName: string; organization: string } | undefined {
  const { subject } = request;
  const commonName = subject.find(({ type }) => type === objectIdentifiers.commonName)?.value;
  const organization = subject.find(({ type }) => type === objectIdentifiers.organization)?.value;
  if (subject.length !== 2 || commonName === undefined || organization === undefined) {
    return undefined;
  }
  return { commonName, organization };
}

function tryParse(encoded: string): CertificateRequest | undefined {
  try {
    return parseCertificateRequest(encoded);
  } catch (error) {
    if (error instanceof CertificateRequestError) return undefined;
    throw error;
  }
}
