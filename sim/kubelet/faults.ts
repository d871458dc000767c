/**
 * What can be wrong with a machine.
 *
 * @module
 */

/** Switches; read anew at every use, so that a test may turn one while the machine runs. */
export interface KubeletFaults {
  /** Boots, but never tries to join. */
  readonly neverRegisters?: boolean | undefined;
  /** Joins under this name instead of the one in its user data. */
  readonly nodeName?: string | undefined;
  /** Joins with this token instead of the one in its user data. */
  readonly token?: string | undefined;
  /** Registers without the unregistered taint. */
  readonly omitsUnregisteredTaint?: boolean | undefined;
  /** Claims this provider ID when it registers. */
  readonly providerID?: string | undefined;
  /** Reports these addresses instead of the machine's. */
  readonly addresses?: readonly string[] | undefined;
  /** The device plugin finds this many GPUs: 7 of 8. */
  readonly gpuCount?: number | undefined;
  /** The device plugin takes so long, in milliseconds, instead of the usual time. */
  readonly gpuDelayMs?: number | undefined;
  /** There is no device plugin. */
  readonly gpusNeverAppear?: boolean | undefined;
  /** The network never comes up. */
  readonly networkNeverReady?: boolean | undefined;
  /** The kubelet hangs: neither its lease nor its Node's status is renewed while this is so. */
  readonly hangs?: boolean | undefined;
}
