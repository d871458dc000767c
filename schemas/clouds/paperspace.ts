/**
 * What only Paperspace's block of a GPUNodeClass has.
 *
 * @module
 */

import { z } from "zod";

/** Options of a Paperspace account (API v1, read 2026-11-24). All are optional. */
export const paperspaceOptionsSchema = z.object({
  templateID: z.string().min(1).max(64).optional().describe(
    "OS template or custom template to boot; when absent, the newest Ubuntu 22.04 template that fits the machine type",
  ),
  networkID: z.string().min(1).max(64).optional().describe(
    "Private network of the same region to attach machines to; the team's default network when absent",
  ),
  publicIPType: z.enum(["Dynamic", "Static", "None"]).optional().describe(
    "Kind of public address: Dynamic lasts while the machine is on, Static is kept and billed until released, None leaves the machine without one. Default Dynamic",
  ),
  diskSizeGb: z.int().min(50).max(2000).optional().describe(
    "Size of the root disk in GB, billed by size and rounded up to what is sold: 50, 100, 250, 500, 1000 or 2000. Default 100",
  ),
}).describe("Options of a Paperspace account");

/** Options of a Paperspace account. */
export type PaperspaceOptions = z.infer<typeof paperspaceOptionsSchema>;
