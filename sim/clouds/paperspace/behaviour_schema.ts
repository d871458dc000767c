/**
 * Switches as they come over the control endpoint.
 *
 * @module
 */

import { z } from "zod";

const duration = z.number().min(0);

/** Any part of a {@linkcode ./behaviour.ts!PaperspaceBehaviour}. */
export const behaviourSchema = z.strictObject({
  latencyMs: duration,
  eventStartMs: duration,
  createMs: duration,
  startMs: duration,
  serviceReadyMs: duration,
  stopMs: duration,
  restartLagMs: duration,
  restartMs: duration,
  upgradeMs: duration,
  deletedVisibleMs: duration,
  listLagMs: duration,

  boot: z.enum([
    "normal",
    "stuckProvisioning",
    "stuckStarting",
    "stuckServiceReady",
    "createError",
    "startError",
  ]),
  capacityText: z.string().nullable(),
  failureText: z.string().nullable(),
  harmlessErrors: z.boolean(),
  deletion: z.enum(["normal", "stuck", "error"]),
  deleteWhileBooting: z.enum(["allow", "refuse"]),
  repeatedDelete: z.enum(["accept", "conflict", "notFound"]),
  stateWhileDeleting: z.string().nullable(),
  listsDeleting: z.boolean(),
  showsDeletion: z.boolean(),
  busyStatus: z.int().min(400).max(599),
  deleteAssignedScript: z.enum(["allow", "refuse"]),
  maxScriptBytes: z.int().min(1),

  revoked: z.boolean(),
  mayWrite: z.boolean(),
  billing: z.enum(["good", "noPaymentMethod", "pastDue", "locked"]),
  standing: z.enum(["present", "absent"]),
  maxMachines: z.int().min(0),
  unapprovedTypes: z.array(z.string()),
  phantomStock: z.array(z.string()),
  unknownType: z.enum(["unavailable", "refuse"]),
  rate: z.strictObject({ intervalMs: duration, toleranceMs: duration }).nullable(),
  retryAfterSeconds: z.number().min(0).nullable(),

  byteCounts: z.enum(["text", "number"]),
  acceleratorMemory: z.enum(["number", "text", "null"]),
  noAccelerators: z.enum(["null", "missing", "empty"]),
  lastPage: z.enum(["missing", "null"]),
  defaultLimit: z.int().min(1).max(120),
  cursor: z.enum(["item", "offset"]),
  duplicateItems: z.boolean(),
  laterPages: z.enum(["normal", "fail", "cursorLost", "endless"]),
  nameFilter: z.enum(["contains", "exact", "ignored"]),
  inventedState: z.string().nullable(),
  unknownFields: z.boolean(),
}).partial();
