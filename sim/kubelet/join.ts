/**
 * How a machine gets its own certificate: TLS bootstrapping, as `kubeadm join` and kubelet do it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Kube } from "../../kube/kube.ts";
import { certificateSigningRequests } from "../../kube/resource.ts";
import type { ClientCertificate } from "../../kube/transport.ts";
import type { CertificateSigningRequest } from "../../schemas/kubernetes.ts";
import type { Clock } from "../../runtime/clock.ts";
import { createKubeletRequest } from "./certificate_request.ts";
import type { KubeletTimings } from "./timings.ts";

/** What {@linkcode requestCertificate} needs. */
export interface JoinDeps {
  /** The API server as the bearer of the bootstrap token. */
  readonly kube: Kube;
  readonly clock: Clock;
  readonly timings: Pick<KubeletTimings, "certificatePollMs" | "certificateTimeoutMs">;
}

/** Thrown when the cluster does not let the machine in. */
export class JoinError extends Error {
  override name = "JoinError";
}

/**
 * Asks for a certificate over a new key and waits for it.
 *
 * @throws {JoinError} If the request is denied, fails, or is not answered in time.
 * @throws {KubeError} If the token is not good for asking.
 */
export async function requestCertificate(
  { kube, clock, timings }: JoinDeps,
  nodeName: string,
  signal: AbortSignal,
): Promise<ClientCertificate> {
  const { keyPem, requestPem } = createKubeletRequest(nodeName);
  const csr: CertificateSigningRequest = {
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name: "", generateName: "csr-" },
    spec: {
      request: Buffer.from(requestPem).toString("base64"),
      signerName: "kubernetes.io/kube-apiserver-client-kubelet",
      usages: ["digital signature", "client auth"],
    },
  };
  const { metadata } = await kube.create(certificateSigningRequests, csr, { signal });
  const { name } = metadata;
  const deadline = clock.now() + timings.certificateTimeoutMs;
  while (clock.now() < deadline) {
    const { status } = await kube.get(certificateSigningRequests, { name }, { signal });
    if (status?.certificate !== undefined) {
      return { keyPem, certificatePem: Buffer.from(status.certificate, "base64").toString() };
    }
    const refusal = status?.conditions?.find(({ type }) => type === "Denied" || type === "Failed");
    if (refusal !== undefined) {
      throw new JoinError(`Certificate request "${name}" ${refusal.type}: ${refusal.message}`);
    }
    await clock.sleep(timings.certificatePollMs, signal);
  }
  throw new JoinError(`Certificate request "${name}" was not answered in time`);
}
