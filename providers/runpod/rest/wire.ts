/**
 * Answers of RunPod's REST API v2, parsed at the border.
 *
 * Lenient where the vendor is known to vary: unknown fields are dropped, sets stay open. Strict in what
 * money and machines hang on: ids, states, prices, counts.
 *
 * @module
 */

import { z } from "zod";
import { vendorWordLimits } from "../../../schemas/vendor_words.ts";

const optionalText = z.string().nullish().transform((text) => text ?? undefined);
const id = z.string().min(1).max(128);
const podId = z.string().min(1).max(vendorWordLimits.instanceId);
const count = z.number().int().min(0).max(1e6);
const price = z.number().min(0).max(1e6);

/**
 * A pod. Only id and status must be right: a machine must not drop out of sight because some other field
 * changed its shape.
 */
export const podSchema = z.object({
  id: podId,
  status: z.string().min(1),
  name: optionalText.catch(undefined),
  env: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  gpu: z.object({ id, count: count.catch(1) }).nullish().catch(undefined),
  dataCenterId: optionalText.catch(undefined),
  disk: z.number().min(0).nullish().catch(undefined),
  ports: z.array(z.string()).nullish().catch(undefined),
  cost: price.nullish().catch(undefined),
  createdAt: optionalText.catch(undefined),
  runtime: z.object({
    ports: z.array(z.object({
      private: z.number().nullish().catch(undefined),
      ip: optionalText.catch(undefined),
    })).nullish().catch(undefined),
  }).nullish().catch(undefined),
});

/** A page of pods; pages are what a client of September 2026 met, the vendor's document has none. */
export const podsAnswerSchema = z.object({
  pods: z.array(podSchema),
  pagination: z.object({
    nextCursor: z.string().nullish(),
    hasNextPage: z.boolean().nullish(),
  }).nullish(),
});

/** A create: the id is all that counts. */
export const createdPodSchema = z.object({ id: podId });

/** A GPU type with stock. */
export const gpuTypeSchema = z.object({
  id,
  manufacturer: z.string().catch(""),
  memory: count.catch(0),
  secure: z.boolean(),
  community: z.boolean(),
  price: z.object({ secure: price, community: price }),
  maxCount: z.object({ secure: count, community: count }),
  availability: optionalText.catch(undefined),
  dataCenters: z.array(z.object({ id, availability: z.string() })).nullish(),
});

/** GPU types, each still unparsed: one broken row must not hide the others. */
export const gpuTypesAnswerSchema = z.object({ gpus: z.array(z.unknown()) });

/** A pod, parsed. */
export type WirePod = z.output<typeof podSchema>;

/** A GPU type, parsed. */
export type WireGpuType = z.output<typeof gpuTypeSchema>;
