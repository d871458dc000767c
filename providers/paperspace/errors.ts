/**
 * What Paperspace's refusals mean. The only place that knows its codes and texts.
 *
 * Statuses and codes are from the vendor's error table, which its command line agrees with; texts are all
 * there is for billing, quota and capacity. Read 2026-11-24.
 *
 * @module
 */

import type { ProviderError, ProviderErrorKind } from "../errors.ts";
import {
  classifyStatus,
  type FailedAnswer,
  type FailureContext,
  toAnswerError,
} from "../http/failed_answer.ts";
import { lookUp } from "../look_up.ts";
import { errorSchema } from "./wire.ts";

/** Kind by `code`. */
export const paperspaceErrorKinds: Readonly<Record<string, ProviderErrorKind>> = Object.freeze({
  UNAUTHORIZED: "unauthorized",
  // The key lacks a permission.
  FORBIDDEN: "unauthorized",
  TOO_MANY_REQUESTS: "rate_limit",
  NOT_FOUND: "not_found",
  CONFLICT: "conflict",
  PRECONDITION_FAILED: "conflict",
  PARSE_ERROR: "invalid_request",
  BAD_REQUEST: "invalid_request",
  METHOD_NOT_SUPPORTED: "invalid_request",
  PAYLOAD_TOO_LARGE: "invalid_request",
  TIMEOUT: "transient",
  CLIENT_CLOSED_REQUEST: "transient",
  INTERNAL_SERVER_ERROR: "transient",
});

/** Kind by status, for answers without a known code: the framework in front has codes of its own. */
const statusKinds: Readonly<Record<number, ProviderErrorKind>> = {
  400: "invalid_request",
  405: "invalid_request",
  409: "conflict",
  412: "conflict",
  413: "invalid_request",
  499: "transient",
};

/**
 * Words for a lack of capacity, in answers and in the events of machines: "This machine type can't start
 * due to insufficient capacity or higher than normal demand", "We are currently out of capacity".
 */
export const capacityText =
  /insufficient capacity|out of capacity|higher than normal demand|currently unavailable|no (available )?capacity/i;

/** One text that says more than its code. */
interface TextRow {
  readonly text: RegExp;
  readonly kind: ProviderErrorKind;
  /** Whether it counts in the vendor's own failures, too. */
  readonly always?: true;
}

/** The first text that fits decides; billing, quota and capacity have no codes at all. */
export const paperspaceTextKinds: readonly TextRow[] = Object.freeze<TextRow[]>([
  { text: capacityText, kind: "availability", always: true },
  // "This machine is currently starting.": the code that goes with it is not known.
  { text: /this machine is currently \w+/i, kind: "conflict" },
  // A type or template that is no longer sold, as the console showed it in 2024.
  { text: /^failed to create resource: not found/i, kind: "invalid_request" },
  {
    text: /payment|billing|credit card|good standing|past due|suspend|account.*locked/i,
    kind: "billing",
  },
  // Large types need an approval by hand, which the API says nothing of beforehand. That is no quota of
  // the team's, which would hold back its orders of all other types.
  { text: /approv|request access|not enabled for/i, kind: "invalid_request" },
  { text: /quota|limit|maximum|exceed/i, kind: "quota" },
]);

/**
 * What "not found" means where no id is asked for. A list that is not there is the vendor's API that is not
 * there; an order that names something that is not there is a wrong order.
 */
const notFoundKinds: Readonly<Record<string, ProviderErrorKind>> = {
  "auth-session": "retired",
  "osTemplates-list": "retired",
  "machines-list": "retired",
  "startupScripts-list": "retired",
  "startupScripts-create": "retired",
  "publicIps-list": "retired",
  "machineAvailability-list": "invalid_request",
  "machines-create": "invalid_request",
};

/** The {@linkcode ProviderError} of an answer that is not a success. */
export function toPaperspaceError(answer: FailedAnswer, context: FailureContext): ProviderError {
  const parsed = errorSchema.safeParse(answer.body);
  const envelope = parsed.success ? parsed.data : undefined;
  return toAnswerError(answer, {
    kind: classify(answer.status, envelope, context.operation),
    code: envelope?.code,
    words: envelope && describe(envelope),
  }, context);
}

type Envelope = ReturnType<typeof errorSchema.parse>;

/**
 * A wrong key is one whatever is said beside it; then the text, which may name a lack of capacity even in a
 * throttle; then the code; then the status.
 */
function classify(
  status: number,
  envelope: Envelope | undefined,
  operation: string,
): ProviderErrorKind {
  // Without the API's own envelope it is not the API that answers: nothing is known of the thing asked for.
  if (status === 404 && envelope === undefined) return "retired";
  const { code = "", message = "" } = envelope ?? {};
  // What is the vendor's own failure is no refusal, whatever it says.
  const coded = status < 500 ? lookUp(paperspaceErrorKinds, code) : undefined;
  const plain = coded ?? statusKinds[status] ?? classifyStatus(status);
  if (status === 401 || code === "UNAUTHORIZED") return "unauthorized";
  const said = paperspaceTextKinds.find(({ text, always }) =>
    (always || status < 500) && text.test(message)
  )?.kind;
  if (said === "availability") return said;
  if (status === 429 || plain === "rate_limit") return "rate_limit";
  const kind = said ?? plain;
  return kind === "not_found" ? notFoundKinds[operation] ?? kind : kind;
}

/** Whether it is the API's own word that a thing of that id does not exist. */
export function isNoSuchThing(error: ProviderError): boolean {
  return error.kind === "not_found" && error.status === 404;
}

/** Answers to an order after which a machine may be there all the same. */
const ambiguousStatuses: ReadonlySet<number> = new Set([408, 409, 499]);

/**
 * Whether a failed launch is the API's own word, so that the next offer may be tried at once: it came
 * with a code, below 500; or the request was throttled. All else may have happened.
 */
export function isDefiniteRefusal(error: ProviderError): boolean {
  const { status = 599, code, kind } = error;
  if (status >= 500 || ambiguousStatuses.has(status)) return false;
  return status >= 400 && (code !== undefined || kind === "rate_limit");
}

/** The message, and which fields were not right. */
function describe({ message, details, issues }: Envelope): string {
  const found = [...details?.issues ?? [], ...issues ?? []].slice(0, 3).map((issue) => {
    const path = issue.path?.join(".") ?? "";
    return [path, issue.message ?? ""].filter((part) => part !== "").join(": ");
  });
  return [message, ...found].filter((part) => part !== "").join("; ");
}
