/**
 * What is in the Secret after a change.
 *
 * @module
 */

import { assertNever } from "../../../../providers/errors.ts";
import type { KeyedCertificate } from "./certificate.ts";
import type { CertificateMaker } from "./certificate_maker.ts";
import { authorityValidity, leafValidity, type Rotation } from "./decide_rotation.ts";
import { authorityName, toSecretData } from "./stored_certificates.ts";

/** Circumstances of a change. */
export interface MakeOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** What a leaf must be valid for. */
  readonly hosts: readonly string[];
}

/** More names than that are not carried over to a new leaf. */
const maxHosts = 32;

/** Makes what a change calls for. */
export async function makeContents(
  maker: CertificateMaker,
  change: Rotation,
  { now, hosts }: MakeOptions,
): Promise<Readonly<Record<string, string>>> {
  const makeAuthority = () => maker.makeAuthority(authorityName, authorityValidity(now));
  switch (change.kind) {
    case "startAnew": {
      const authority = await makeAuthority();
      return toSecretData({
        authoritiesPem: [authority.certificatePem],
        authorityKeyPem: authority.privateKeyPem,
        leaf: await maker.makeLeaf(authority, hosts, leafValidity(now, authorityValidity(now))),
      });
    }
    case "addAuthority": {
      const authority = await makeAuthority();
      const { authorities } = change.present;
      return toSecretData({
        authoritiesPem: [authority.certificatePem, ...authorities.map(({ pem }) => pem)],
        authorityKeyPem: authority.privateKeyPem,
        leaf: presentLeaf(change),
      });
    }
    case "renewLeaf": {
      const { authorities, authorityKeyPem, leaf } = change.present;
      const [signer] = authorities;
      const authority = { certificatePem: signer.pem, privateKeyPem: authorityKeyPem };
      // Replicas that are told different names, as during an update, would replace each other's leaves.
      const union = [...new Set([...hosts, ...leaf.hosts])].slice(
        0,
        Math.max(maxHosts, hosts.length),
      );
      return toSecretData({
        authoritiesPem: authorities.map(({ pem }) => pem),
        authorityKeyPem,
        leaf: await maker.makeLeaf(authority, union, leafValidity(now, signer)),
      });
    }
    case "forget": {
      const { authorities: [signer, ...others], authorityKeyPem } = change.present;
      const valid = others.filter(({ notAfterMs }) => now < notAfterMs);
      return toSecretData({
        authoritiesPem: [signer, ...valid].map(({ pem }) => pem),
        authorityKeyPem,
        leaf: presentLeaf(change),
      });
    }
    default:
      return assertNever(change);
  }
}

function presentLeaf(
  { present: { leaf, leafKeyPem } }: Exclude<Rotation, { kind: "startAnew" }>,
): KeyedCertificate {
  return { certificatePem: leaf.pem, privateKeyPem: leafKeyPem };
}
