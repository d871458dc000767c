/**
 * Real certificates without waiting for another thread, so that they can be made in virtual time.
 *
 * @module
 */

import { createPrivateKey } from "node:crypto";
// Loaded before a clock is turned: a maker would load it when it is first used.
import "reflect-metadata";
import "@peculiar/x509";
import {
  type CertificateMaker,
  createCertificateMaker,
} from "../../controller/admission/serving/certificates/certificate_maker.ts";
import {
  generateKeyPair,
  syncCrypto,
  type SyncKey,
  toCryptoKey,
  toPrivateKeyPem,
} from "../../sim/api_server/certificates/sync_crypto.ts";

/** See the module. */
export function createSyncMaker(): CertificateMaker {
  return createCertificateMaker({
    provider: syncCrypto,
    generateKeyPair() {
      const { publicKey, privateKey } = generateKeyPair();
      return Promise.resolve({
        publicKey: toCryptoKey(publicKey),
        privateKey: toCryptoKey(privateKey),
      });
    },
    exportPrivateKey: (key) => Promise.resolve(toPrivateKeyPem(toSyncKey(key))),
    importPrivateKey(pem) {
      const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
      const key = createPrivateKey(pem);
      return Promise.resolve(
        toCryptoKey({ type: "private", algorithm, usages: ["sign"], extractable: true, key }),
      );
    },
  });
}

/** The reverse of `toCryptoKey`. */
function toSyncKey(key: CryptoKey): SyncKey {
  return key as unknown as SyncKey;
}
