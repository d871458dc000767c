/**
 * The kinds that are judged: how each is read, and its rules.
 *
 * @module
 */

import type { z } from "zod";
import { apiGroup } from "../../schemas/labels.ts";
import { nodeClaimSchema } from "../../schemas/node_claim.ts";
import { nodeClassSchema } from "../../schemas/node_class.ts";
import { nodePoolSchema } from "../../schemas/node_pool.ts";
import type { AdmissionContext } from "./admission_context.ts";
import type { AdmissionRequest } from "./admission_review.ts";
import { validateNodeClaim } from "./validate_node_claim.ts";
import { validateNodeClass } from "./validate_node_class.ts";
import { validateNodePool } from "./validate_node_pool.ts";
import { deny, type Violation } from "./violation.ts";

/** Everything that is wrong with an object that nobody has read yet. */
export type Judge = (raw: unknown, context: AdmissionContext) => readonly Violation[];

const judges: ReadonlyMap<string, Judge> = new Map([
  ["GPUNodeClass", toJudge(nodeClassSchema, validateNodeClass)],
  ["GPUNodePool", toJudge(nodePoolSchema, validateNodePool)],
  ["GPUNodeClaim", toJudge(nodeClaimSchema, validateNodeClaim)],
]);

/** Names of the kinds that are judged. */
export const judgedKinds: readonly string[] = [...judges.keys()];

/** The judge of a kind, if there is one. */
export function findJudge({ group, version, kind }: AdmissionRequest["kind"]): Judge | undefined {
  return group === apiGroup && version === "v1" ? judges.get(kind) : undefined;
}

function toJudge<T>(
  schema: z.ZodType<T>,
  validate: (object: T, context: AdmissionContext) => readonly Violation[],
): Judge {
  return (raw, context) => {
    const parsed = schema.safeParse(raw);
    if (parsed.success) return validate(parsed.data, context);
    return parsed.error.issues.map(({ path, message }) => deny(toFieldPath(path), message));
  };
}

/** `spec.providers[1].name`; the object itself has no path. */
function toFieldPath(path: readonly PropertyKey[]): string {
  return path.map((part) => typeof part === "number" ? `[${part}]` : `.${String(part)}`)
    .join("").replace(/^\./, "");
}
