/**
 * What the controller remembers about a claim's token, in a Secret of its own namespace.
 *
 * The controller may create and delete in `kube-system` but never read there; this record is how it
 * knows what it has done.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { formatTime, parseTime } from "../../schemas/conditions.ts";
import type { Secret } from "../../schemas/kubernetes.ts";
import { apiVersion, labels } from "../../schemas/labels.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import { type BootstrapToken, encodeData, formatToken, tokenPattern } from "./token.ts";

/** The record of one claim's token. */
export interface TokenRecord {
  readonly token: BootstrapToken;
  /** How many ids were passed over because they were taken. */
  readonly salt: number;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** What the machine is started with; holds the token. */
  readonly userData: string;
  /** UID of the Secret in `kube-system`; absent until it is known to be ours. */
  readonly tokenUid: string | undefined;
}

/** Name of the record of a claim's token. */
export function tokenRecordName(claimName: string): string {
  return `bootstrap-${claimName}`;
}

/**
 * The Secret that holds a record. The claim owns it, so it never outlives the claim.
 *
 * @param resourceVersion Of the record it replaces; absent for a first one.
 */
export function toTokenRecordSecret(
  record: TokenRecord,
  claim: GPUNodeClaim,
  namespace: string,
  resourceVersion?: string,
): Secret {
  const { name, uid } = claim.metadata;
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: tokenRecordName(name),
      namespace,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      labels: { [labels.claim]: name },
      ownerReferences: [{ apiVersion, kind: "GPUNodeClaim", name, uid: uid ?? "" }],
    },
    type: "Opaque",
    data: encodeData({
      "token-id": record.token.id,
      "token-secret": record.token.secret,
      salt: String(record.salt),
      expiration: formatTime(record.expiresAt),
      "user-data": record.userData,
      ...(record.tokenUid === undefined ? {} : { "token-uid": record.tokenUid }),
    }),
  };
}

/** Reads a record; `undefined` when somebody damaged it, which is treated as if there were none. */
export function parseTokenRecord(secret: Secret): TokenRecord | undefined {
  const read = (field: string): string | undefined => {
    const encoded = secret.data?.[field];
    return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString();
  };
  const token = { id: read("token-id") ?? "", secret: read("token-secret") ?? "" };
  const salt = Number(read("salt"));
  const expiresAt = parseTime(read("expiration") ?? "");
  const userData = read("user-data");
  if (!tokenPattern.test(formatToken(token)) || userData === undefined) return undefined;
  if (!Number.isSafeInteger(salt) || salt < 0 || Number.isNaN(expiresAt)) return undefined;
  return { token, salt, expiresAt, userData, tokenUid: read("token-uid") };
}
