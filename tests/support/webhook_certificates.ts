/**
 * Certificates of the webhook for tests, made at once.
 *
 * @module
 */

import {
  type Certificate,
  type KeyedCertificate,
  readCertificates,
} from "../../controller/admission/serving/certificates/certificate.ts";
import {
  authorityValidity,
  leafValidity,
} from "../../controller/admission/serving/certificates/decide_rotation.ts";
import {
  authorityName,
  parseStored,
  type StoredCertificates,
  toSecretData,
} from "../../controller/admission/serving/certificates/stored_certificates.ts";
import { createSyncMaker } from "./sync_certificate_maker.ts";

/** The only certificate of a text. */
export function readOne(pem: string): Certificate {
  const [certificate] = readCertificates(pem);
  if (!certificate) throw new Error("There is no certificate in the text");
  return certificate;
}

/** What makes up a Secret. */
export interface Contents {
  /** When each authority was made, in epoch milliseconds; the first one signs further leaves. */
  readonly authorities: readonly [number, ...number[]];
  /** Which of them signed the leaf. @default {0} */
  readonly signer?: number | undefined;
  /** When the leaf was made, in epoch milliseconds. */
  readonly leaf: number;
  /** @default {["webhook.example"]} */
  readonly hosts?: readonly string[] | undefined;
}

/** The data of a Secret. */
export async function buildSecretData(contents: Contents): Promise<Record<string, string>> {
  const maker = createSyncMaker();
  const authorities: KeyedCertificate[] = [];
  for (const madeMs of contents.authorities) {
    authorities.push(await maker.makeAuthority(authorityName, authorityValidity(madeMs)));
  }
  const [first] = authorities;
  const signer = authorities[contents.signer ?? 0];
  if (!first || !signer) throw new RangeError("There is no such authority");
  const validity = leafValidity(contents.leaf, readOne(signer.certificatePem));
  return toSecretData({
    authoritiesPem: authorities.map(({ certificatePem }) => certificatePem),
    authorityKeyPem: first.privateKeyPem,
    leaf: await maker.makeLeaf(signer, contents.hosts ?? ["webhook.example"], validity),
  });
}

/** The same, parsed. */
export async function buildStored(contents: Contents): Promise<StoredCertificates> {
  const stored = parseStored(await buildSecretData(contents));
  if (stored.kind === "unusable") throw new Error(stored.problem);
  return stored.certificates;
}
