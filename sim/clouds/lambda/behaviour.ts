/**
 * Switches of the simulated Lambda, all of which can be turned while it runs.
 *
 * @module
 */

/** How a throttled request is answered; the vendor documents none, clients met all. */
export type ThrottleShape = "json" | "empty" | "text" | "html" | "1015";

/** How the cloud behaves. All times in milliseconds of its clock. */
export interface LambdaBehaviour {
  /** From launch to `active`, for one GPU and for several. */
  readonly bootMs: { readonly single: number; readonly multiple: number };
  /** From launch to an IP address, at most the boot. */
  readonly addressAfterMs: number;
  /** What machines launched from now on do. */
  readonly boot: "normal" | "never" | "unhealthy";
  /** From accepting a termination to `terminated`. */
  readonly terminateMs: number;
  /** Whether terminations come to an end. */
  readonly terminate: "normal" | "stuck";
  /** Ending a machine that still boots. */
  readonly terminateWhileBooting: "allow" | "refuse";
  /** Ending a machine that is already being ended. */
  readonly repeatedTerminate: "accept" | "unknown" | "notFound" | "conflict";
  /** How long a terminated machine can still be looked up by id. */
  readonly terminatedVisibleMs: number;
  /** Whether terminated machines stay in the list that long, too. */
  readonly listsTerminated: boolean;
  /** How long a launched machine is missing from the list. */
  readonly listLagMs: number;
  /** Before every answer. */
  readonly latencyMs: number;
  /** Whether requests are counted. */
  readonly throttles: boolean;
  readonly throttleShape: ThrottleShape;
  /** Value of `Retry-After` in seconds; absent: no such header. */
  readonly retryAfterSeconds: number | null;
  /** Whether every key is refused. */
  readonly revoked: boolean;
  readonly accountInactive: boolean;
  readonly invalidAddress: boolean;
  /** Machines the account may have at a time. */
  readonly maxMachines: number | null;
  /** `type/region` pairs that are listed with capacity but whose launches are refused. */
  readonly phantomStock: readonly string[];
  /** A status that no document knows, given to every machine. */
  readonly inventedState: string | null;
  /** Whether answers hold fields that no document knows. */
  readonly unknownFields: boolean;
}

/**
 * An ordinary day. Times as the vendor documents them; lists are current, since that is what clients
 * saw most of the time.
 */
export const defaultBehaviour: LambdaBehaviour = Object.freeze({
  bootMs: { single: 4 * 60_000, multiple: 12 * 60_000 },
  addressAfterMs: 60_000,
  boot: "normal",
  terminateMs: 45_000,
  terminate: "normal",
  terminateWhileBooting: "allow",
  repeatedTerminate: "unknown",
  terminatedVisibleMs: 10 * 60_000,
  listsTerminated: false,
  listLagMs: 0,
  latencyMs: 0,
  throttles: true,
  throttleShape: "text",
  retryAfterSeconds: null,
  revoked: false,
  accountInactive: false,
  invalidAddress: false,
  maxMachines: null,
  phantomStock: [],
  inventedState: null,
  unknownFields: false,
});
