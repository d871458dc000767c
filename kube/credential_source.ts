/**
 * Where a transport gets its credentials.
 *
 * @module
 */

import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import type { KubeSystem } from "./system.ts";
import type { Credential } from "./transport.ts";

/** Obtains and keeps the credential of one connection. */
export interface CredentialSource {
  /** See {@linkcode KubeTransport.authenticate}. */
  get(signal?: AbortSignal, refused?: Credential): Promise<Credential>;
}

/** What obtaining a credential needs. */
export interface CredentialDeps {
  readonly system: KubeSystem;
  /** Wall time: expiry dates are about the real world. */
  readonly clock: Clock;
  readonly log: Log;
}
