/**
 * A private certificate authority for tests.
 *
 * @module
 */

// @peculiar/x509 needs its polyfill to be loaded first.
import "reflect-metadata";
import { createPrivateKey } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** What a certificate says. */
export interface CertificateSubject {
  readonly commonName: string;
  readonly organization?: string;
  /** DNS names; IP addresses as `ip:127.0.0.1`. */
  readonly names?: readonly string[];
  readonly rsa?: boolean;
}

/** A certificate and its key; the key in every form that kubeconfigs hold. */
export interface IssuedCertificate {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** SEC1 for elliptic curves, PKCS#1 for RSA. */
  readonly traditionalKeyPem: string;
}

/** Signs certificates. */
export interface TestAuthority {
  readonly caPem: string;
  issue(subject: CertificateSubject): Promise<IssuedCertificate>;
}

const ec = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const rsa = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};
const dayMs = 86_400_000;

/** Creates an authority of its own. */
export async function createAuthority(): Promise<TestAuthority> {
  const notBefore = new Date(Date.now() - dayMs);
  const notAfter = new Date(Date.now() + dayMs);
  const keys = await crypto.subtle.generateKey(ec, true, ["sign", "verify"]);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=test-ca",
    notBefore,
    notAfter,
    keys,
    signingAlgorithm: ec,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  let serial = 1;
  return {
    caPem: ca.toString("pem"),
    async issue({ commonName, organization, names = [], rsa: isRsa = false }) {
      const own = await crypto.subtle.generateKey(isRsa ? rsa : ec, true, ["sign", "verify"]);
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: (++serial).toString(16).padStart(2, "0"),
        subject: `CN=${commonName}${organization ? `,O=${organization}` : ""}`,
        issuer: ca.subject,
        notBefore,
        notAfter,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ec,
        extensions: [
          new x509.SubjectAlternativeNameExtension(
            names.map(toGeneralName),
          ),
        ],
      });
      const der = await crypto.subtle.exportKey("pkcs8", own.privateKey);
      const keyPem = x509.PemConverter.encode(der, "PRIVATE KEY");
      const type = isRsa ? "pkcs1" : "sec1";
      return {
        certificatePem: certificate.toString("pem"),
        keyPem,
        traditionalKeyPem: String(createPrivateKey(keyPem).export({ type, format: "pem" })),
      };
    },
  };
}

function toGeneralName(name: string): x509.JsonGeneralName {
  return name.startsWith("ip:")
    ? { type: "ip", value: name.slice(3) }
    : { type: "dns", value: name };
}
