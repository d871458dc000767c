/**
 * Bootstrap tokens: one per claim, for one machine, for as long as that machine may take to join.
 *
 * This file holds the values; `token_issue.ts` puts them into the cluster. Format and meaning of the
 * Secret: Kubernetes documentation, "Authenticating with Bootstrap Tokens", v1.36.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, randomInt } from "node:crypto";
import { formatTime } from "../../schemas/conditions.ts";
import type { Secret } from "../../schemas/kubernetes.ts";
import { bootstrapGroup, labels } from "../../schemas/labels.ts";

/** The namespace in which Kubernetes looks for bootstrap tokens. */
export const tokenNamespace = "kube-system";

/** A token; `id` is public, `secret` is not. */
export interface BootstrapToken {
  /** Six lower-case letters and digits. */
  readonly id: string;
  /** Sixteen lower-case letters and digits. */
  readonly secret: string;
}

const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
const idLength = 6;
const secretLength = 16;

/** What a whole token, `id.secret`, looks like. */
export const tokenPattern: RegExp = /^[a-z0-9]{6}\.[a-z0-9]{16}$/;

/**
 * The token id of a claim: the same after every crash. Ids are public, so deriving them leaks nothing.
 *
 * @param salt 0, and one more for each id that turned out to be taken.
 */
export function computeTokenId(claimUid: string, salt: number): string {
  const digest = createHash("sha256").update(`${claimUid}/${salt}`).digest();
  // 48 bits for 31 bits of id: the bias of the remainder is far below what a collision count shows.
  let number = digest.readUIntBE(0, 6);
  let id = "";
  for (let index = 0; index < idLength; index++) {
    id += alphabet.charAt(number % alphabet.length);
    number = Math.floor(number / alphabet.length);
  }
  return id;
}

/**
 * A new secret from the platform's cryptographic source; never derived from anything, and not from
 * the injected `Random`, whose seeds are no secret.
 */
export function createTokenSecret(): string {
  return Array.from({ length: secretLength }, () => alphabet.charAt(randomInt(alphabet.length)))
    .join("");
}

/** `id.secret`, as a machine presents it. */
export function formatToken(token: BootstrapToken): string {
  return `${token.id}.${token.secret}`;
}

/** The user name under which the API server knows the bearer of a token. */
export function tokenUserName(tokenId: string): string {
  return `system:bootstrap:${tokenId}`;
}

/** Name of the Secret that makes a token valid; Kubernetes prescribes it. */
export function tokenSecretName(tokenId: string): string {
  return `bootstrap-token-${tokenId}`;
}

/**
 * The Secret that makes a token valid until `expiresAt`. Its group has no automatic approval: a
 * certificate is signed only after the approver agreed.
 *
 * @param expiresAt Epoch milliseconds.
 */
export function createTokenSecretObject(
  token: BootstrapToken,
  claimName: string,
  expiresAt: number,
): Secret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: tokenSecretName(token.id),
      namespace: tokenNamespace,
      labels: { [labels.claim]: claimName },
    },
    type: "bootstrap.kubernetes.io/token",
    data: encodeData({
      "token-id": token.id,
      "token-secret": token.secret,
      expiration: formatTime(expiresAt),
      "usage-bootstrap-authentication": "true",
      "auth-extra-groups": bootstrapGroup,
      description: `GPUNodeClaim ${claimName}`,
    }),
  };
}

/** A Secret's `data`: every value in base64 of its UTF-8 text. */
export function encodeData(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, text]) => [key, Buffer.from(text).toString("base64")]),
  );
}
