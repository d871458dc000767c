/**
 * What a PKCS#10 certificate request asks for (RFC 2986).
 *
 * The signature is not verified: the signer does that before it issues anything.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import {
  contentOf,
  type DerElement,
  DerError,
  derTags,
  readElements,
  readInside,
  readObjectIdentifier,
  readText,
} from "./der.ts";

/** A certificate request, as far as approval depends on it. */
export interface CertificateRequest {
  /** The subject's attributes in order: dotted object identifier and text. */
  readonly subject: readonly { readonly type: string; readonly value: string }[];
  readonly keyType: "rsa" | "other";
  /** Whether it asks for any alternative name: DNS, address, URI or e-mail. */
  readonly hasAlternativeNames: boolean;
}

/** Thrown for text that is not exactly one certificate request. */
export class CertificateRequestError extends Error {
  override name = "CertificateRequestError";
}

/** Object identifiers in use (RFC 5280, RFC 2985, RFC 8017). */
export const objectIdentifiers = {
  commonName: "2.5.4.3",
  organization: "2.5.4.10",
  subjectAlternativeName: "2.5.29.17",
  extensionRequest: "1.2.840.113549.1.9.14",
  rsaEncryption: "1.2.840.113549.1.1.1",
} as const;

const pemPattern =
  /^\s*-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END (?:NEW )?CERTIFICATE REQUEST-----\s*$/;

/**
 * Reads the request of a CertificateSigningRequest.
 *
 * @param encoded `spec.request`: base64 of PEM.
 * @throws {CertificateRequestError} If it is anything else than one PKCS#10 request.
 */
export function parseCertificateRequest(encoded: string): CertificateRequest {
  const body = pemPattern.exec(Buffer.from(encoded, "base64").toString("latin1"))?.[1];
  if (body === undefined) {
    throw new CertificateRequestError("Cannot read certificate request: not one PEM block");
  }
  try {
    const [request, ...rest] = readElements(Buffer.from(body, "base64"));
    if (rest.length > 0) throw new DerError("Bytes follow the request");
    return parseRequest(request);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new CertificateRequestError(
      `Cannot read certificate request: ${error.message}`,
      { cause: error },
    );
  }
}

/** `SEQUENCE { SEQUENCE { version, subject, key, [0] attributes }, algorithm, signature }`. */
function parseRequest(request: DerElement | undefined): CertificateRequest {
  const [info] = readInside(request, derTags.sequence);
  const [version, subject, key, attributes] = readInside(info, derTags.sequence);
  contentOf(version, derTags.integer);
  return {
    subject: parseSubject(subject),
    keyType: parseKeyType(key),
    hasAlternativeNames: attributes !== undefined && asksForAlternativeNames(attributes),
  };
}

function parseSubject(subject: DerElement | undefined): CertificateRequest["subject"] {
  return readInside(subject, derTags.sequence).flatMap((relativeName) =>
    readInside(relativeName, derTags.set).map((pair) => {
      const [type, value] = readInside(pair, derTags.sequence);
      return { type: readObjectIdentifier(type), value: readText(value) };
    })
  );
}

function parseKeyType(key: DerElement | undefined): "rsa" | "other" {
  const [algorithm] = readInside(key, derTags.sequence);
  const [type] = readInside(algorithm, derTags.sequence);
  return readObjectIdentifier(type) === objectIdentifiers.rsaEncryption ? "rsa" : "other";
}

function asksForAlternativeNames(attributes: DerElement): boolean {
  return readInside(attributes, derTags.context0).some((attribute) => {
    const [type, values] = readInside(attribute, derTags.sequence);
    if (readObjectIdentifier(type) !== objectIdentifiers.extensionRequest) return false;
    return readInside(values, derTags.set).some((extensions) =>
      readInside(extensions, derTags.sequence).some((extension) => {
        const [id] = readInside(extension, derTags.sequence);
        return readObjectIdentifier(id) === objectIdentifiers.subjectAlternativeName;
      })
    );
  });
}
