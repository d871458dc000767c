/**
 * Bodies and queries of requests: required fields and types are checked, unknown fields are not.
 *
 * @module
 */

import { z } from "zod";
import { type SimRegion, toSimRegion } from "./catalog.ts";
import { Refusal } from "./errors.ts";

const text = z.string().min(1);
const frequency = z.enum(["hourly", "daily", "weekly", "monthly"]);
const publicIpType = z.enum(["static", "dynamic", "none"]);

const machineSettings = {
  networkId: z.string().optional(),
  publicIpType: publicIpType.optional(),
  autoShutdownEnabled: z.boolean().optional(),
  autoShutdownTimeout: z.number().optional(),
  autoShutdownForce: z.boolean().optional(),
  autoSnapshotEnabled: z.boolean().optional(),
  autoSnapshotFrequency: frequency.optional(),
  autoSnapshotSaveCount: z.number().optional(),
  restorePointEnabled: z.boolean().optional(),
  restorePointFrequency: z.literal("shutdown").optional(),
};

/** `POST /machines`. */
export const createMachineInput = z.object({
  name: text,
  machineType: z.string(),
  templateId: z.string(),
  diskSize: z.number().positive(),
  region: z.string(),
  startOnCreate: z.boolean().optional(),
  startupScriptId: z.string().optional(),
  emailPassword: z.boolean().optional(),
  enableNvlink: z.boolean().optional(),
  takeInitialSnapshot: z.boolean().optional(),
  accessorIds: z.array(z.string()).optional(),
  ...machineSettings,
});

/** `PUT /machines/{id}`. */
export const updateMachineInput = z.object({
  name: text.optional(),
  machineType: z.string().optional(),
  diskSize: z.number().positive().optional(),
  restorePointSnapshotId: z.string().optional(),
  ...machineSettings,
});

/** `POST /startup-scripts`. */
export const createScriptInput = z.object({
  name: z.string(),
  script: z.string(),
  isRunOnce: z.boolean().default(false),
});

/** `PUT /startup-scripts/{id}`. */
export const updateScriptInput = z.object({
  name: z.string().optional(),
  script: z.string().optional(),
  isRunOnce: z.boolean().optional(),
  isEnabled: z.boolean().optional(),
});

/** `POST /startup-scripts/{id}/assign` and `/unassign`. */
export const machineIdInput = z.object({ machineId: z.string() });

/** `PUT /public-ips/{ip}`. */
export const assignIpInput = z.object({ machineId: z.string().nullable() });

/** `POST /public-ips`. */
export const claimIpInput = z.object({ region: z.string() });

/** `POST /private-networks`. */
export const createNetworkInput = z.object({ name: z.string(), region: z.string() });

/** `PUT /private-networks/{id}`. */
export const updateNetworkInput = z.object({ name: z.string().optional() });

/** `GET /machine-availability`. */
export const availabilityInput = z.object({ machineType: z.string(), region: z.string() });

/** What `POST /machines` asks for. */
export type CreateMachineInput = z.infer<typeof createMachineInput>;

/** What `PUT /machines/{id}` asks for. */
export type UpdateMachineInput = z.infer<typeof updateMachineInput>;

/** Reads a body or a query. @throws {Refusal} 400 with the vendor's framework's list of issues. */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ code, path, message }) => ({ code, path, message }));
  throw new Refusal("BAD_REQUEST", undefined, { details: { issues } });
}

/** Reads a region, as code or long name. @throws {Refusal} 400. */
export function parseRegion(region: string): SimRegion {
  const code = toSimRegion(region);
  if (code === undefined) throw new Refusal("BAD_REQUEST", `Invalid region: ${region}`);
  return code;
}
