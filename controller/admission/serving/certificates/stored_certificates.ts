/**
 * The Secret that all replicas share: what is in it, and whether it can be used.
 *
 * | Key | Holds |
 * | --- | --- |
 * | `ca.crt` | the authorities to be trusted, the one that signs first |
 * | `ca.key` | the key of the one that signs |
 * | `tls.crt`, `tls.key` | the leaf that is served, and its key |
 *
 * @module
 */

import type { Secret } from "../../../../schemas/kubernetes.ts";
import {
  type Certificate,
  isKeyOf,
  isSignedBy,
  type KeyedCertificate,
  readCertificates,
} from "./certificate.ts";

/** Contents that fit together. */
export interface StoredCertificates {
  /** Those to be trusted; the first one signs. Expired ones may be among them. */
  readonly authorities: readonly [Certificate, ...Certificate[]];
  readonly authorityKeyPem: string;
  readonly leaf: Certificate;
  readonly leafKeyPem: string;
  /** Fingerprint of the authority that signed the leaf. */
  readonly leafAuthority: string;
}

/** What is in the Secret. */
export type Stored =
  | { readonly kind: "usable"; readonly certificates: StoredCertificates }
  /** `problem` is for people and quotes nothing of the contents. */
  | { readonly kind: "unusable"; readonly problem: string };

const keys = { authorities: "ca.crt", authorityKey: "ca.key", leaf: "tls.crt", leafKey: "tls.key" };

/** Every authority of ours is called so, which tells it from anybody else's. */
export const authorityName = "tgp-webhook-ca";

/** Reads the Secret's data. Never throws, whatever is in there. */
export function parseStored(data: Secret["data"]): Stored {
  const texts: Record<string, string> = {};
  for (const key of Object.values(keys)) {
    const text = decode(data?.[key]);
    if (text === undefined) return unusable(`${key} is missing or not base64`);
    texts[key] = text;
  }
  return fitTogether({
    authorities: readCertificates(texts[keys.authorities] ?? ""),
    authorityKeyPem: texts[keys.authorityKey] ?? "",
    leaf: readCertificates(texts[keys.leaf] ?? "")[0],
    leafKeyPem: texts[keys.leafKey] ?? "",
  });
}

function fitTogether({ authorities, authorityKeyPem, leaf, leafKeyPem }: {
  readonly authorities: readonly Certificate[];
  readonly authorityKeyPem: string;
  readonly leaf: Certificate | undefined;
  readonly leafKeyPem: string;
}): Stored {
  const [signer, ...others] = authorities;
  if (!signer) return unusable(`${keys.authorities} holds no certificate`);
  if (!authorities.every(isOurs)) {
    return unusable(
      `${keys.authorities} holds a certificate that is no authority of the webhook's`,
    );
  }
  if (!isKeyOf(authorityKeyPem, signer)) {
    return unusable(
      `${keys.authorityKey} is not the key of the first certificate in ${keys.authorities}`,
    );
  }
  if (!leaf) return unusable(`${keys.leaf} holds no certificate`);
  if (!isKeyOf(leafKeyPem, leaf)) {
    return unusable(`${keys.leafKey} is not the key of the certificate in ${keys.leaf}`);
  }
  const issuer = authorities.find((authority) => isSignedBy(leaf, authority));
  if (!issuer) return unusable(`${keys.leaf} is not signed by an authority in ${keys.authorities}`);
  return {
    kind: "usable",
    certificates: {
      authorities: [signer, ...others],
      authorityKeyPem,
      leaf,
      leafKeyPem,
      leafAuthority: issuer.fingerprint,
    },
  };
}

/** Whether a certificate is an authority that this webhook made, to judge by its name. */
export function isOurs(certificate: Certificate): boolean {
  return certificate.isAuthority && certificate.commonName === authorityName;
}

/**
 * The Secret's data.
 *
 * @param authoritiesPem Those to be trusted, in PEM, the one that signs first.
 */
export function toSecretData(contents: {
  readonly authoritiesPem: readonly string[];
  readonly authorityKeyPem: string;
  readonly leaf: KeyedCertificate;
}): Readonly<Record<string, string>> {
  const { authoritiesPem, authorityKeyPem, leaf } = contents;
  return {
    [keys.authorities]: encode(authoritiesPem.join("")),
    [keys.authorityKey]: encode(authorityKeyPem),
    [keys.leaf]: encode(leaf.certificatePem),
    [keys.leafKey]: encode(leaf.privateKeyPem),
  };
}

function unusable(problem: string): Stored {
  return { kind: "unusable", problem };
}

function encode(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}

function decode(base64: string | undefined): string | undefined {
  try {
    return base64 === undefined
      ? undefined
      : new TextDecoder().decode(Uint8Array.fromBase64(base64));
  } catch {
    return undefined;
  }
}
