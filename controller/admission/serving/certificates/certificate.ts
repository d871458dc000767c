/**
 * Certificates as values: what one says, and what belongs to what. Everything here is synchronous, so
 * that decisions about certificates can be made inside a simulation.
 *
 * @module
 */

import { createPrivateKey, X509Certificate } from "node:crypto";

/** A certificate and its private key, in PEM. */
export interface KeyedCertificate {
  readonly certificatePem: string;
  /** PKCS#8. */
  readonly privateKeyPem: string;
}

/** What a certificate says. */
export interface Certificate {
  readonly pem: string;
  /** SHA-256 of the whole, in hex: tells certificates apart. */
  readonly fingerprint: string;
  readonly commonName: string;
  /** Epoch milliseconds. */
  readonly notBeforeMs: number;
  /** Epoch milliseconds. */
  readonly notAfterMs: number;
  readonly isAuthority: boolean;
  /** DNS names and IP addresses that a client may have asked for, as {@linkcode normalizeHost} spells them. */
  readonly hosts: readonly string[];
}

/** One spelling per host: `::1`, never `0:0:0:0:0:0:0:1`; lower case. */
export function normalizeHost(host: string): string {
  const isIPv6 = host.includes(":");
  const url = URL.parse(`http://${isIPv6 ? `[${host}]` : host}`);
  return url === null ? host : url.hostname.replace(/^\[(.*)\]$/, "$1");
}

const pemBlock = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** Every certificate in a text, in its order. What is none is left out. */
export function readCertificates(text: string): readonly Certificate[] {
  return (text.match(pemBlock) ?? []).flatMap((pem) => {
    const certificate = open(pem);
    return certificate ? [toCertificate(certificate, `${pem}\n`)] : [];
  });
}

/** Whether `issuer` is an authority whose key signed the certificate. Says nothing about time. */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  const [signed, signer] = [open(certificate.pem), open(issuer.pem)];
  if (!signed || !signer || !signer.ca) return false;
  return signed.checkIssued(signer) && signed.verify(signer.publicKey);
}

/** Whether a private key, in PEM, is the one of a certificate. */
export function isKeyOf(privateKeyPem: string, certificate: Certificate): boolean {
  try {
    return open(certificate.pem)?.checkPrivateKey(createPrivateKey(privateKeyPem)) ?? false;
  } catch {
    // Not a key at all.
    return false;
  }
}

function open(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function toCertificate(opened: X509Certificate, pem: string): Certificate {
  return {
    pem,
    fingerprint: opened.fingerprint256.replaceAll(":", "").toLowerCase(),
    commonName: /^CN=(.*)$/m.exec(opened.subject)?.[1] ?? "",
    notBeforeMs: Date.parse(opened.validFrom),
    notAfterMs: Date.parse(opened.validTo),
    isAuthority: opened.ca,
    hosts: readHosts(opened.subjectAltName),
  };
}

/** Reads `DNS:a.example, IP Address:192.0.2.1`. */
function readHosts(text: string | undefined): readonly string[] {
  return (text ?? "").split(", ").flatMap((part) => {
    const host = /^(?:DNS|IP Address):(.+)$/.exec(part)?.[1];
    return host === undefined ? [] : [normalizeHost(host)];
  });
}
