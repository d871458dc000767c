/**
 * Certificates in PEM.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";

/** One certificate, as far as it is looked at. */
export interface CertificateFacts {
  /** SHA-256 of the whole. */
  readonly fingerprint: string;
  /** When it ends, in epoch milliseconds. */
  readonly notAfterMs: number;
}

/** Reads every certificate of a text; `undefined` if there is none, or one that cannot be read. */
export function readPem(pem: string): readonly CertificateFacts[] | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) return undefined;
  try {
    return blocks.map((block) => {
      const certificate = new X509Certificate(block);
      return {
        fingerprint: certificate.fingerprint256,
        notAfterMs: Date.parse(certificate.validTo),
      };
    });
  } catch {
    return undefined;
  }
}

/** Decodes what Kubernetes calls a CA bundle: PEM in base64; `undefined` if it is not base64. */
export function decodeBundle(bundle: string): string | undefined {
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(bundle));
  } catch {
    return undefined;
  }
}
