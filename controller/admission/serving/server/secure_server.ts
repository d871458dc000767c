/**
 * An HTTPS server whose certificate can be exchanged while it serves.
 *
 * ```text
 *  old ├─── serves ───┤ drains: last answers ┤ quiet: closed
 *  new                ├─── serves ─────────────────────────── …
 *                     └ from here both listen on the port; the kernel deals out new connections
 * ```
 *
 * **Guarantees.** At every moment somebody listens. A connection is never closed under a request, and a
 * client of HTTP/1.1 is told to leave before its connection is closed.
 *
 * **Caveats.** A connection that the kernel has accepted for a listener in the millisecond before it
 * closes is lost. So the old one closes only when it has not been asked anything for
 * {@linkcode handOverDefaults}`.quietMs`; whoever never stops asking keeps it open, up to `drainMs`.
 *
 * @module
 */

import type { Clock } from "../../../../runtime/clock.ts";
import type { Log } from "../../../../runtime/log.ts";
import type { KeyedCertificate } from "../certificates/certificate.ts";
import { CertifiedListener } from "./certified_listener.ts";
import type { Handler, Listen } from "./listen.ts";

/** Collaborators. */
export interface SecureServerDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly listen: Listen;
}

/** Where to listen, who answers, and how to hand over. */
export interface SecureServerOptions {
  readonly hostname: string;
  /** 0: any free one; the same for all certificates. */
  readonly port: number;
  readonly handler: Handler;
  /** @default {handOverDefaults.quietMs} */
  readonly quietMs?: number | undefined;
  /** @default {handOverDefaults.drainMs} */
  readonly drainMs?: number | undefined;
}

/** Defaults of a hand-over, in milliseconds. */
export const handOverDefaults = Object.freeze({
  /** API servers ask in bursts, one per `kubectl apply`. */
  quietMs: 5_000,
  /** The old certificate holds for another month: there is no hurry. */
  drainMs: 3_600_000,
  /** What takes longer than an API server waits for an answer helps nobody. */
  graceMs: 10_000,
});

/** See the module. */
export class SecureServer {
  readonly #deps: SecureServerDeps;
  readonly #options: SecureServerOptions;
  readonly #closing = new AbortController();
  readonly #retiring = new Set<Promise<void>>();
  #current: CertifiedListener | undefined;

  constructor(deps: SecureServerDeps, options: SecureServerOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** The port it listens on; `undefined` before it has a certificate. */
  get port(): number | undefined {
    return this.#current?.port;
  }

  /** Serves new connections with this certificate. @throws {Error} If it cannot listen. */
  serve(certificate: KeyedCertificate): void {
    const { log } = this.#deps;
    const { hostname, handler } = this.#options;
    const old = this.#current;
    const next = new CertifiedListener(this.#deps, {
      hostname,
      port: old?.port ?? this.#options.port,
      isShared: old !== undefined,
      certificate,
      handler,
      onError(error) {
        log.error("Cannot answer a request to the webhook", { error: String(error) });
        return new Response("internal error: see the controller's log\n", { status: 500 });
      },
    });
    this.#current = next;
    if (old) this.#retire(old);
    else log.info("Serving the webhook", { hostname, port: next.port });
  }

  /** From now on asks clients to come again on a new connection; for when others take over. */
  drain(): void {
    this.#current?.drain();
  }

  /** Answers what is under way, and closes. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("the server closes"));
    await Promise.all([
      this.#current?.shutdown(handOverDefaults.graceMs),
      ...this.#retiring,
    ]);
    this.#current = undefined;
  }

  #retire(old: CertifiedListener): void {
    const { log } = this.#deps;
    const retiring = this.#handOver(old)
      .catch((error) => log.warn("Cannot close the webhook's old port", { error: String(error) }))
      .finally(() => this.#retiring.delete(retiring));
    this.#retiring.add(retiring);
  }

  async #handOver(old: CertifiedListener): Promise<void> {
    const { clock } = this.#deps;
    const { quietMs = handOverDefaults.quietMs, drainMs = handOverDefaults.drainMs } =
      this.#options;
    const { signal } = this.#closing;
    const deadlineMs = clock.now() + drainMs;
    old.drain();
    while (!signal.aborted && old.quietMs < quietMs && clock.now() < deadlineMs) {
      await clock.sleep(quietMs - old.quietMs, signal).catch(() => {});
    }
    await old.shutdown(handOverDefaults.graceMs);
  }
}
