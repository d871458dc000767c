/**
 * Making certificates: EC P-256, an authority and the leaves that it signs.
 *
 * @module
 */

import type * as X509 from "@peculiar/x509";
import type { KeyedCertificate } from "./certificate.ts";

/** From when until when a certificate holds, in epoch milliseconds. */
export interface Validity {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** Makes certificates, each with a key of its own. */
export interface CertificateMaker {
  /** Makes an authority. */
  makeAuthority(commonName: string, validity: Validity): Promise<KeyedCertificate>;
  /**
   * Makes a server's certificate.
   *
   * @param hosts DNS names and IP addresses.
   * @throws {Error} If the authority's key cannot be read.
   */
  makeLeaf(
    authority: KeyedCertificate,
    hosts: readonly string[],
    validity: Validity,
  ): Promise<KeyedCertificate>;
}

/** The cryptography underneath, so that a simulation can bring one that answers at once. */
export interface CertificateCrypto {
  /** What signs and hashes. */
  readonly provider: Crypto;
  generateKeyPair(): Promise<CryptoKeyPair>;
  /** A private key as PKCS#8 PEM. */
  exportPrivateKey(key: CryptoKey): Promise<string>;
  /** The reverse. @throws {Error} If the text is no such key. */
  importPrivateKey(pem: string): Promise<CryptoKey>;
}

/** Clients look at the hosts; this is for people. At most 64 characters (RFC 5280). */
const leafName = "tgp-webhook";
const curve = { name: "ECDSA", namedCurve: "P-256" };
const signing = { name: "ECDSA", hash: "SHA-256" };

/** The platform's cryptography. */
export const webCrypto: CertificateCrypto = {
  provider: crypto,
  generateKeyPair: () => crypto.subtle.generateKey(curve, true, ["sign", "verify"]),
  async exportPrivateKey(key) {
    const bytes = new Uint8Array(await crypto.subtle.exportKey("pkcs8", key));
    const lines = bytes.toBase64().replace(/.{64}(?=.)/g, "$&\n");
    return `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`;
  },
  importPrivateKey(pem) {
    const bytes = Uint8Array.fromBase64(pem.replace(/-----[^-]+-----/g, ""));
    return crypto.subtle.importKey("pkcs8", bytes, curve, false, ["sign"]);
  },
};

/** Creates a maker. */
export function createCertificateMaker(
  { provider, ...keys }: CertificateCrypto = webCrypto,
): CertificateMaker {
  return {
    async makeAuthority(commonName, validity) {
      const x509 = await loadX509();
      const pair = await keys.generateKeyPair();
      const certificate = await x509.X509CertificateGenerator.createSelfSigned({
        serialNumber: toSerialNumber(provider),
        name: [{ CN: [commonName] }],
        ...toDates(validity),
        keys: pair,
        signingAlgorithm: signing,
        extensions: [
          // Signs leaves only, never another authority.
          new x509.BasicConstraintsExtension(true, 0, true),
          new x509.KeyUsagesExtension(
            x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
            true,
          ),
          await x509.SubjectKeyIdentifierExtension.create(pair.publicKey, false, provider),
        ],
      }, provider);
      return toKeyed(certificate, await keys.exportPrivateKey(pair.privateKey));
    },
    async makeLeaf(authority, hosts, validity) {
      const x509 = await loadX509();
      const issuer = new x509.X509Certificate(authority.certificatePem);
      const pair = await keys.generateKeyPair();
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: toSerialNumber(provider),
        subject: [{ CN: [leafName] }],
        issuer: issuer.subjectName,
        ...toDates(validity),
        publicKey: pair.publicKey,
        signingKey: await keys.importPrivateKey(authority.privateKeyPem),
        signingAlgorithm: signing,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension(hosts.map(toGeneralName)),
          // Tells a client at once which of two authorities to try.
          await x509.AuthorityKeyIdentifierExtension.create(issuer, false, provider),
        ],
      }, provider);
      return toKeyed(certificate, await keys.exportPrivateKey(pair.privateKey));
    },
  };
}

/**
 * Loaded when it is needed: it costs 15 MB and 150 ms, and of all replicas one makes a certificate every
 * two months.
 */
async function loadX509(): Promise<typeof X509> {
  await import("reflect-metadata");
  return await import("@peculiar/x509");
}

function toKeyed(certificate: X509.X509Certificate, privateKeyPem: string): KeyedCertificate {
  return { certificatePem: `${certificate.toString("pem")}\n`, privateKeyPem };
}

function toDates({ notBeforeMs, notAfterMs }: Validity) {
  return { notBefore: new Date(notBeforeMs), notAfter: new Date(notAfterMs) };
}

function toGeneralName(host: string): X509.JsonGeneralName {
  return { type: /^[\d.]+$|:/.test(host) ? "ip" : "dns", value: host };
}

/** 127 random bits; the first is zero, so that no reader takes it for a negative number. */
function toSerialNumber(provider: Crypto): string {
  const bytes = provider.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes.toHex();
}
