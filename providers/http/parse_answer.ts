/**
 * A vendor's answer, parsed: its JSON as documented, or a `ProviderError`.
 *
 * @module
 */

import type { z } from "zod";
import { ProviderError } from "../errors.ts";
import type { FailedAnswer, FailureContext } from "./failed_answer.ts";

/** What openapi-fetch gives back when asked for text. */
export interface Exchange {
  readonly data?: string | undefined;
  readonly error?: unknown;
  readonly response: Response;
}

/** What a client says about the call, and how its vendor's refusals are read. */
export interface AnswerContext extends FailureContext {
  readonly toError: (answer: FailedAnswer, context: FailureContext) => ProviderError;
}

/**
 * The body of a success, parsed.
 *
 * Text is asked for and decoded here, so that a web page in place of JSON can be told from it.
 *
 * @throws {ProviderError} What the vendor's table says of a failure; `transient` when the body is no
 * JSON; `unknown` when it is not as documented.
 */
export function parseAnswer<Schema extends z.ZodType>(
  schema: Schema,
  { data, error, response }: Exchange,
  context: AnswerContext,
): z.output<Schema> {
  const { status, headers } = response;
  if (!response.ok) throw context.toError({ status, headers, body: error }, context);
  return parseDocumented(schema, parseJson(data ?? "", status, context), status, context);
}

/** A body as JSON. @throws {ProviderError} `transient`. */
export function parseJson(text: string, status: number, context: FailureContext): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cut after redaction: half a key would not be recognised.
    const start = context.redact(text).slice(0, 80);
    const shown = start === "" ? "empty" : `"${start}"`;
    throw toMismatch("transient", `is not JSON but ${shown}; check the address`, status, context);
  }
}

/** A decoded body as documented. @throws {ProviderError} `unknown`, naming the field. */
export function parseDocumented<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  status: number,
  context: FailureContext,
): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const mismatch = context.redact(explainMismatch(parsed.error));
  throw toMismatch("unknown", `is not as documented: ${mismatch}`, status, context);
}

/** Where an answer differs from what was expected, on one line: `data[0].id: expected string`. */
export function explainMismatch(error: z.ZodError): string {
  const shown = error.issues.slice(0, 3).map((issue) => {
    const path = issue.path.map((part) =>
      typeof part === "number" ? `[${part}]` : `.${String(part)}`
    )
      .join("").replace(/^\./, "");
    return `${path || "the answer"}: ${issue.message}`;
  });
  return shown.join("; ");
}

function toMismatch(
  kind: "transient" | "unknown",
  why: string,
  status: number,
  { account, action, operation, vendor }: FailureContext,
): ProviderError {
  return new ProviderError(`Cannot ${action}: ${vendor}'s answer ${why}`, {
    kind,
    account,
    operation,
    status,
  });
}
