/**
 * What only Lambda Cloud's block of a GPUNodeClass has.
 *
 * @module
 */

import { z } from "zod";
import { listOf } from "../lists.ts";
import { text } from "../text.ts";

/**
 * Options of a Lambda account. Lambda's launch call requires exactly one SSH key (Cloud API 1.10.0,
 * read 2026-11-23).
 */
export const lambdaOptionsSchema = z.object({
  sshKeyName: text({ min: 1, max: 64 }).describe(
    "Name of an SSH key that is in the Lambda account already; every machine gets it, as Lambda demands",
  ),
  imageFamily: text({ min: 1, max: 64 }).optional().describe(
    "Image family to boot, for example lambda-stack-24-04. Default Lambda's own choice",
  ),
  imageID: z.string().max(36).regex(
    z.regexes.uuid(),
    "must be the image's id, a UUID such as 5c2a6ad4-8b7f-4a5e-9d3c-0f1e2d3c4b5a",
  ).optional().describe(
    "Exact image to boot instead of a family. An image belongs to one region, so nothing is bought in others",
  ),
  filesystems: listOf(text({ min: 1, max: 60 }), 24).optional().describe(
    "Names of persistent filesystems to attach. A filesystem belongs to one region, so nothing is bought in others. Default none",
  ),
  firewallRulesetIDs: listOf(text({ min: 1, max: 64 }), 10).optional().describe(
    "Ids of firewall rulesets to attach. A ruleset belongs to one region, so nothing is bought in others. Default none",
  ),
}).meta({
  cel: [{
    rule: "!(has(self.imageFamily) && has(self.imageID))",
    message: "set imageFamily or imageID, not both",
  }],
}).describe("Settings for Lambda: required in accounts at Lambda, refused in others");

/** Options of a Lambda account. */
export type LambdaOptions = z.infer<typeof lambdaOptionsSchema>;
