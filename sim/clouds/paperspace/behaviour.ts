/**
 * Switches of the simulated Paperspace, all of which can be turned while it runs.
 *
 * @module
 */

import type { Rate } from "../rate_limit.ts";
import { simTexts } from "./errors.ts";

/** How long things take, in milliseconds of the cloud's clock. */
export interface PaperspaceTimes {
  /** Before every answer. */
  readonly latencyMs: number;
  /** From an event's creation to its start. */
  readonly eventStartMs: number;
  /** From the request to the end of the create event. */
  readonly createMs: number;
  /** From a start event's creation to `ready`. */
  readonly startMs: number;
  /** How much of a start is `serviceready`. */
  readonly serviceReadyMs: number;
  /** From the request to `off`. */
  readonly stopMs: number;
  /** How long a machine that is to restart stays `ready`. */
  readonly restartLagMs: number;
  /** How long it is `restarting` then. */
  readonly restartMs: number;
  /** From the request to `off` with other hardware. */
  readonly upgradeMs: number;
  /** How long a deleted machine can still be looked up. */
  readonly deletedVisibleMs: number;
  /** How long a created machine is missing from the list. */
  readonly listLagMs: number;
}

/** What happens to machines. */
export interface PaperspaceFates {
  /** What machines created or started from now on do. */
  readonly boot:
    | "normal"
    | "stuckProvisioning"
    | "stuckStarting"
    | "stuckServiceReady"
    | "createError"
    | "startError";
  /** What the start event says when capacity is lacking; null: nothing, and no end time either. */
  readonly capacityText: string | null;
  /** What events say that fail for another reason; null: nothing, and no end time either. */
  readonly failureText: string | null;
  /** Whether start events end in error, without a text, though the machine comes up. */
  readonly harmlessErrors: boolean;
  /** What deletions from now on come to; `error`: the machine stays as it is. */
  readonly deletion: "normal" | "stuck" | "error";
  /** Deleting a machine on its way up. */
  readonly deleteWhileBooting: "allow" | "refuse";
  /** Deleting a machine that is already being deleted. */
  readonly repeatedDelete: "accept" | "conflict" | "notFound";
  /** The state of a machine being deleted; null: the one it had. Clients do not know. */
  readonly stateWhileDeleting: string | null;
  /** Whether a machine being deleted stays in the list until it cannot be looked up. */
  readonly listsDeleting: boolean;
  /** Whether `dtDeleted` is set while a deleted machine can still be looked up. */
  readonly showsDeletion: boolean;
  /** Status of a refused action on a machine under way; the text is known, the status is not. */
  readonly busyStatus: number;
  /** Deleting a script that is assigned to a machine. */
  readonly deleteAssignedScript: "allow" | "refuse";
  /** Largest startup script, in bytes. */
  readonly maxScriptBytes: number;
}

/** What the team may do and have. */
export interface PaperspaceStanding {
  /** Whether every key is refused. */
  readonly revoked: boolean;
  /** Whether keys may change anything; otherwise 403. */
  readonly mayWrite: boolean;
  /** Money matters: anything but `good` refuses creates and starts, by text. */
  readonly billing: "good" | "noPaymentMethod" | "pastDue" | "locked";
  /** Whether `GET /billing/account-standing` is there. */
  readonly standing: "present" | "absent";
  /** Machines the team may have at a time. */
  readonly maxMachines: number;
  /** Machine types that need an approval which the team does not have. */
  readonly unapprovedTypes: readonly string[];
  /** `type/region` pairs that are said to be available but whose machines do not start. */
  readonly phantomStock: readonly string[];
  /** Availability of a type that nobody knows. */
  readonly unknownType: "unavailable" | "refuse";
  /** How often a key may ask; null: without limit. The vendor publishes no number. */
  readonly rate: Rate | null;
  /** Value of `Retry-After` in seconds; null: no such header. */
  readonly retryAfterSeconds: number | null;
}

/** What answers look like. */
export interface PaperspaceWire {
  /** Byte counts as strings of digits, as clients met them, or as numbers, as documented. */
  readonly byteCounts: "text" | "number";
  readonly acceleratorMemory: "number" | "text" | "null";
  /** Accelerators of a machine that has none. */
  readonly noAccelerators: "null" | "missing" | "empty";
  /** `nextPage` of the last page. */
  readonly lastPage: "missing" | "null";
  /** Items on a page when the request does not say. */
  readonly defaultLimit: number;
  /** What cursors remember: the item, or its place, which shifts when items come and go. */
  readonly cursor: "item" | "offset";
  /** Whether each later page begins with the last item of the one before. */
  readonly duplicateItems: boolean;
  /** Pages after the first: fail, are announced without a cursor, or never end. */
  readonly laterPages: "normal" | "fail" | "cursorLost" | "endless";
  /** What the `name` parameter of lists does. */
  readonly nameFilter: "contains" | "exact" | "ignored";
  /** A state that no document knows, given to every machine. */
  readonly inventedState: string | null;
  /** Whether answers hold fields that no document knows. */
  readonly unknownFields: boolean;
}

/** How the cloud behaves. */
export interface PaperspaceBehaviour
  extends PaperspaceTimes, PaperspaceFates, PaperspaceStanding, PaperspaceWire {}

/**
 * An ordinary day, as clients and the vendor's samples describe it. What nobody knows is set to what is
 * harder for clients.
 */
export const defaultBehaviour: PaperspaceBehaviour = Object.freeze({
  latencyMs: 0,
  eventStartMs: 1_000,
  createMs: 35_000,
  startMs: 30_000,
  serviceReadyMs: 5_000,
  stopMs: 60_000,
  restartLagMs: 5_000,
  restartMs: 45_000,
  upgradeMs: 60_000,
  deletedVisibleMs: 20_000,
  listLagMs: 0,

  boot: "normal",
  capacityText: simTexts.startWithoutCapacity,
  failureText: null,
  harmlessErrors: false,
  deletion: "normal",
  deleteWhileBooting: "allow",
  repeatedDelete: "conflict",
  stateWhileDeleting: "stopping",
  listsDeleting: true,
  showsDeletion: false,
  busyStatus: 409,
  deleteAssignedScript: "refuse",
  // Documented for the API before v1.
  maxScriptBytes: 16 * 1024,

  revoked: false,
  mayWrite: true,
  billing: "good",
  standing: "present",
  // Roomy: real teams start with far fewer.
  maxMachines: 1_000,
  unapprovedTypes: [],
  phantomStock: [],
  unknownType: "unavailable",
  rate: null,
  retryAfterSeconds: null,

  byteCounts: "text",
  acceleratorMemory: "number",
  noAccelerators: "null",
  lastPage: "missing",
  defaultLimit: 20,
  cursor: "item",
  duplicateItems: false,
  laterPages: "normal",
  nameFilter: "contains",
  inventedState: null,
  unknownFields: false,
});

/** Where the switches stand; everything that obeys them holds the same one. */
export interface Switches {
  behaviour: PaperspaceBehaviour;
}
