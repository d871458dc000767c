/**
 * Keeps the webhook's certificates: in a Secret that all replicas share, in the `caBundle` that API
 * servers trust, and in the server of this replica.
 *
 * One pass: read bundle and Secret → decide → change the Secret, or publish its authorities, or serve its
 * leaf. Every write is followed by another pass.
 *
 * **Guarantees.** What is served was in the Secret, and is signed by an authority in the published
 * bundle. An authority that was published stays so until it expires, whatever becomes of the Secret and
 * whoever writes at the same time. Contents of the Secret that are broken or somebody else's are
 * replaced, and an Event says so.
 *
 * **Assumptions.** Clocks differ by less than an hour. API servers see a new bundle within
 * {@linkcode keeperDefaults}`.settleMs`.
 *
 * **Caveats.** To take trust away from an authority, delete the Secret and empty the `caBundle`. Without
 * a ValidatingWebhookConfiguration nobody calls; then every leaf may be served.
 *
 * @module
 */

import { computeBackoffMs } from "../../../../runtime/backoff.ts";
import type { Clock } from "../../../../runtime/clock.ts";
import type { Log } from "../../../../runtime/log.ts";
import type { Random } from "../../../../runtime/random.ts";
import type { Recorder } from "../../../../kube/events.ts";
import type { Kube } from "../../../../kube/kube.ts";
import type { ObjectRef } from "../../../../kube/resource.ts";
import { BundlePublisher } from "./bundle_publisher.ts";
import type { KeyedCertificate } from "./certificate.ts";
import type { CertificateMaker } from "./certificate_maker.ts";
import { CertificateStore, type ReadSecret } from "./certificate_store.ts";
import { decideRotation, type Rotation } from "./decide_rotation.ts";
import { toNote } from "./events.ts";
import { makeContents } from "./make_contents.ts";
import { type Leaf, mayServe } from "./may_serve.ts";
import type { StoredCertificates } from "./stored_certificates.ts";
import { TrustWatch, withoutClients } from "./trust.ts";
import { readTrusted } from "./webhook_configuration.ts";

/** Collaborators. */
export interface KeeperDeps {
  readonly kube: Kube;
  /** Wall time, always: TLS looks at the wall. */
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly recorder: Recorder;
  readonly maker: CertificateMaker;
  /** Serves new connections with this certificate from now on. @throws {Error} It is tried again. */
  readonly serve: (certificate: KeyedCertificate) => void;
}

/** What to keep, and where. */
export interface KeeperOptions {
  readonly secret: Required<ObjectRef>;
  /** Name of the ValidatingWebhookConfiguration. */
  readonly configuration: string;
  /** What the certificate must be valid for: DNS names and IP addresses. */
  readonly hosts: readonly string[];
  /** @default {keeperDefaults.checkMs} */
  readonly checkMs?: number | undefined;
  /** @default {keeperDefaults.settleMs} */
  readonly settleMs?: number | undefined;
}

/** Defaults of the keeper, in milliseconds. */
export const keeperDefaults = Object.freeze({
  /**
   * Between two looks. Certificates change every two months; a bundle that somebody overwrote should
   * not keep everybody from writing for longer than this.
   */
  checkMs: 10_000,
  /** While nothing is served, another replica may just be making what this one needs. */
  eagerMs: 1_000,
  /** After a change of the bundle every API server has it: they watch. */
  settleMs: 30_000,
});

const backoff = { initialMs: 500, maxMs: 30_000 };
/** More passes in a row than this, each after a write, are a quarrel with somebody else. */
const maxPasses = 10;

/** See the module. */
export class CertificateKeeper {
  readonly #deps: KeeperDeps;
  readonly #options: KeeperOptions;
  readonly #store: CertificateStore;
  readonly #publisher: BundlePublisher;
  readonly #trust: TrustWatch;
  #serving: Leaf | undefined;

  constructor(deps: KeeperDeps, options: KeeperOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#store = new CertificateStore(deps.kube, options.secret);
    this.#publisher = new BundlePublisher(deps.kube, options.configuration);
    this.#trust = new TrustWatch(options.settleMs ?? keeperDefaults.settleMs);
  }

  /** Keeps them until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, random } = this.#deps;
    const { checkMs = keeperDefaults.checkMs } = this.#options;
    let failures = 0;
    while (!signal.aborted) {
      let delayMs = checkMs;
      try {
        await this.#settle(signal);
        failures = 0;
        if (!this.#serving) delayMs = keeperDefaults.eagerMs;
      } catch (error) {
        if (signal.aborted) break;
        log.warn("Cannot keep the webhook's certificates", { error: String(error) });
        delayMs = computeBackoffMs(backoff, ++failures, random);
      }
      await clock.sleep(delayMs, signal).catch(() => {});
    }
  }

  async #settle(signal: AbortSignal): Promise<void> {
    for (let passes = 0; passes < maxPasses && !signal.aborted; passes++) {
      if (!await this.#pass(signal)) return;
    }
  }

  /** @returns Whether something was written, by us or by who was faster: worth another look. */
  async #pass(signal: AbortSignal): Promise<boolean> {
    const configuration = await this.#publisher.read(signal);
    const read = await this.#store.read(signal);
    const now = this.#deps.clock.now();
    const published = configuration ? readTrusted(configuration) : [];
    const observed = this.#trust.observe(published, now);
    const trust = configuration ? observed : withoutClients;
    const { hosts } = this.#options;
    const decision = decideRotation({ now, stored: read.stored, trust, hosts });
    if (decision.kind !== "use") {
      await this.#change(decision, { read, now }, signal);
      return true;
    }
    const { certificates } = decision;
    const toPublish = { authorities: certificates.authorities, now };
    if (configuration && await this.#publisher.publish(configuration, toPublish, signal)) {
      return true;
    }
    if (mayServe(certificates, { now, serving: this.#serving, trust })) {
      this.#serve(certificates);
    }
    return false;
  }

  async #change(
    change: Rotation,
    { read, now }: { readonly read: ReadSecret; readonly now: number },
    signal: AbortSignal,
  ): Promise<void> {
    const { log, maker, recorder } = this.#deps;
    const { hosts, secret } = this.#options;
    const contents = await makeContents(maker, change, { now, hosts });
    if (!await this.#store.write(read, contents, signal)) return;
    log.info("Changed the webhook's certificates", { change: change.kind });
    recorder.record(toNote(change, secret, read.secret !== undefined));
  }

  #serve(certificates: StoredCertificates): void {
    const { log, serve } = this.#deps;
    const { leaf, leafKeyPem } = certificates;
    serve({ certificatePem: leaf.pem, privateKeyPem: leafKeyPem });
    this.#serving = certificates;
    log.info("Serving the webhook's certificate", {
      fingerprint: leaf.fingerprint,
      expires: new Date(leaf.notAfterMs).toISOString(),
    });
  }
}
