/**
 * What only RunPod's block of a GPUNodeClass has.
 *
 * @module
 */

import { z } from "zod";

/** Options of a RunPod account (REST v2 and GraphQL, read 2026-11-24). All are optional. */
export const runpodOptionsSchema = z.object({
  protocol: z.enum(["REST", "GraphQL"]).optional().describe(
    "API that RunPod is asked through. GraphQL retires in early 2027, and spot capacity with it. Default REST",
  ),
  cloudType: z.enum(["Secure", "Community"]).optional().describe(
    "Whose machines: Secure means data centers of RunPod and its partners, Community hosts of third parties, placed by country. Default Secure",
  ),
}).describe("Settings for RunPod; refused in accounts at other clouds");

/** Options of a RunPod account. */
export type RunpodOptions = z.infer<typeof runpodOptionsSchema>;
