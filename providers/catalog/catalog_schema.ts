/**
 * A published catalog, parsed: whoever reads it did not write it.
 *
 * @module
 */

import { z } from "zod";
import type { DurationMs } from "../../schemas/duration.ts";
import type { MicroUsd } from "../../schemas/money.ts";
import type { Quantity } from "../../schemas/quantity.ts";
import type { Catalog } from "./catalog.ts";

const time = z.number().min(0);
const text = z.string();
const amount = z.number().int().min(0).transform((micros) => micros as MicroUsd);
// Thousandths of bytes: large disks lie beyond the safe integers, still exact.
const resources = z.record(text, z.number().min(0).transform((milli) => milli as Quantity));

const offerSchema = z.object({
  id: text,
  account: text,
  provider: text,
  instanceType: text,
  capacityType: z.enum(["on-demand", "spot", "reserved"]),
  location: z.object({
    region: text.optional(),
    country: text.optional(),
    continent: text.optional(),
  })
    .transform(({ region, country, continent }) => ({ region, country, continent })),
  gpu: z.object({
    model: text,
    known: z.boolean(),
    vendor: z.enum(["nvidia", "amd"]).optional(),
    count: z.int().min(1),
    memoryGb: z.number().min(0),
  }).optional(),
  arch: z.enum(["amd64", "arm64"]),
  capacity: resources,
  allocatable: resources,
  labels: z.record(text, text),
  price: z.object({
    perHour: amount,
    perGpuHour: amount,
    currency: z.literal("USD"),
    billingIncrement: z.number().min(1).transform((ms) => ms as DurationMs),
    source: z.enum(["api", "table"]),
    readAt: time,
    listPerHour: amount.optional(),
    suspect: text.optional(),
  }),
  available: z.boolean(),
  stock: text.optional(),
  notJoinable: text.optional(),
}).transform((offer) => ({ ...offer, gpu: offer.gpu }));

/** Version of the format. Readers refuse others instead of guessing. */
export const catalogFormat = 1;

/** A catalog as it is stored. */
export const catalogSchema: z.ZodType<Catalog & { readonly format: number }> = z.object({
  format: z.literal(catalogFormat),
  nodeClass: text,
  account: text,
  provider: text,
  readAt: time.optional(),
  source: z.discriminatedUnion("state", [
    z.object({ state: z.literal("ok") }),
    z.object({
      state: z.literal("failed"),
      kind: z.enum([
        "billing",
        "rate_limit",
        "availability",
        "quota",
        "unauthorized",
        "not_found",
        "conflict",
        "invalid_request",
        "retired",
        "transient",
        "unknown",
      ]),
      message: text,
      at: time,
    }),
  ]),
  offers: z.array(offerSchema),
}).transform((catalog) => ({ ...catalog, readAt: catalog.readAt }));
