/**
 * Refusals of the simulated Paperspace: the vendor's codes, and the texts that clients have met.
 *
 * The envelope is flat and the set of codes is the vendor's; billing, quota and capacity have no code of
 * their own and are told by text alone.
 *
 * @module
 */

/** The vendor's codes: status and usual text. */
export const simErrorRows = Object.freeze({
  PARSE_ERROR: { status: 400, message: "Failed to parse request body" },
  BAD_REQUEST: { status: 400, message: "Input validation failed" },
  UNAUTHORIZED: { status: 401, message: "Unauthorized" },
  FORBIDDEN: { status: 403, message: "You do not have permission to do this" },
  NOT_FOUND: { status: 404, message: "Not found" },
  METHOD_NOT_SUPPORTED: { status: 405, message: "Method not supported" },
  TIMEOUT: { status: 408, message: "The request took too long" },
  CONFLICT: { status: 409, message: "The request conflicts with another one" },
  PRECONDITION_FAILED: { status: 412, message: "A requirement is not met" },
  PAYLOAD_TOO_LARGE: { status: 413, message: "Request body is too large" },
  TOO_MANY_REQUESTS: { status: 429, message: "Too many requests" },
  CLIENT_CLOSED_REQUEST: { status: 499, message: "Client closed request" },
  INTERNAL_SERVER_ERROR: { status: 500, message: "Internal server error" },
});

/** A known code. */
export type SimErrorCode = keyof typeof simErrorRows;

/** Texts beyond the rows'. Those of the second group are made up: nobody has published the real ones. */
export const simTexts = Object.freeze({
  /** What the event of a start without capacity says. */
  startWithoutCapacity:
    "Uh oh. This machine type can't start due to insufficient capacity or higher than normal demand. Please try again later.",
  /** What a create without capacity was answered in 2020. */
  outOfCapacity:
    "Failed to create resource: We are currently out of capacity for the selected VM type. Try again in a few minutes, or select a different instance.",
  /** What a create with a retired template or type was answered. */
  retired: "Failed to create resource: Not found. Please contact support@paperspace.com for help.",

  noPaymentMethod: "A valid payment method is required. Please add a credit card to your team.",
  pastDue: "Your account is not in good standing: an invoice is past due.",
  locked: "Your account has been suspended. Please contact support.",
  maxMachines: "Your team has reached its maximum number of machines.",
});

/** What an action on a machine under way is answered; seen for `starting`. */
export function busyText(word: string): string {
  return `This machine is currently ${word}.`;
}

/** What a create of a type that needs approval is answered. Made up. */
export function approvalText(machineType: string): string {
  return `Machine type ${machineType} requires approval for this team.`;
}

/** Parts of a refusal beyond its code. */
export interface RefusalOptions {
  readonly status?: number | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** Thrown inside the simulator to answer with a refusal. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: SimErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: SimErrorCode, message?: string, options: RefusalOptions = {}) {
    super(message ?? simErrorRows[code].message);
    this.code = code;
    this.status = options.status ?? simErrorRows[code].status;
    this.details = options.details;
  }
}

/** The body of a refusal. */
export function renderRefusal({ message, code, details }: Refusal): Record<string, unknown> {
  return { message, code, ...(details !== undefined && { details }) };
}

/** The web framework's own refusal of a request that announces JSON and brings none. */
export const emptyJsonBody = Object.freeze({
  statusCode: 400,
  code: "FST_ERR_CTP_EMPTY_JSON_BODY",
  error: "Bad Request",
  message: "Body cannot be empty when content-type is set to 'application/json'",
});
