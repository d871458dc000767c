/**
 * Kubeconfigs for this server.
 *
 * @module
 */

import { dump } from "js-yaml";
import { toBase64 } from "../base64.ts";
import type { KeyedCertificate } from "../certificates/certificate_authority.ts";

/** How a client signs in. */
export type Credential =
  | { readonly kind: "certificate"; readonly certificate: KeyedCertificate }
  | { readonly kind: "token"; readonly token: string };

/** A kubeconfig with one context. */
export function toKubeconfig(
  url: string,
  caPem: string,
  credential: Credential,
): string {
  const user = credential.kind === "token" ? { token: credential.token } : {
    "client-certificate-data": toBase64(credential.certificate.certificatePem),
    "client-key-data": toBase64(credential.certificate.privateKeyPem),
  };
  return dump({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name: "box", cluster: { server: url, "certificate-authority-data": toBase64(caPem) } },
    ],
    users: [{ name: "box", user }],
    contexts: [{ name: "box", context: { cluster: "box", user: "box" } }],
    "current-context": "box",
  });
}
