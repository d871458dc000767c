/**
 * Web Crypto over `node:crypto`'s synchronous functions, as far as certificates need it.
 *
 * The platform's own `crypto.subtle` answers from another thread, at a moment that virtual time knows
 * nothing of. These promises are settled when they are returned, so certificates can be made and
 * checked inside a simulation.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomFillSync,
  sign,
  verify,
} from "node:crypto";

/** A key in the shape of a `CryptoKey`. */
export interface SyncKey {
  readonly type: "public" | "private";
  readonly algorithm: {
    readonly name: string;
    readonly namedCurve?: string;
    readonly hash?: string;
  };
  readonly usages: readonly string[];
  readonly extractable: true;
  readonly key: KeyObject;
}

/** Both halves of a key. */
export interface SyncKeyPair {
  readonly publicKey: SyncKey;
  readonly privateKey: SyncKey;
}

const curve = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

function toSyncKey(key: KeyObject, type: "public" | "private", algorithm = curve): SyncKey {
  return {
    type,
    algorithm,
    usages: [type === "public" ? "verify" : "sign"],
    extractable: true,
    key,
  };
}

/** Makes an ECDSA P-256 key pair. */
export function generateKeyPair(): SyncKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    publicKey: toSyncKey(publicKey, "public"),
    privateKey: toSyncKey(privateKey, "private"),
  };
}

/** A private key as PKCS#8 PEM. */
export function toPrivateKeyPem({ key }: SyncKey): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

type Bytes = ArrayBuffer | ArrayBufferView<ArrayBuffer>;

function toBuffer(bytes: Bytes): Buffer {
  return ArrayBuffer.isView(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : Buffer.from(bytes);
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}

function hashName(algorithm: unknown): string {
  const hash = typeof algorithm === "object" && algorithm !== null && "hash" in algorithm
    ? algorithm.hash
    : "SHA-256";
  const name = typeof hash === "object" && hash !== null && "name" in hash ? hash.name : hash;
  return String(name).replace("-", "").toLowerCase();
}

/** Web Crypto signs ECDSA as the bare pair of numbers, not as DER. */
function signingKey({ key }: SyncKey) {
  return { key, dsaEncoding: "ieee-p1363" } as const;
}

const subtle = {
  digest: (algorithm: string, data: Bytes) =>
    Promise.resolve(
      toArrayBuffer(
        createHash(algorithm.replace("-", "").toLowerCase()).update(toBuffer(data)).digest(),
      ),
    ),
  exportKey: (_format: "spki", { key }: SyncKey) =>
    Promise.resolve(toArrayBuffer(key.export({ type: "spki", format: "der" }))),
  importKey: (_format: "spki", data: Bytes, algorithm: typeof curve) =>
    Promise.resolve(
      toSyncKey(
        createPublicKey({ key: toBuffer(data), type: "spki", format: "der" }),
        "public",
        algorithm,
      ),
    ),
  sign: (algorithm: unknown, key: SyncKey, data: Bytes) =>
    Promise.resolve(toArrayBuffer(sign(hashName(algorithm), toBuffer(data), signingKey(key)))),
  verify: (algorithm: unknown, key: SyncKey, signature: Bytes, data: Bytes) =>
    Promise.resolve(
      verify(hashName(algorithm), toBuffer(data), signingKey(key), toBuffer(signature)),
    ),
};

/** The `crypto` argument of @peculiar/x509's functions. */
export const syncCrypto: Crypto = {
  subtle,
  getRandomValues: (array: Uint8Array) => randomFillSync(array),
  // Only what the library calls is there.
} as unknown as Crypto;

/** A key where @peculiar/x509 wants a `CryptoKey`: it asks for the members of this one only. */
export function toCryptoKey(key: SyncKey): CryptoKey {
  return key as unknown as CryptoKey;
}
