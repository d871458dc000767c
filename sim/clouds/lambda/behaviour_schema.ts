/**
 * Switches as they come over the control endpoint.
 *
 * @module
 */

import { z } from "zod";

const duration = z.number().min(0);

/** Any part of a {@linkcode ./behaviour.ts!LambdaBehaviour}. */
export const behaviourSchema = z.strictObject({
  bootMs: z.strictObject({ single: duration, multiple: duration }),
  addressAfterMs: duration,
  boot: z.enum(["normal", "never", "unhealthy"]),
  terminateMs: duration,
  terminate: z.enum(["normal", "stuck"]),
  terminateWhileBooting: z.enum(["allow", "refuse"]),
  repeatedTerminate: z.enum(["accept", "unknown", "notFound", "conflict"]),
  terminatedVisibleMs: duration,
  listsTerminated: z.boolean(),
  listLagMs: duration,
  latencyMs: duration,
  throttles: z.boolean(),
  throttleShape: z.enum(["json", "empty", "text", "html", "1015"]),
  retryAfterSeconds: z.number().min(0).nullable(),
  revoked: z.boolean(),
  accountInactive: z.boolean(),
  invalidAddress: z.boolean(),
  maxMachines: z.int().min(0).nullable(),
  phantomStock: z.array(z.string()),
  inventedState: z.string().nullable(),
  unknownFields: z.boolean(),
}).partial();
