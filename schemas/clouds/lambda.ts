/**
 * What only Lambda Cloud's block of a GPUNodeClass has.
 *
 * @module
 */

import { z } from "zod";

/**
 * Options of a Lambda account. Lambda's launch call requires exactly one SSH key (Cloud API 1.10.0,
 * read 2026-11-23).
 */
export const lambdaOptionsSchema = z.object({
  sshKeyName: z.string().min(1).max(64).describe(
    "Name of the SSH key, already in the Lambda account, that every machine gets",
  ),
  imageFamily: z.string().min(1).max(64).optional().describe(
    "Image family to boot, for example lambda-stack-24-04; Lambda's default when absent",
  ),
  imageID: z.uuid().optional().describe(
    "Exact image to boot instead of a family; an image id belongs to one region",
  ),
  filesystems: z.array(z.string().min(1).max(60)).max(24).optional().describe(
    "Names of persistent filesystems to attach; they limit launches to their own region",
  ),
  firewallRulesetIDs: z.array(z.string().min(1).max(64)).max(10).optional().describe(
    "Ids of regional firewall rulesets to attach",
  ),
}).meta({
  cel: [{
    rule: "!(has(self.imageFamily) && has(self.imageID))",
    message: "set imageFamily or imageID, not both",
  }],
}).describe("Options of a Lambda account");

/** Options of a Lambda account. */
export type LambdaOptions = z.infer<typeof lambdaOptionsSchema>;
