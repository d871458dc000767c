/**
 * What the process and the webhook's thread tell each other: plain values.
 *
 * @module
 */

import type { ConnectionFlags } from "../../../../kube/resolve_connection.ts";
import type { LogLevel } from "../../../../runtime/log.ts";
import type { WebhookOptions } from "../webhook.ts";
import type { Measurement } from "./measurements.ts";

/** What a thread needs to know to begin. */
export interface WebhookConfig extends WebhookOptions {
  /** Where the API server is: a thread connects by itself. */
  readonly connection: ConnectionFlags;
  readonly logLevel: LogLevel;
}

/** To the thread. */
export type Order =
  | { readonly kind: "start"; readonly config: WebhookConfig }
  /** Let go of all clients, then say `stopped`. */
  | { readonly kind: "stop" };

/** From the thread. */
export type Report =
  /** Comes every {@linkcode reportMs}, whatever there is to tell. */
  | {
    readonly kind: "state";
    readonly isReady: boolean;
    readonly measurements: readonly Measurement[];
  }
  | { readonly kind: "stopped" };

/** Milliseconds between two reports. */
export const reportMs = 500;
