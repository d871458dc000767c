/**
 * Data of RunPod's GraphQL API, parsed at the border.
 *
 * Takes less than the schema promises: the vendor loosens fields without notice. Strict in what money and
 * machines hang on.
 *
 * @module
 */

import { z } from "zod";
import { vendorWordLimits } from "../../../schemas/vendor_words.ts";

const text = z.string().nullish().transform((value) => value ?? undefined).catch(undefined);
const number = z.number().min(0).max(1e9).nullish().transform((value) => value ?? undefined)
  .catch(undefined);
const flag = z.boolean().nullish().transform((value) => value ?? false).catch(false);
const id = z.string().min(1).max(128);

/** A pod's id. */
export const podIdSchema = z.string().min(1).max(vendorWordLimits.instanceId);

/** A list that may be null, and hold null. */
function list<Item extends z.ZodType>(item: Item) {
  return z.array(item.nullable()).nullish()
    .transform((items) => (items ?? []).filter((entry) => entry !== null));
}

/**
 * A pod. Only id and status must be right: a machine must not drop out of sight because some other field
 * changed its shape.
 */
export const podSchema = z.object({
  id: podIdSchema,
  desiredStatus: z.string().min(1),
  name: text,
  lastStatusChange: text,
  createdAt: text,
  env: list(z.string()).catch([]),
  ports: text,
  gpuCount: z.number().int().min(0).max(1000).catch(0),
  containerDiskInGb: number,
  costPerHr: number,
  aiApiId: text,
  machine: z.object({ gpuTypeId: text, dataCenterId: text, location: text }).nullish()
    .catch(undefined),
  runtime: z.object({
    ports: list(z.object({ ip: text, privatePort: number })).catch([]),
  }).nullish(),
});

/** Whose key it is. Null is nobody: no key, or one of another kind. Never "no pods". */
const ownerSchema = z.object({ id });

/** `ListPods`: a list with a hole is no list. */
export const podsSchema = z.object({
  myself: ownerSchema.extend({ pods: z.array(podSchema) }).nullable(),
});

/** `GetPod`. */
export const podAnswerSchema = z.object({
  myself: ownerSchema.nullable(),
  pod: podSchema.nullable(),
});

/** `TerminatePod`: success is null. */
export const terminatedSchema = z.object({ podTerminate: z.null() });

/** `CreatePod`: null without errors is ambiguous, so that it is not as documented. */
export const createdSchema = z.object({ podFindAndDeployOnDemand: z.object({ id: podIdSchema }) });

/** `Myself`. */
export const accountSchema = z.object({
  myself: ownerSchema.extend({
    clientBalance: z.number().nullish().catch(undefined),
    currentSpendPerHr: number,
    spendLimit: number,
    underBalance: flag,
  }).nullable(),
});

/** Stock of pods of one size; nothing but nulls when there are none. */
export const stockSchema = z.object({ stockStatus: text, minVcpu: number, minMemory: number })
  .nullish().catch(undefined);

const gpuTypeSchema = z.object({
  id: text,
  manufacturer: text,
  memoryInGb: number,
  secureCloud: flag,
  communityCloud: flag,
  securePrice: number,
  communityPrice: number,
  maxGpuCount: number,
  maxGpuCountSecureCloud: number,
  maxGpuCountCommunityCloud: number,
  x1: stockSchema,
  x2: stockSchema,
  x4: stockSchema,
  x8: stockSchema,
});

const placeStockSchema = list(
  z.object({ gpuTypeId: text, available: flag, stockStatus: text }),
).catch([]);

/** `Catalog`. */
export const catalogSchema = z.object({
  gpuTypes: z.array(gpuTypeSchema.nullable()),
  dataCenters: list(z.object({
    id: text,
    listed: z.boolean().nullish().catch(undefined),
    x1: placeStockSchema,
    x2: placeStockSchema,
    x4: placeStockSchema,
    x8: placeStockSchema,
  })),
  countryCodes: list(z.string()),
});

/** `CountryStock`: stock under `a1` … `f8`, beside the id. */
export const countryStockSchema = z.object({
  gpuTypes: z.array(z.looseObject({ id: text }).nullable()),
});

/** A pod, parsed. */
export type WirePod = z.output<typeof podSchema>;

/** A catalog, parsed. */
export type WireCatalog = z.output<typeof catalogSchema>;

/** The stock of countries, parsed. */
export type WireCountryStock = z.output<typeof countryStockSchema>;

/** An account, parsed. */
export type WireAccount = NonNullable<z.output<typeof accountSchema>["myself"]>;
