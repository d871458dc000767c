/**
 * What the provisioner last decided for a pool, as it is published for people who ask why.
 *
 * @module
 */

import { z } from "zod";
import { nameSchema } from "./meta.ts";
import { usdSchema } from "./money.ts";

const timeSchema = z.iso.datetime({ offset: true });

/** An offer that was chosen, or would have been next. */
const decidedOfferSchema = z.object({
  id: z.string(),
  provider: z.string(),
  /** The entry of the class's providers. */
  account: z.string(),
  instanceType: z.string(),
  /** Absent where the cloud does not say. */
  region: z.string().optional(),
  capacityType: z.string(),
  gpuModel: z.string().optional(),
  gpuCount: z.int().min(0),
  perHour: usdSchema,
});

/** Some pods: how many, and the names of the first, with their namespaces. */
const somePodsSchema = z.object({ count: z.int().min(0), first: z.array(z.string()) });

/** A machine that was ordered. */
const purchaseSchema = z.object({
  time: timeSchema,
  claim: z.string(),
  pods: somePodsSchema,
  offer: decidedOfferSchema,
  /** The most that the claim may cost per hour. */
  ceilingPerHour: usdSchema,
  /** Why this offer and not a cheaper one. */
  why: z.string(),
  /** What is tried when the offer is refused. */
  next: decidedOfferSchema.optional(),
});

/** Pods that the pool does not serve, for one reason. */
const refusalSchema = z.object({
  kind: z.string(),
  /** Why, and the smallest change that would help. */
  message: z.string(),
  pods: somePodsSchema,
});

/** See the module. */
export const poolDecisionsSchema = z.object({
  pool: nameSchema,
  /** Since when passes have come to this; passes with nothing to decide for the pool do not count. */
  since: timeSchema,
  /** How many pods the last pass looked at for this pool, and what became of them. */
  considered: z.int().min(0),
  /** On nodes that exist. */
  fitting: z.int().min(0),
  /** On machines that are on their way. */
  planned: z.int().min(0),
  /** On machines that were ordered. */
  bought: z.int().min(0),
  /** The reasons that concern most pods first. */
  refusals: z.array(refusalSchema),
  /** Pods that are refused for further reasons. */
  otherRefused: z.int().min(0),
  /** The latest machines ordered for the pool, newest first, older passes included. */
  purchases: z.array(purchaseSchema),
});

/** See the module. */
export type PoolDecisions = z.infer<typeof poolDecisionsSchema>;

/** A machine that was ordered. */
export type DecidedPurchase = PoolDecisions["purchases"][number];

/** An offer that was chosen, or would have been next. */
export type DecidedOffer = DecidedPurchase["offer"];

/** Pods that the pool does not serve, for one reason. */
export type DecidedRefusal = PoolDecisions["refusals"][number];

const namePrefix = "tgp-decisions-";

/** Key of the decisions in a ConfigMap's `data`. */
export const decisionsKey = "decisions.json";

/** Name of the ConfigMap of a pool's decisions. */
export function toDecisionsName(pool: string): string {
  return `${namePrefix}${pool}`;
}

/** What {@linkcode toDecisionsName} made a name from; `undefined` for names of other things. */
export function parseDecisionsName(name: string): string | undefined {
  const pool = name.startsWith(namePrefix) ? name.slice(namePrefix.length) : "";
  return pool === "" ? undefined : pool;
}

/** The `data` of the ConfigMap. */
export function encodeDecisions(decisions: PoolDecisions): Record<string, string> {
  return { [decisionsKey]: JSON.stringify(z.encode(poolDecisionsSchema, decisions), null, 1) };
}

/** Reads `data`; `undefined` if it holds no decisions, or those of a version that says them otherwise. */
export function decodeDecisions(
  data: Readonly<Record<string, string>> | undefined,
): PoolDecisions | undefined {
  const text = data?.[decisionsKey];
  if (text === undefined) return undefined;
  try {
    return poolDecisionsSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
