/**
 * The cluster's certificate authority.
 *
 * Validity is in real time whatever the simulation's clock says: TLS libraries look at the wall.
 *
 * @module
 */

import "reflect-metadata";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequest,
  type PublicKey,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import {
  generateKeyPair,
  syncCrypto,
  type SyncKey,
  toCryptoKey,
  toPrivateKeyPem,
} from "./sync_crypto.ts";

/** A certificate and its private key, in PEM. */
export interface KeyedCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** Whom a certificate is for. */
export interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

/** How long a certificate holds. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A certificate authority. */
export interface CertificateAuthority {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  /** Issues a client certificate with a key of its own. */
  readonly issueClient: (subject: Subject) => Promise<KeyedCertificate>;
  /** Issues a server certificate for names and addresses. */
  readonly issueServer: (subject: Subject, hosts: readonly string[]) => Promise<KeyedCertificate>;
  /**
   * Signs a request (PKCS#10, PEM) for a client, with the subject and key in it.
   *
   * @throws {Error} If the request is broken or its signature wrong.
   */
  readonly signClientRequest: (requestPem: string, validity?: Validity) => Promise<string>;
}

/** An hour of tolerance for clocks that differ, and a year: no box lives longer. */
function defaultValidity(): Validity {
  const now = Date.now();
  return { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + 365 * 86_400_000) };
}

const signing = { name: "ECDSA", hash: "SHA-256" };

/** Makes an authority, with a new key. */
export async function createCertificateAuthority(
  commonName = "kubernetes",
): Promise<CertificateAuthority> {
  const keys = generateKeyPair();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    ...defaultValidity(),
    signingAlgorithm: signing,
    keys: { publicKey: toCryptoKey(keys.publicKey), privateKey: toCryptoKey(keys.privateKey) },
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(
        KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature,
        true,
      ),
    ],
  }, syncCrypto);
  return withKey(certificate, keys.privateKey);
}

function withKey(issuer: X509Certificate, key: SyncKey): CertificateAuthority {
  const sign = (what: Signed) => signCertificate(issuer, key, what);
  const issue = async (what: Omit<Signed, "publicKey">) => {
    const keys = generateKeyPair();
    const certificatePem = await sign({ ...what, publicKey: toCryptoKey(keys.publicKey) });
    return { certificatePem, privateKeyPem: toPrivateKeyPem(keys.privateKey) };
  };
  return {
    certificatePem: issuer.toString("pem"),
    privateKeyPem: toPrivateKeyPem(key),
    issueClient: (subject) =>
      issue({ subject: toName(subject), usage: ExtendedKeyUsage.clientAuth, hosts: [] }),
    issueServer: (subject, hosts) =>
      issue({ subject: toName(subject), usage: ExtendedKeyUsage.serverAuth, hosts }),
    async signClientRequest(requestPem, validity) {
      const request = new Pkcs10CertificateRequest(requestPem);
      if (!await request.verify(syncCrypto)) {
        throw new Error("Cannot sign certificate request: its signature does not match its key");
      }
      const { publicKey, subjectName } = request;
      const usage = ExtendedKeyUsage.clientAuth;
      const subject = subjectName.toJSON();
      return await sign({
        subject,
        usage,
        hosts: [],
        publicKey,
        ...(validity ? { validity } : {}),
      });
    },
  };
}

type JsonName = readonly Readonly<Record<string, readonly string[]>>[];

function toName({ commonName, organizations = [] }: Subject): JsonName {
  return [...organizations.map((one) => ({ O: [one] })), { CN: [commonName] }];
}

interface Signed {
  readonly subject: JsonName;
  readonly usage: ExtendedKeyUsage;
  readonly hosts: readonly string[];
  readonly publicKey: CryptoKey | PublicKey;
  readonly validity?: Validity;
}

async function signCertificate(
  issuer: X509Certificate,
  key: SyncKey,
  what: Signed,
): Promise<string> {
  const names = what.hosts.map((host) => ({
    type: /^[\d.]+$/.test(host) ? "ip" : "dns",
    value: host,
  } satisfies { type: "ip" | "dns"; value: string }));
  const certificate = await X509CertificateGenerator.create({
    subject: what.subject.map((part) =>
      Object.fromEntries(Object.entries(part).map(([type, values]) => [type, [...values]]))
    ),
    issuer: issuer.subjectName,
    ...(what.validity ?? defaultValidity()),
    signingAlgorithm: signing,
    publicKey: what.publicKey,
    signingKey: toCryptoKey(key),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([what.usage]),
      ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
    ],
  }, syncCrypto);
  return certificate.toString("pem");
}
