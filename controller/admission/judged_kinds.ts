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
import type { AdmissionRequest } from "./admission_review.ts";
import type { AdmissionContext } from "./context/admission_context.ts";
import { validateNodeClaim } from "./rules/validate_node_claim.ts";
import { validateNodeClass } from "./rules/validate_node_class.ts";
import { validateNodePool } from "./rules/validate_node_pool.ts";
import { deny, type Violation } from "./rules/violation.ts";

/** Everything that is wrong with an object. */
export interface Judgement {
  /** Whether it could be read at all; rules are for objects that could. */
  readonly readable: boolean;
  readonly violations: readonly Violation[];
}

/** Judges an object that nobody has read yet. */
export type Judge = (raw: unknown, context: AdmissionContext) => Judgement;

/** Without status: it is not the user's, and one that cannot be read must not hold up a new spec. */
const judges: ReadonlyMap<string, Judge> = new Map([
  ["GPUNodeClass", toJudge(nodeClassSchema.omit({ status: true }), validateNodeClass)],
  ["GPUNodePool", toJudge(nodePoolSchema.omit({ status: true }), validateNodePool)],
  ["GPUNodeClaim", toJudge(nodeClaimSchema.omit({ status: true }), validateNodeClaim)],
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
    if (parsed.success) return { readable: true, violations: validate(parsed.data, context) };
    const violations = parsed.error.issues.map(({ path, message }) =>
      deny(toFieldPath(path), toSentence(message))
    );
    return { readable: false, violations };
  };
}

/** `spec.providers[1].name`; the object itself has no path. */
function toFieldPath(path: readonly PropertyKey[]): string {
  return path.map((part) => typeof part === "number" ? `[${part}]` : `.${String(part)}`)
    .join("").replace(/^\./, "");
}

/** As our own messages begin. */
function toSentence(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
