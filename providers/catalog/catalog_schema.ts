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
import { unpackCatalog } from "./packed_catalog.ts";

const time = z.number().min(0);
const text = z.string();
const position = z.int().min(0);
const amount = z.number().int().min(0).transform((micros) => micros as MicroUsd);
// Thousandths of bytes: large disks lie beyond the safe integers, still exact.
const resources = z.record(text, z.number().min(0).transform((milli) => milli as Quantity));
const labels = z.record(text, text);

const machineFields = {
  account: text,
  provider: text,
  instanceType: text,
  capacityType: z.enum(["on-demand", "spot", "reserved"]),
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
  labels,
};

const placeFields = {
  region: text.optional(),
  country: text.optional(),
  continent: text.optional(),
};

const priceFields = {
  perHour: amount,
  perGpuHour: amount,
  currency: z.literal("USD"),
  billingIncrement: z.number().min(1).transform((ms) => ms as DurationMs),
  source: z.enum(["api", "table"]),
  listPerHour: amount.optional(),
  suspect: text.optional(),
};

const stateFields = {
  available: z.boolean(),
  stock: text.optional(),
  notJoinable: text.optional(),
};

const headerFields = {
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
};

// Absent in JSON is undefined in the contract, where the name has to be there.
const toPlace = <T extends z.output<z.ZodObject<typeof placeFields>>>(place: T) => ({
  ...place,
  region: place.region,
  country: place.country,
  continent: place.continent,
});
const toMachine = <T extends z.output<z.ZodObject<typeof machineFields>>>(machine: T) => ({
  ...machine,
  gpu: machine.gpu,
});

/** The first format: every offer in full. */
const plainCatalogSchema = z.object({
  format: z.literal(1),
  ...headerFields,
  offers: z.array(
    z.object({
      id: text,
      ...machineFields,
      location: z.object(placeFields).transform(toPlace),
      price: z.object({ ...priceFields, readAt: time }),
      ...stateFields,
    }).transform(toMachine),
  ),
}).transform(({ format: _, ...catalog }): Catalog => ({ ...catalog, readAt: catalog.readAt }));

/** Today's: what offers share is written once. */
const packedCatalogSchema = z.object({
  format: z.literal(2),
  ...headerFields,
  machines: z.array(z.object(machineFields).transform(toMachine)),
  places: z.array(z.object({ ...placeFields, labels }).transform(toPlace)),
  prices: z.array(z.object(priceFields)),
  states: z.array(z.object(stateFields)),
  pricesReadAt: z.union([time, z.array(time)]),
  offers: z.array(z.tuple([text, position, position, position, position])),
}).transform(({ format: _, ...packed }, context): Catalog => {
  try {
    return unpackCatalog({ ...packed, readAt: packed.readAt });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    context.addIssue(error.message);
    return z.NEVER;
  }
});

/** Version of the format that is written. Readers refuse those they do not know instead of guessing. */
export const catalogFormat = 2;

/** A catalog as it is stored, in any format that was ever written. */
export const catalogSchema: z.ZodType<Catalog> = z.discriminatedUnion("format", [
  plainCatalogSchema,
  packedCatalogSchema,
]);
