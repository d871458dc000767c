/**
 * What only Paperspace's block of a GPUNodeClass has.
 *
 * @module
 */

import { z } from "zod";
import { text } from "../text.ts";

/** Options of a Paperspace account (API v1, read 2026-11-24). All are optional. */
export const paperspaceOptionsSchema = z.object({
  templateID: text({ min: 1, max: 64 }).optional().describe(
    "OS template or custom template to boot; machine types that it is not for are not bought. Default the newest Ubuntu 22.04 template for the machine type, with the GPU driver where there is one",
  ),
  networkID: text({ min: 1, max: 64 }).optional().describe(
    "Private network to attach machines to. A network belongs to one region, so nothing is bought in others. Default the team's own network",
  ),
  publicIPType: z.enum(["Dynamic", "Static", "None"]).optional().describe(
    "Kind of public address: Dynamic lasts while the machine is on, Static is kept and billed until it is released, which ending the machine does, None leaves the machine without one. Paperspace does not say whose an address without a machine was: if releasing one fails, and the controller stops or this entry changes before it has tried again, that address stays and bills on. Look now and then at the team's public addresses (GET /v1/public-ips), and release those without a machine that you do not keep. Default Dynamic",
  ),
  diskSizeGb: z.int().min(50).max(2000).optional().describe(
    "Size of the root disk in GB, billed by size and rounded up to what is sold: 50, 100, 250, 500, 1000 or 2000. Default 100",
  ),
}).describe("Settings for Paperspace; refused in accounts at other clouds");

/** Options of a Paperspace account. */
export type PaperspaceOptions = z.infer<typeof paperspaceOptionsSchema>;
