/**
 * Switches as they come over the control endpoint: every one there is, or the types do not fit.
 *
 * @module
 */

import { z } from "zod";
import type { RunpodBehaviour } from "./behaviour.ts";

const duration = z.number().min(0);
const count = z.int().min(0);

const switches = {
  provisioningMs: duration,
  pullMs: duration,
  portMs: duration,
  boot: z.enum(["normal", "never", "exits", "error"]),
  crashLoopMs: z.number().positive().nullable(),
  createStatus: z.enum(["PROVISIONING", "RUNNING"]),
  terminateMs: duration,
  terminate: z.enum(["normal", "ignored", "refuse", "refuseWhileBooting"]),
  outbidAs: z.enum(["EXITED", "TERMINATED"]),
  staleRuntimeMs: duration,
  listLagMs: duration,
  partialList: z.boolean(),
  pageSize: z.int().min(1).nullable(),
  ignoresCursor: z.boolean(),
  latencyMs: duration,
  throttles: z.boolean(),
  quota: z.strictObject({ minute: count, hour: count, day: count }),
  graphqlPerMinute: count.nullable(),
  graphqlThrottle: z.enum(["html", "json"]),
  revoked: z.boolean(),
  seenAs: z.enum(["owner", "nobody", "restricted"]),
  refusedAgents: z.enum(["nameless", "all", "none"]),
  graphqlRetired: z.boolean(),
  restRetired: z.boolean(),
  removedFields: z.array(z.string()),
  spendLimitUsd: z.number().min(0),
  maxMachines: count.nullable(),
  shortage: z.enum(["text", "code", "null", "wrong"]),
  phantomStock: z.array(z.string()),
  sellsSpot: z.boolean(),
  placeholderType: z.boolean(),
  nullCountry: z.boolean(),
  noStockWord: z.string().nullable(),
  tellsAvailable: z.boolean(),
  stalePrices: z.boolean(),
  createdAtFormat: z.enum(["iso", "go"]),
  injectedEnv: z.record(z.string(), z.string()),
  inventedState: z.string().nullable(),
  unknownFields: z.boolean(),
} satisfies Record<keyof RunpodBehaviour, z.ZodType>;

/** Any part of a {@linkcode RunpodBehaviour}. */
export const behaviourSchema = z.strictObject(switches).partial();
