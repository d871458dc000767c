/**
 * How long things take on a simulated machine.
 *
 * @module
 */

/** Times in milliseconds of the simulation's clock. */
export interface KubeletTimings {
  /** From power to the first attempt to join: cloud-init, packages, container runtime. */
  readonly bootMs: number;
  /** Between looks at an own certificate request. */
  readonly certificatePollMs: number;
  /** After which an unanswered certificate request counts as failed. */
  readonly certificateTimeoutMs: number;
  /** Between attempts to join. */
  readonly joinRetryMs: number;
  /** Attempts to join, before the machine stays out for good. */
  readonly joinAttempts: number;
  /** From the Node to a ready network. */
  readonly networkMs: number;
  /** From a ready network to GPUs. */
  readonly devicePluginMs: number;
  /** From a bound pod to running containers. */
  readonly podStartMs: number;
  /** How long containers take to stop, unless their grace period is shorter. */
  readonly podStopMs: number;
  /** Between reports without news. */
  readonly heartbeatMs: number;
}

/**
 * Roughly a GPU image with preinstalled driver, on the quick side. Join numbers follow the boot
 * script and its unit; the certificate timeout is kubeadm's (`tlsBootstrap`, 5 minutes), the heartbeat
 * kubelet's (`nodeStatusReportFrequency`, 5 minutes).
 */
export const defaultTimings: KubeletTimings = Object.freeze({
  bootMs: 90_000,
  certificatePollMs: 2_000,
  certificateTimeoutMs: 300_000,
  joinRetryMs: 30_000,
  joinAttempts: 5,
  networkMs: 15_000,
  devicePluginMs: 30_000,
  podStartMs: 5_000,
  podStopMs: 2_000,
  heartbeatMs: 300_000,
});

/** Node leases are renewed every 10 s and last for 40 s (kubelet's defaults, v1.36). */
export const leaseTimings = Object.freeze({ renewMs: 10_000, durationSeconds: 40 });
