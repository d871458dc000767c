/**
 * What the whole controller is built on, and how it is told to behave.
 *
 * @module
 */

import type { Kube } from "../kube/kube.ts";
import type { ProbeEndpoint } from "../kube/preflight/probe_endpoint.ts";
import type { Fetch } from "../providers/provider_deps.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import type { ForgettingMetrics } from "../runtime/metrics.ts";
import type { Random } from "../runtime/random.ts";
import type { PollIntervals } from "./accounts/account_poller.ts";
import type { BatchWindow } from "./provisioner/batcher.ts";

/** Collaborators. */
export interface ControllerDeps {
  readonly kube: Kube;
  /** Time of everything but the lease. */
  readonly clock: Clock;
  /** Time that other processes share: the lease's. */
  readonly wallClock: Clock;
  /** Milliseconds that only ever grow. */
  readonly monotonicMs: () => number;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: ForgettingMetrics;
  /** Reaches the vendors. */
  readonly fetch: Fetch;
  /** Looks at who answers at an address; absent where there are no sockets. */
  readonly probeEndpoint?: ProbeEndpoint | undefined;
  /** How far our clock is behind the API server's, in milliseconds; absent, or `undefined`, where nobody knows. */
  readonly clockSkewMs?: (() => number | undefined) | undefined;
  /** Replaces a vendor's scheme and host, by canonical cloud name. */
  readonly vendorUrls: Readonly<Record<string, string | undefined>>;
}

/** How to behave. */
export interface ControllerOptions {
  /** The controller's own namespace. */
  readonly namespace: string;
  /** Other namespaces whose Secrets classes may refer to. */
  readonly credentialNamespaces: readonly string[];
  /** Unique per process. */
  readonly identity: string;
  /** What machines are told to trust when their class does not say: PEM certificates in base64. */
  readonly caBundle: string | undefined;
  readonly pollIntervals: PollIntervals;
  readonly batchWindow: BatchWindow;
}
