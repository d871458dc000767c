/**
 * Issues a claim's bootstrap token and takes it back.
 *
 * ```text
 * no record ──► record (id, secret, user data) ──► Secret in kube-system ──► record + its UID ──► usable
 *                     ▲                                     │ AlreadyExists
 *                     └──────────── next id, new secret ◄───┘
 * ```
 *
 * **Guarantees.** Only `create` and `delete` are used in `kube-system`. User data is handed out only
 * when the token it holds is recorded as ours, so a token that was overwritten in the record before
 * that was never given to anybody. A Secret is deleted there only by the UID we saw when we made it.
 * Safe to repeat after a crash at any line.
 *
 * **Caveats.** A crash between the Secret in `kube-system` and its UID in the record leaves that
 * Secret behind until it expires (nobody knows its secret): `AlreadyExists` cannot tell it from a
 * stranger's, so the next pass takes the next id. The API server remembers for ten seconds that a token
 * was good (its token cache, v1.36), so a revoked one may still ask for a certificate that long; the
 * approver refuses it at once, because the record is gone.
 *
 * @module
 */

import { secrets } from "../../kube/resource.ts";
import { isAlreadyExists, isConflict, isNotFound, type Kube } from "../../kube/kube.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import {
  computeTokenId,
  createTokenSecret,
  createTokenSecretObject,
  formatToken,
  tokenNamespace,
  tokenSecretName,
} from "./token.ts";
import {
  parseTokenRecord,
  type TokenRecord,
  tokenRecordName,
  toTokenRecordSecret,
} from "./token_record.ts";

/**
 * A token lives so much longer than asked, so that walking to the next offer, with its slightly later
 * deadline, keeps it: a walk through a few refusals takes seconds, a rate-limited one minutes.
 */
const marginMs = 5 * 60_000;

/** Ids tried in one pass; one collision is a one in a million event even among thousands of tokens. */
const maxAttempts = 4;

/** Options of {@linkcode ensureToken}. */
export interface EnsureTokenOptions {
  /** The controller's own namespace. */
  readonly namespace: string;
  /** The token must be valid until then, in epoch milliseconds. */
  readonly expiresAt: number;
  /** Makes the user data that carries a token (`id.secret`); pure, called again on every pass. */
  readonly render: (token: string) => string;
  readonly signal?: AbortSignal | undefined;
}

/** A token that the API server accepts, and the user data that carries it. */
export interface IssuedToken {
  /** The public part. */
  readonly id: string;
  readonly userData: string;
  /** Epoch milliseconds; at least what was asked for. */
  readonly expiresAt: number;
}

/** Thrown when every id that was tried is taken. */
export class TokenCollisionError extends Error {
  override name = "TokenCollisionError";
}

/** A record as stored. */
interface StoredRecord {
  /** Absent when somebody damaged it: it is overwritten, and its token left to expire. */
  readonly record: TokenRecord | undefined;
  readonly resourceVersion: string | undefined;
  readonly ownedByClaim: boolean;
}

/**
 * Makes sure that the claim has a valid token, and returns it inside its user data. To be called
 * before the launch; an already issued token is kept as long as it lives long enough.
 *
 * @throws {KubeError} If the API server refuses; a conflict means run again.
 * @throws {TokenCollisionError} If every id that was tried is taken.
 * @throws What `render` throws.
 */
export async function ensureToken(
  kube: Kube,
  claim: GPUNodeClaim,
  options: EnsureTokenOptions,
): Promise<IssuedToken> {
  const stored = await loadRecord(kube, claim, options);
  const issued = issuedRecord(stored);
  if (issued !== undefined && issued.expiresAt >= options.expiresAt) {
    return toIssued(await refreshUserData(kube, claim, issued, stored?.resourceVersion, options));
  }
  await withdrawToken(kube, stored?.record, options.signal);
  return toIssued(await issueToken(kube, claim, stored, options));
}

/**
 * Makes the claim's token worthless and forgets it. Safe to repeat; before terminating a machine, so
 * that a late one cannot join.
 *
 * @throws {KubeError} If the API server refuses.
 */
export async function revokeToken(
  kube: Kube,
  claim: GPUNodeClaim,
  options: Pick<EnsureTokenOptions, "namespace" | "signal">,
): Promise<void> {
  const stored = await loadRecord(kube, claim, options);
  if (stored === undefined) return;
  await withdrawToken(kube, stored.record, options.signal);
  const ref = { name: tokenRecordName(claim.metadata.name), namespace: options.namespace };
  await ignoreAbsence(kube.delete(secrets, ref, { signal: options.signal }));
}

/** The id of the token that was issued to a claim, if any; what the approver compares with. */
export async function findIssuedTokenId(
  kube: Kube,
  claim: GPUNodeClaim,
  options: Pick<EnsureTokenOptions, "namespace" | "signal">,
): Promise<string | undefined> {
  return issuedRecord(await loadRecord(kube, claim, options))?.token.id;
}

