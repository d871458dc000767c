/**
 * A certificate that somebody else keeps, cert-manager for example, in mounted files `tls.crt` and
 * `tls.key`.
 *
 * The files are read again and again, since the kubelet exchanges them behind a link that no watch of
 * files sees. They are read one after the other: only a key that belongs to its certificate is used.
 *
 * @module
 */

import type { Clock } from "../../../../runtime/clock.ts";
import type { Log } from "../../../../runtime/log.ts";
import { isKeyOf, type KeyedCertificate, readCertificates } from "./certificate.ts";

/** Collaborators. */
export interface MountedCertificateDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly readTextFile: (path: string) => Promise<string>;
  /** Serves new connections with this certificate from now on. */
  readonly serve: (certificate: KeyedCertificate) => void;
}

/** Milliseconds between two looks; the kubelet itself is a minute behind. */
const checkMs = 5_000;

/** See the module. */
export class MountedCertificate {
  readonly #deps: MountedCertificateDeps;
  readonly #folder: string;
  #served: KeyedCertificate | undefined;
  #complaint: string | undefined;

  constructor(deps: MountedCertificateDeps, folder: string) {
    this.#deps = deps;
    this.#folder = folder;
  }

  /** Serves what is in the files until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    while (!signal.aborted) {
      await this.#look().catch((error) => this.#complain(error));
      await clock.sleep(checkMs, signal).catch(() => {});
    }
  }

  async #look(): Promise<void> {
    const { log, readTextFile, serve } = this.#deps;
    const certificatePem = await readTextFile(`${this.#folder}/tls.crt`);
    const privateKeyPem = await readTextFile(`${this.#folder}/tls.key`);
    if (this.#served?.certificatePem === certificatePem) return;
    const [leaf] = readCertificates(certificatePem);
    if (!leaf) throw new Error(`${this.#folder}/tls.crt holds no certificate`);
    if (!isKeyOf(privateKeyPem, leaf)) {
      throw new Error(`${this.#folder}/tls.key is not the key of tls.crt`);
    }
    const certificate = { certificatePem, privateKeyPem };
    serve(certificate);
    this.#served = certificate;
    this.#complaint = undefined;
    log.info("Serving the webhook's mounted certificate", {
      fingerprint: leaf.fingerprint,
      expires: new Date(leaf.notAfterMs).toISOString(),
    });
  }

  /** Once per reason: it may last. */
  #complain(error: unknown): void {
    const complaint = String(error);
    if (complaint === this.#complaint) return;
    this.#complaint = complaint;
    this.#deps.log.warn("Cannot use the webhook's mounted certificate", { error: complaint });
  }
}
