/**
 * Every refusal of the vendor that is known, by code. Texts are the vendor's defaults.
 *
 * @module
 */

/** One row of the vendor's table of errors. */
export interface SimErrorRow {
  readonly status: number;
  readonly message: string;
  readonly suggestion?: string | undefined;
}

/** Rows by code. */
export const simErrorRows = Object.freeze({
  "global/invalid-api-key": {
    status: 401,
    message: "API key was invalid, expired, or deleted.",
    suggestion: "Verify the key in the console.",
  },
  "global/forbidden": { status: 403, message: "The key may not see this workspace." },
  "global/account-inactive": {
    status: 403,
    message: "Your account is inactive.",
    suggestion: "Verify the email address and the payment method.",
  },
  "global/invalid-address": {
    status: 403,
    message: "Your billing address is invalid.",
    suggestion: "Correct the billing address.",
  },
  "global/quota-exceeded": {
    status: 400,
    message: "Quota exceeded.",
    suggestion: "Ask support for a higher quota.",
  },
  "instance-operations/launch/insufficient-capacity": {
    status: 400,
    message: "Not enough capacity to fulfill launch request.",
  },
  "global/invalid-parameters": { status: 400, message: "Invalid request data." },
  "instance-operations/launch/file-system-in-wrong-region": {
    status: 400,
    message: "A filesystem is in another region than the instance.",
  },
  "instance-operations/launch/file-systems-not-supported": {
    status: 400,
    message: "Filesystems are not supported in this region.",
  },
  "global/object-does-not-exist": {
    status: 404,
    message: "Specified instance does not exist.",
    suggestion: "Check the name or id and try again.",
  },
  "global/not-found": { status: 404, message: "The requested resource was not found." },
  "global/conflict": {
    status: 409,
    message: "The request conflicts with the current state of the resource.",
  },
  "global/internal-error": { status: 500, message: "An internal server error occurred." },
  "provider/internal-unavailable": { status: 503, message: "Provider unavailable" },
  "global/unknown": { status: 400, message: "An unknown error occurred." },
}) satisfies Readonly<Record<string, SimErrorRow>>;

/** A known error code. */
export type SimErrorCode = keyof typeof simErrorRows;

/** Thrown inside the simulator to answer with a refusal. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly suggestion: string | undefined;

  constructor(code: SimErrorCode, message?: string, status?: number) {
    const row: SimErrorRow = simErrorRows[code];
    super(message ?? row.message);
    this.code = code;
    this.status = status ?? row.status;
    this.suggestion = row.suggestion;
  }
}

/** The answer to a refused request. @param requestId The vendor quotes one in late versions. */
export function toErrorResponse(
  error: {
    readonly status: number;
    readonly code: string;
    readonly message: string;
    readonly suggestion?: string | undefined;
  },
  requestId: string,
): Response {
  const { status, code, message, suggestion } = error;
  return Response.json(
    { error: { code, message, ...(suggestion && { suggestion }), request_id: requestId } },
    { status },
  );
}
