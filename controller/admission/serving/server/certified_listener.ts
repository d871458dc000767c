/**
 * One listener with its certificate, which can be told to let go of its clients.
 *
 * @module
 */

import type { Clock } from "../../../../runtime/clock.ts";
import type { Handler, Listen, Listener, ListenOptions } from "./listen.ts";

/** What {@linkcode CertifiedListener} needs. */
export interface CertifiedListenerDeps {
  readonly clock: Clock;
  readonly listen: Listen;
}

/** See the module. */
export class CertifiedListener {
  readonly #clock: Clock;
  readonly #handler: Handler;
  readonly #listener: Listener;
  #isDraining = false;
  #underWay = 0;
  #lastMs: number;

  /** @throws {Error} If it cannot listen. */
  constructor({ clock, listen }: CertifiedListenerDeps, options: ListenOptions) {
    this.#clock = clock;
    this.#lastMs = clock.now();
    this.#handler = options.handler;
    this.#listener = listen({
      ...options,
      handler: (request) => this.#isDraining ? this.#answerLast(request) : this.#handler(request),
    });
  }

  get port(): number {
    return this.#listener.port;
  }

  /** For how long nobody has asked anything, in milliseconds; counted from {@linkcode drain}. */
  get quietMs(): number {
    return this.#underWay > 0 ? 0 : this.#clock.now() - this.#lastMs;
  }

  /**
   * From now on every answer asks its client to come again on a new connection. HTTP/2 has no such
   * words; there `shutdown` says good-bye in a way that clients understand.
   */
  drain(): void {
    this.#isDraining = true;
    this.#lastMs = this.#clock.now();
  }

  /**
   * Answers what is under way and takes nothing more.
   *
   * @param graceMs After that many milliseconds it is no longer waited for.
   */
  async shutdown(graceMs: number): Promise<void> {
    const done = new AbortController();
    const grace = this.#clock.sleep(graceMs, done.signal).catch(() => {});
    await Promise.race([this.#listener.shutdown(), grace]);
    done.abort();
  }

  async #answerLast(request: Request): Promise<Response> {
    this.#underWay++;
    try {
      const response = await this.#handler(request);
      // A request by HTTP/2 has no such header, and an answer may not have one.
      if (request.headers.has("host")) response.headers.set("connection", "close");
      return response;
    } finally {
      this.#underWay--;
      this.#lastMs = this.#clock.now();
    }
  }
}
