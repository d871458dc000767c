/**
 * Paperspace's answers, parsed at the border.
 *
 * Lenient where the vendor is known to vary: unknown fields are dropped, `null` means absent, sets stay
 * open. Strict in what money and machines hang on: ids, states, whether a list goes on. Byte counts
 * (`ram`, `storageTotal`), which come as strings or as numbers, are not read at all: what a machine has is
 * known from its type.
 *
 * @module
 */

import { z } from "zod";
import { vendorWordLimits } from "../../schemas/vendor_words.ts";

const id = z.string().min(1).max(128);
const machineId = z.string().min(1).max(vendorWordLimits.instanceId);
const word = z.string().min(1).max(128);
const optionalText = z.string().nullish().transform((text) => text ?? undefined).catch(undefined);
const time = z.string().nullish().transform((text) => {
  const epochMs = Date.parse(text ?? "");
  return Number.isNaN(epochMs) ? undefined : epochMs;
}).catch(undefined);
const rate = z.number().min(0).max(1e6).nullish().transform((amount) => amount ?? undefined)
  .catch(undefined);

/** One page of a list. On the last one `nextPage` is missing or null. */
export function pageSchema<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<{
  hasMore: z.ZodBoolean;
  nextPage: z.ZodOptional<z.ZodNullable<z.ZodString>>;
  items: z.ZodArray<Item>;
}> {
  return z.object({
    hasMore: z.boolean(),
    nextPage: z.string().nullish(),
    items: z.array(item),
  });
}

/** Whose key it is; `null` for a key that is not valid, with status 200. */
export const sessionSchema = z.object({
  team: z.object({
    id,
    maxMachines: z.number().nullish().transform((count) => count ?? undefined).catch(undefined),
  }),
}).nullable();

/** Undocumented; read as far as it is as the vendor's own command line expects it. */
export const accountStandingSchema = z.object({
  isInGoodStanding: z.boolean(),
  hasPaymentMethod: z.boolean(),
  isAdminLocked: z.boolean(),
  messages: z.array(z.string()).catch([]),
});

/** Whether a machine type can be had. */
export const availabilitySchema = z.object({ available: z.boolean() });

const availableMachineTypes = z.array(
  z.object({ machineTypeLabel: word, isAvailable: z.boolean() }),
);

/** One of the vendor's templates. */
export const osTemplateSchema = z.object({
  id,
  name: z.string(),
  agentType: z.string(),
  operatingSystemLabel: z.string(),
  defaultSizeGb: z.number().positive().nullish().transform((size) => size ?? undefined),
  availableMachineTypes,
  dtCreated: time,
});

/** An entry of the templates' list, still unparsed but for its id: one odd one must not hide the others. */
export const listedTemplateSchema = z.looseObject({ id });

/** One of the team's own templates. */
export const customTemplateSchema = z.object({
  id,
  name: z.string(),
  region: z.string(),
  defaultSizeGb: z.number().positive().nullish().transform((size) => size ?? undefined),
  availableMachineTypes,
});

/** A private network; `null`, with status 200, for an unknown one and for the shared default one. */
export const privateNetworkSchema = z.object({ id, region: z.string() }).nullable();

/**
 * A machine. Only id and state must be right: a machine must not drop out of sight because some other
 * field changed its shape.
 */
export const machineSchema = z.object({
  id: machineId,
  state: z.string().min(1),
  name: optionalText,
  machineType: optionalText,
  // Part of the provider ID, whose length is limited.
  region: word.nullish().transform((text) => text ?? undefined).catch(undefined),
  privateIp: optionalText,
  publicIp: optionalText,
  publicIpType: optionalText,
  usageRate: rate,
  storageRate: rate,
  dtCreated: time,
  dtModified: optionalText,
  dtDeleted: time,
});

/** What was done to a machine. Creating and deleting wrap it as `data`, get and list do not. */
export const machineAnswerSchema = z.object({ data: z.object({ id: machineId }) });

/** What was done to a machine, and how it went. */
export const machineEventSchema = z.object({
  id,
  name: z.string(),
  state: z.string(),
  dtCreated: time,
  dtFinished: time,
  error: optionalText,
});

/** A startup script; its text is never answered. */
export const startupScriptSchema = z.object({
  id,
  name: z.string(),
  assignedMachineIds: z.array(machineId).nullish().transform((ids) => ids ?? []),
  dtCreated: time,
  dtDeleted: time,
});

/** A static address. */
export const publicIpSchema = z.object({
  ip: z.string().min(1).max(64),
  assignedMachineId: optionalText,
});

/** A released address. */
export const releasedIpSchema = z.object({ ip: z.string() });

const issue = z.looseObject({
  message: optionalText,
  path: z.array(z.union([z.string(), z.number()])).nullish().catch(undefined),
});

/**
 * The error envelope: flat, not nested. `issues` stood beside the message until 2024 and stands in
 * `details` now; the framework in front adds fields of its own.
 */
export const errorSchema = z.object({
  message: z.string(),
  code: optionalText,
  details: z.looseObject({ issues: z.array(issue).nullish().catch(undefined) }).nullish()
    .catch(undefined),
  issues: z.array(issue).nullish().catch(undefined),
});

/** A template of the vendor's, parsed. */
export type WireOsTemplate = z.output<typeof osTemplateSchema>;

/** A template of the team's, parsed. */
export type WireCustomTemplate = z.output<typeof customTemplateSchema>;

/** A machine, parsed. */
export type WireMachine = z.output<typeof machineSchema>;

/** An event, parsed. */
export type WireMachineEvent = z.output<typeof machineEventSchema>;

/** A script, parsed. */
export type WireStartupScript = z.output<typeof startupScriptSchema>;

/** A static address, parsed. */
export type WirePublicIp = z.output<typeof publicIpSchema>;

/** A session, parsed. */
export type WireSession = NonNullable<z.output<typeof sessionSchema>>;

/** An account's standing, parsed. */
export type WireAccountStanding = z.output<typeof accountStandingSchema>;
