/**
 * Lambda's answers, parsed at the border.
 *
 * Lenient where the vendor is known to vary: unknown fields are dropped, `null` means absent, sets stay
 * open. Strict in what money and machines hang on: ids, states, prices, counts.
 *
 * @module
 */

import { z } from "zod";
import { vendorWordLimits } from "../../schemas/vendor_words.ts";

const optionalText = z.string().nullish().transform((text) => text ?? undefined);
const code = z.string().min(1).max(128);
const machineId = z.string().min(1).max(vendorWordLimits.instanceId);
const count = z.number().int().min(0).max(1e9);

/** A region; codes are an open set. */
export const regionSchema = z.object({ name: code });

/** A machine type. */
export const instanceTypeSchema = z.object({
  name: code,
  description: z.string().catch(""),
  gpu_description: z.string(),
  price_cents_per_hour: z.number().min(0).max(1e9),
  specs: z.object({ vcpus: count, memory_gib: count, storage_gib: count, gpus: count }),
});

/** A machine type and where it can be had now. */
export const instanceTypesItemSchema = z.object({
  instance_type: instanceTypeSchema,
  regions_with_capacity_available: z.array(regionSchema),
});

/** Machine types by name, each still unparsed: one broken row must not hide the others. */
export const instanceTypesSchema = z.object({ data: z.record(z.string(), z.unknown()) });

/**
 * A machine. Only id and status must be right: a machine must not drop out of sight because some
 * other field changed its shape. Jupyter's secrets are not even read.
 */
export const instanceSchema = z.object({
  id: machineId,
  status: z.string().min(1),
  name: optionalText.catch(undefined),
  ip: optionalText.catch(undefined),
  private_ip: optionalText.catch(undefined),
  region: regionSchema.nullish().catch(undefined),
  instance_type: z.object({
    name: code,
    price_cents_per_hour: z.number().min(0).max(1e9).nullish().catch(undefined),
  }).nullish().catch(undefined),
  tags: z.array(z.object({ key: z.string(), value: z.string() })).nullish().catch(undefined),
});

/** All machines. */
export const instancesAnswerSchema = z.object({ data: z.array(instanceSchema) });

/** One machine. */
export const instanceAnswerSchema = z.object({ data: instanceSchema });

/** A launch: exactly one id. */
export const launchAnswerSchema = z.object({
  data: z.object({ instance_ids: z.tuple([machineId]) }),
});

/** A termination. */
export const terminateAnswerSchema = z.object({
  data: z.object({ terminated_instances: z.array(z.object({ id: machineId })) }),
});

/** SSH keys; only their names matter. */
export const sshKeysAnswerSchema = z.object({ data: z.array(z.object({ name: z.string() })) });

/** Images: one row per image and region. */
export const imagesAnswerSchema = z.object({
  data: z.array(z.object({
    id: z.string(),
    family: z.string(),
    architecture: z.string(),
    region: regionSchema,
  })),
});

/** Persistent filesystems. */
export const filesystemsAnswerSchema = z.object({
  data: z.array(z.object({ name: z.string(), region: regionSchema })),
});

/** Regional firewall rulesets. */
export const rulesetsAnswerSchema = z.object({
  data: z.array(z.object({ id: z.string(), region: regionSchema })),
});

const errorText = z.object({
  code: optionalText.catch(undefined),
  message: optionalText.catch(undefined),
});

/** The error envelope; `field_errors` is what the API of 2024 added beside it. */
export const errorEnvelopeSchema = z.object({
  error: z.object({
    code: z.string().min(1),
    message: z.string().catch(""),
    suggestion: optionalText.catch(undefined),
    request_id: optionalText.catch(undefined),
  }),
  field_errors: z.record(z.string(), errorText).nullish().catch(undefined),
});

/** A machine type, parsed. */
export type WireInstanceTypesItem = z.output<typeof instanceTypesItemSchema>;

/** A machine, parsed. */
export type WireInstance = z.output<typeof instanceSchema>;

/** What an account's block may refer to, parsed. */
export interface WirePlacement {
  readonly images: z.output<typeof imagesAnswerSchema>["data"];
  readonly filesystems: z.output<typeof filesystemsAnswerSchema>["data"];
  readonly rulesets: z.output<typeof rulesetsAnswerSchema>["data"];
}
