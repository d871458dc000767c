/**
 * The certificate request of a kubelet (PKCS#10, RFC 2986), made synchronously.
 *
 * @module
 */

import { generateKeyPairSync, sign } from "node:crypto";
import {
  bitString,
  element,
  objectIdentifier,
  printableString,
  sequence,
  setOf,
} from "./der_writer.ts";

/** A new key and a request for a certificate over it. */
export interface KubeletRequest {
  readonly keyPem: string;
  readonly requestPem: string;
}

const organization = "2.5.4.10";
const commonName = "2.5.4.3";
const ecdsaWithSha256 = "1.2.840.10045.4.3.2";

/** What a kubelet asks for: the identity of a node, with a P-256 key made for it. */
export function createKubeletRequest(nodeName: string): KubeletRequest {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const version0 = element(0x02, Uint8Array.of(0));
  const subject = sequence(
    attribute(organization, "system:nodes"),
    attribute(commonName, `system:node:${nodeName}`),
  );
  const noAttributes = element(0xa0);
  const key = publicKey.export({ type: "spki", format: "der" });
  const info = sequence(version0, subject, key, noAttributes);
  const request = sequence(
    info,
    sequence(objectIdentifier(ecdsaWithSha256)),
    bitString(sign("sha256", info, privateKey)),
  );
  return {
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    requestPem: toPem(request.toString("base64")),
  };
}

function attribute(type: string, value: string): Uint8Array {
  return setOf(sequence(objectIdentifier(type), printableString(value)));
}

function toPem(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  const label = "CERTIFICATE REQUEST";
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
