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
import { errorSchema } from "./wire.ts";

/** One kind of refusal. It is meant when the code, the status or the text is. */
interface ErrorRow {
  readonly codes?: readonly string[];
  readonly statuses?: readonly number[];
  readonly text?: RegExp;
  /** Whether the text counts only in refusals, not in what is the vendor's own failure. */
  readonly below500?: true;
  readonly kind: ProviderErrorKind;
}

/**
 * Words for a lack of capacity, in answers and in the events of machines: "This machine type can't start
 * due to insufficient capacity or higher than normal demand", "We are currently out of capacity".
 */
export const capacityText =
  /insufficient capacity|out of capacity|higher than normal demand|currently unavailable|no (available )?capacity/i;

/** The first row that fits decides. */
export const paperspaceErrorRows: readonly ErrorRow[] = Object.freeze<ErrorRow[]>([
  { codes: ["UNAUTHORIZED"], statuses: [401], kind: "unauthorized" },
  { text: capacityText, kind: "availability" },
  { codes: ["TOO_MANY_REQUESTS"], statuses: [429], kind: "rate_limit" },
  // "This machine is currently starting.": status and code that go with it are not known.
  { text: /this machine is currently \w+/i, kind: "conflict" },
  // A type or template that is no longer sold, as the console showed it in 2024.
  { text: /^failed to create resource: not found/i, kind: "invalid_request" },
  {
    text: /payment|billing|credit card|good standing|past due|suspend|account.*locked/i,
    below500: true,
    kind: "billing",
  },
  // Large types need an approval by hand, which the API says nothing of beforehand.
  {
    text: /quota|limit|maximum|exceed|approv|request access|not enabled for/i,
    below500: true,
    kind: "quota",
  },
  { codes: ["FORBIDDEN"], statuses: [403], kind: "unauthorized" },
  { codes: ["NOT_FOUND"], statuses: [404], kind: "not_found" },
  { codes: ["CONFLICT", "PRECONDITION_FAILED"], statuses: [409, 412], kind: "conflict" },
  {
    codes: ["PARSE_ERROR", "BAD_REQUEST", "METHOD_NOT_SUPPORTED", "PAYLOAD_TOO_LARGE"],
    statuses: [400, 405, 413],
    kind: "invalid_request",
  },
  {
    codes: ["TIMEOUT", "CLIENT_CLOSED_REQUEST", "INTERNAL_SERVER_ERROR"],
    statuses: [408, 499],
    kind: "transient",
  },
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

function classify(
  status: number,
  envelope: Envelope | undefined,
  operation: string,
): ProviderErrorKind {
  // Without the API's own envelope it is not the API that answers: nothing is known of the thing asked for.
  if (status === 410 || (status === 404 && envelope === undefined)) return "retired";
  const row = paperspaceErrorRows.find((candidate) => fits(candidate, status, envelope));
  if (row?.kind === "not_found") return notFoundKinds[operation] ?? "not_found";
  return row?.kind ?? classifyStatus(status);
}

function fits(row: ErrorRow, status: number, envelope: Envelope | undefined): boolean {
  if (row.statuses?.includes(status)) return true;
  if (envelope === undefined || (row.below500 && status >= 500)) return false;
  return (envelope.code !== undefined && row.codes?.includes(envelope.code)) ||
    row.text?.test(envelope.message) === true;
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
