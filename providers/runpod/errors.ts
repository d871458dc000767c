/**
 * What RunPod's refusals mean, in both protocols. The only place that knows its codes and texts.
 *
 * RunPod says most things in words alone: REST's problems have no code, GraphQL's errors come with HTTP
 * 200 and mostly the code `RUNPOD`. Texts are those that clients have recorded; read 2026-11-24.
 *
 * @module
 */

import { z } from "zod";
import type { ProviderError, ProviderErrorKind } from "../errors.ts";
import {
  classifyStatus,
  type FailedAnswer,
  type FailureContext,
  toAnswerError,
  toText,
} from "../http/failed_answer.ts";
import { lookUp } from "../look_up.ts";

/** Name of the operation that spends money; the same in both protocols. */
export const launchOperation = "launchPod";

/**
 * Kind by GraphQL's `extensions.code`. `RUNPOD` stands for anything and is left to the text, and so is
 * an internal error as long as the text says more: bad input and no capacity have come as one.
 */
export const runpodErrorCodes: Readonly<Record<string, ProviderErrorKind>> = Object.freeze({
  SUPPLY_CONSTRAINT: "availability",
  POD_NOT_FOUND: "not_found",
  GRAPHQL_VALIDATION_FAILED: "invalid_request",
  GRAPHQL_PARSE_FAILED: "invalid_request",
  BAD_USER_INPUT: "invalid_request",
  INTERNAL_SERVER_ERROR: "transient",
});

/**
 * Kind by text; the first that matches counts, and the order matters: several texts for "sold out" end
 * with "try again later", and one speaks of pods that it could "not find".
 */
export const runpodErrorTexts: readonly (readonly [ProviderErrorKind, RegExp])[] = Object.freeze([
  // A limit per hour that support raises, not an empty account. Exact text not known.
  ["quota", /spend(ing)? limit/i],
  ["billing", /balance is too low|insufficient (balance|funds|credit)|add funds/i],
  [
    "availability",
    /no longer any instances|there are no instances|no instances (currently )?available|does not have the resources|could not find any pods with required spec|not enough free gpus|insufficient (resources|capacity)|no gpus? available/i,
  ],
  ["not_found", /\bnot found\b|nonexistent|does not exist/i],
  [
    "unauthorized",
    /^unauthori[sz]ed$|unauthenticated|not authori[sz]ed|access denied|forbidden|invalid api key/i,
  ],
  ["rate_limit", /rate limit|too many requests/i],
  [
    "invalid_request",
    /cannot resume a spot pod|cannot query field|got invalid value|is not defined by type|of required type|is required|must be one of|unknown (argument|type)|additional properties/i,
  ],
  [
    "transient",
    /something went wrong|try again later|internal server error|service unavailable|temporarily unavailable/i,
  ],
]);

/** Kinds that a text may mean in an answer that has a status of its own, too. */
const accountKinds: readonly ProviderErrorKind[] = ["quota", "billing", "availability"];

/** The network in front refuses our kind of client; says nothing about the key. */
const clientRefused = /error code: 1010/i;

/** The network in front throttles. */
const clientThrottled = /error code: 1015/i;

const problemSchema = z.object({
  title: z.string().min(1),
  status: z.number(),
  detail: z.string().catch(""),
  errors: z.array(z.string()).nullish().catch(undefined),
});

const graphqlErrorsSchema = z.object({
  errors: z.array(z.object({
    message: z.string().catch(""),
    extensions: z.object({ code: z.string().min(1) }).nullish().catch(undefined),
  })).min(1),
});

/** What RunPod says of itself in a failed answer. */
interface OwnWords {
  /** Only what RunPod's API itself answers has one; pages of the network in front have none. */
  readonly code: string;
  readonly words: string;
}

/** The {@linkcode ProviderError} of an answer that is not a success. */
export function toRunpodError(answer: FailedAnswer, context: FailureContext): ProviderError {
  const own = readOwnWords(answer.body);
  return toAnswerError(answer, {
    kind: classify(answer, own, context.operation),
    code: own?.code,
    words: own?.words,
  }, context);
}

/**
 * Whether a failed launch is RunPod's own word that nothing was rented, so that the next offer may be
 * tried at once. All else may have happened: a 500 was answered although the pod had been created
 * (June 2026), and `Something went wrong` stands for anything.
 */
export function isDefiniteRefusal(error: ProviderError): boolean {
  const { code, kind, status = 599 } = error;
  const understood = kind !== "transient" && kind !== "conflict" && kind !== "unknown";
  return understood && status < 500 && (code !== undefined || letsNothingThrough.has(status));
}

/**
 * RunPod's own word that a pod does not exist: its problem with 404, or GraphQL's error. A page of the
 * network in front says nothing about a pod, and something else that was not found neither.
 */
export function saysNoSuchPod({ status, code, message }: ProviderError): boolean {
  if (code === undefined) return false;
  return status === 404 || code === "POD_NOT_FOUND" || /\bpod not found\b/i.test(message);
}

/** Statuses that stand before everything else, whoever answers them. */
const letsNothingThrough: ReadonlySet<number> = new Set([401, 410, 429]);

function classify(
  { status, body }: FailedAnswer,
  own: OwnWords | undefined,
  operation: string,
): ProviderErrorKind {
  if (status === 403) return classifyForbidden(toText(body), own, operation);
  const said = classifyWords(own);
  if (status === 402) return said === "quota" ? said : "billing";
  // REST v1 hid billing and capacity in 500; what else a failure says of itself is not believed.
  if (status >= 500 || status === 400) {
    if (said !== undefined && accountKinds.includes(said)) return said;
  }
  if (status === 400) return own === undefined ? "unknown" : (said ?? "invalid_request");
  if (status === 422) return "invalid_request";
  return status >= 200 && status < 300 ? said ?? "unknown" : classifyStatus(status);
}

/** A pool that the account may not use is refused like a key without the right, in other words. */
function classifyForbidden(
  text: string,
  own: OwnWords | undefined,
  operation: string,
): ProviderErrorKind {
  if (clientRefused.test(text)) return "transient";
  if (clientThrottled.test(text)) return "rate_limit";
  if (operation !== launchOperation || own === undefined) return "unauthorized";
  return classifyWords(own) === "unauthorized" ? "unauthorized" : "invalid_request";
}

function classifyWords(own: OwnWords | undefined): ProviderErrorKind | undefined {
  if (own === undefined) return undefined;
  const coded = lookUp(runpodErrorCodes, own.code);
  if (coded !== undefined && coded !== "transient") return coded;
  return runpodErrorTexts.find(([, pattern]) => pattern.test(own.words))?.[0] ?? coded;
}

function readOwnWords(body: unknown): OwnWords | undefined {
  const problem = problemSchema.safeParse(body);
  if (problem.success) {
    const { title, detail, errors } = problem.data;
    return { code: title, words: [detail, ...errors ?? []].filter((text) => text).join("; ") };
  }
  const envelope = graphqlErrorsSchema.safeParse(body);
  const [first] = envelope.success ? envelope.data.errors : [];
  if (first === undefined) return undefined;
  return { code: first.extensions?.code ?? "no code", words: hideInput(first.message) };
}

/** A refused variable comes back whole, environment and all. */
function hideInput(message: string): string {
  return message.replace(/(got invalid value )[\s\S]*;/, "$1…;");
}