async function loadRecord(
  kube: Kube,
  claim: GPUNodeClaim,
  options: Pick<EnsureTokenOptions, "namespace" | "signal">,
): Promise<StoredRecord | undefined> {
  const ref = { name: tokenRecordName(claim.metadata.name), namespace: options.namespace };
  try {
    const secret = await kube.get(secrets, ref, { signal: options.signal });
    return {
      record: parseTokenRecord(secret),
      resourceVersion: secret.metadata.resourceVersion,
      ownedByClaim: secret.metadata.ownerReferences?.some((owner) =>
        owner.uid === claim.metadata.uid
      ) ?? false,
    };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The record, if it is of this very claim and its token is known to be ours. */
function issuedRecord(stored: StoredRecord | undefined): TokenRecord | undefined {
  const record = stored?.ownedByClaim ? stored.record : undefined;
  return record?.tokenUid === undefined ? undefined : record;
}

async function issueToken(
  kube: Kube,
  claim: GPUNodeClaim,
  stored: StoredRecord | undefined,
  options: EnsureTokenOptions,
): Promise<TokenRecord> {
  const { name, uid } = claim.metadata;
  if (uid === undefined) throw new TypeError(`Cannot issue token: claim "${name}" has no UID yet`);
  const firstSalt = stored?.ownedByClaim && stored.record ? stored.record.salt + 1 : 0;
  let resourceVersion = stored?.resourceVersion;
  for (let salt = firstSalt; salt < firstSalt + maxAttempts; salt++) {
    const record = createRecord(uid, salt, options);
    resourceVersion = await writeRecord(kube, claim, record, resourceVersion, options);
    const tokenUid = await publishToken(kube, record, name, options.signal);
    if (tokenUid === undefined) continue;
    const published = { ...record, tokenUid };
    await writeRecord(kube, claim, published, resourceVersion, options);
    return published;
  }
  throw new TokenCollisionError(
    `Cannot issue token for claim "${name}": ${maxAttempts} ids are taken; ` +
      `look for many "bootstrap-token-" Secrets in "${tokenNamespace}"`,
  );
}

function createRecord(uid: string, salt: number, options: EnsureTokenOptions): TokenRecord {
  const token = { id: computeTokenId(uid, salt), secret: createTokenSecret() };
  return {
    token,
    salt,
    expiresAt: options.expiresAt + marginMs,
    userData: options.render(formatToken(token)),
    tokenUid: undefined,
  };
}

/** Writes the record over the version we know of; returns the new version. */
async function writeRecord(
  kube: Kube,
  claim: GPUNodeClaim,
  record: TokenRecord,
  resourceVersion: string | undefined,
  options: EnsureTokenOptions,
): Promise<string | undefined> {
  const secret = toTokenRecordSecret(record, claim, options.namespace, resourceVersion);
  const call = { signal: options.signal };
  const written = resourceVersion === undefined
    ? await kube.create(secrets, secret, call)
    : await kube.replace(secrets, secret, call);
  return written.metadata.resourceVersion;
}

/** Makes the token valid; returns the Secret's UID, or `undefined` when the id is taken. */
async function publishToken(
  kube: Kube,
  record: TokenRecord,
  claimName: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const secret = createTokenSecretObject(record.token, claimName, record.expiresAt);
  try {
    return (await kube.create(secrets, secret, { signal })).metadata.uid;
  } catch (error) {
    if (isAlreadyExists(error)) return undefined;
    throw error;
  }
}

/** Another offer may want other user data around the same token. */
async function refreshUserData(
  kube: Kube,
  claim: GPUNodeClaim,
  issued: TokenRecord,
  resourceVersion: string | undefined,
  options: EnsureTokenOptions,
): Promise<TokenRecord> {
  const userData = options.render(formatToken(issued.token));
  if (userData === issued.userData) return issued;
  const record = { ...issued, userData };
  await writeRecord(kube, claim, record, resourceVersion, options);
  return record;
}

/** Deletes the Secret in `kube-system`, if it is known to be ours. */
async function withdrawToken(
  kube: Kube,
  record: TokenRecord | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (record?.tokenUid === undefined) return;
  const ref = { name: tokenSecretName(record.token.id), namespace: tokenNamespace };
  const preconditions = { uid: record.tokenUid };
  await ignoreAbsence(kube.delete(secrets, ref, { preconditions, signal }));
}

/** A conflict on the UID means that ours is gone and the name is somebody else's now. */
async function ignoreAbsence(deletion: Promise<void>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}

function toIssued(record: TokenRecord): IssuedToken {
  return { id: record.token.id, userData: record.userData, expiresAt: record.expiresAt };
}
