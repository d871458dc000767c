/**
 * Runs GraphQL documents, and lets no secret out of what goes wrong.
 *
 * graphql-request puts the whole answer and the variables, environment and all, into its errors. So it is
 * shown successes only: what else comes is explained here, before it sees it.
 *
 * @module
 */

import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { z } from "zod";
import type { CallPlan } from "../../call_plan.ts";
import { ProviderError } from "../../errors.ts";
import {
  createLaunchFetch,
  type LaunchSending,
  toUnrepeatableText,
} from "../../http/launch_sending.ts";
import { type AnswerContext, parseDocumented, parseJson } from "../../http/parse_answer.ts";
import { userAgent } from "../../http/user_agent.ts";
import type { Fetch } from "../../provider_deps.ts";
import type { Redact } from "../../redact.ts";
import { type RunpodClientDeps, type RunpodClientOptions, toContext } from "../client_deps.ts";

/** One operation: what is asked, and how its data is read. */
export interface GraphqlCall<Variables extends Record<string, unknown>, Schema extends z.ZodType> {
  readonly plan: CallPlan;
  readonly document: TypedDocumentNode<unknown, Variables>;
  readonly variables: Variables;
  readonly schema: Schema;
}

/** How an operation is put on the wire, and its answer into words. */
interface Wire {
  readonly fetch: Fetch;
  readonly redact: Redact;
  readonly toBody: (text: string) => BodyInit;
}

/** Errors beside data mean that the data is not whole. */
const refusedSchema = z.object({
  errors: z.array(z.unknown()).min(1),
  data: z.unknown().optional(),
});

const answeredSchema = z.object({ data: z.record(z.string(), z.unknown()) });

/** Sends GraphQL documents for one account. */
export class GraphqlTransport {
  readonly #deps: RunpodClientDeps;
  readonly #options: RunpodClientOptions;

  constructor(deps: RunpodClientDeps, options: RunpodClientOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** Runs a read or an end. @throws {ProviderError} */
  run<Variables extends Record<string, unknown>, Schema extends z.ZodType>(
    call: GraphqlCall<Variables, Schema>,
    signal: AbortSignal,
  ): Promise<z.output<Schema>> {
    const { fetch, redact, resilience } = this.#deps;
    return resilience.call(
      call.plan,
      (limited) => this.#exchange(call, { fetch, redact, toBody: (text) => text }, limited),
      signal,
    );
  }

  /** Runs a create: one request, whose body cannot be sent twice. @throws {ProviderError} */
  launch<Variables extends Record<string, unknown>, Schema extends z.ZodType>(
    call: GraphqlCall<Variables, Schema>,
    sending: LaunchSending,
    signal: AbortSignal,
  ): Promise<z.output<Schema>> {
    const fetch = createLaunchFetch(this.#deps, sending, signal);
    const { redact } = sending;
    return this.#deps.resilience.launch(
      call.plan,
      sending.ticket,
      (limited) => this.#exchange(call, { fetch, redact, toBody: toUnrepeatableText }, limited),
      signal,
    );
  }

  async #exchange<Variables extends Record<string, unknown>, Schema extends z.ZodType>(
    { plan, document, variables, schema }: GraphqlCall<Variables, Schema>,
    { fetch, redact, toBody }: Wire,
    signal: AbortSignal,
  ): Promise<z.output<Schema>> {
    const context = toContext(plan, { ...this.#deps, redact }, this.#options);
    // Loaded when it is needed: it brings all of graphql along (45 ms), and REST does without.
    const { GraphQLClient } = await import("graphql-request");
    const client = new GraphQLClient(this.#options.url, {
      fetch: async (url, init) => {
        const { method, headers, body } = { method: "POST", headers: {}, body: "", ...init };
        const response = await fetch(
          new Request(url, {
            method,
            headers: headers ?? {},
            body: toBody(String(body)),
            signal,
            // Followed, the key would go wherever the answer points.
            redirect: "manual",
          }),
        );
        const text = await readSuccess(response, plan, context);
        return new Response(text, { headers: { "content-type": "application/json" } });
      },
      headers: { authorization: `Bearer ${this.#options.apiKey}`, "user-agent": userAgent },
    });
    const data = await client.request<unknown>(document, variables);
    return parseDocumented(schema, data, 200, context);
  }
}

/** The text of an answer with data and without errors. @throws {ProviderError} For any other. */
async function readSuccess(
  response: Response,
  plan: CallPlan,
  context: AnswerContext,
): Promise<string> {
  const { status, headers } = response;
  const text = await response.text();
  if (!response.ok) {
    throw withRemedy(context.toError({ status, headers, body: decode(text) }, context));
  }
  const body = parseJson(text, status, context);
  const refused = refusedSchema.safeParse(body);
  if (refused.success) {
    const error = context.toError({ status, headers, body }, context);
    throw plan.priority === "launch" && hasContent(refused.data.data) ? asUnknown(error) : error;
  }
  parseDocumented(answeredSchema, body, status, context);
  return text;
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether data holds more than nulls: then something happened beside the errors. */
function hasContent(data: unknown): boolean {
  return typeof data === "object" && data !== null &&
    Object.values(data).some((value) => value !== null);
}

/** An order that was refused and carried out is neither. */
function asUnknown(error: ProviderError): ProviderError {
  const { account, operation, status, message } = error;
  return new ProviderError(message, { kind: "unknown", account, operation, status });
}

function withRemedy(error: ProviderError): ProviderError {
  if (error.kind !== "retired") return error;
  const { kind, account, operation, status, code, message } = error;
  return new ProviderError(
    `${message}; RunPod has retired GraphQL: set runpod.protocol to REST in the account's entry`,
    { kind, account, operation, status, code },
  );
}
