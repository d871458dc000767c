/**
 * What a check is, and what it works with.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import type { Kube } from "../kube.ts";
import type { AccessAttributes } from "./access_review.ts";
import type { ClassFacts } from "./class_facts.ts";
import type { Finding } from "./finding.ts";
import type { ProbeEndpoint } from "./probe_endpoint.ts";

/** What is known about the place from where a cluster is looked at, and how to look. */
export interface PreflightContext {
  readonly kube: Kube;
  /** The API server's time, as far as it is known. */
  readonly clock: Clock;
  /** The controller's namespace. */
  readonly namespace: string;
  /** Version of this program, such as `0.1.0`. */
  readonly version: string;
  /**
   * What machines are told to trust when their class does not say: PEM certificates; absent: to be looked up
   * in the cluster.
   */
  readonly ownCaPem?: string | undefined;
  /** How far this process' clock is behind the API server's, in milliseconds; `undefined` if that is not known. */
  readonly clockSkewMs: () => number | undefined;
  /** Opens a TLS connection; absent where there are no sockets. */
  readonly probeEndpoint?: ProbeEndpoint | undefined;
  /** GPUNodeClasses, read once for all checks. */
  readonly classes: () => Promise<readonly ClassFacts[]>;
  /** Whether the controller itself looks; a user otherwise. */
  readonly isController: boolean;
}

/** One check. */
export interface PreflightCheck {
  /** Names of the findings it makes. */
  readonly names: readonly [string, ...string[]];
  /**
   * What it reads that not everybody may. The controller asks first whether it may; a user just tries.
   */
  readonly reads: (context: PreflightContext) => readonly AccessAttributes[];
  /** Looks. Errors of the API server are the runner's business, but where they tell something. */
  readonly run: (context: PreflightContext, signal: AbortSignal) => Promise<readonly Finding[]>;
}
