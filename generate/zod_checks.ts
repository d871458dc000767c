/**
 * Keeps what zod's JSON Schema leaves out of a node: regex messages and flags, refinements.
 *
 * @module
 */

import type { z } from "zod";

/** One node of the JSON Schema that zod writes, our notes and `.meta()` included. */
export type JsonNode = Readonly<Record<string, unknown>>;

/** Keys under which {@linkcode noteChecks} leaves its notes. */
export const notes = {
  /** The message of the node's regex. */
  message: "x-tgp-pattern-message",
  /** Flags of the node's regex that JSON Schema cannot say. */
  flags: "x-tgp-pattern-flags",
  /** Present if the node has a refinement. */
  refined: "x-tgp-refined",
} as const;

/** `override` of `z.toJSONSchema`: called for every schema with the node made from it. */
export function noteChecks(
  context: { readonly zodSchema: z.core.$ZodTypes; readonly jsonSchema: Record<string, unknown> },
): void {
  for (const check of context.zodSchema._zod.def.checks ?? []) {
    const def: unknown = check._zod.def;
    if (!isRecord(def)) continue;
    if (def.check === "custom") noteRefinement(def, context.jsonSchema);
    if (!(def.pattern instanceof RegExp) || def.format !== "regex") continue;
    const message = toMessage(def.error);
    if (message !== undefined) context.jsonSchema[notes.message] = message;
    // `u` and `g` change nothing about what matches here.
    const flags = def.pattern.flags.replace(/[ug]/g, "");
    if (flags) context.jsonSchema[notes.flags] = flags;
  }
}

/** Bounds that refinements state in `params`, and what they are called there. */
const bounds = [["maxCharacters", "maxLength"], ["maxProperties", "maxProperties"]] as const;

/** A refinement that says what it bounds has its equal there; any other is only noted. */
function noteRefinement(
  { params }: Readonly<Record<string, unknown>>,
  jsonSchema: Record<string, unknown>,
): void {
  const stated = isRecord(params) ? params : {};
  const [found] = bounds.filter(([param]) => typeof stated[param] === "number");
  if (found) jsonSchema[found[1]] = stated[found[0]];
  // The list's type says it.
  else if (stated["unique"] !== true) jsonSchema[notes.refined] = true;
}

/** zod keeps a constant message as a function of the issue. */
function toMessage(error: unknown): string | undefined {
  const message: unknown = typeof error === "function" ? error({}) : undefined;
  return typeof message === "string" ? message : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
