/**
 * Faults of the simulated Paperspace: those that every cloud has, and refusals of its own.
 *
 * @module
 */

import type { Cut } from "../../handler.ts";
import {
  commonFaults,
  type Fault,
  type FaultAnswer,
  needsTruth as sharedNeedsTruth,
  spoil as spoilShared,
  type TrueAnswer,
} from "../faults.ts";
import {
  approvalText,
  busyText,
  emptyJsonBody,
  type SimErrorCode,
  simErrorRows,
  simTexts,
} from "./errors.ts";

/** The operations the cloud serves, by the vendor's names. */
export const paperspaceOperations = [
  "auth-session",
  "billing-accountStanding",
  "customTemplates-get",
  "customTemplates-list",
  "machineAvailability-list",
  "machineEvents-get",
  "machineEvents-list",
  "machines-create",
  "machines-delete",
  "machines-get",
  "machines-list",
  "machines-restart",
  "machines-start",
  "machines-stop",
  "machines-update",
  "osTemplates-list",
  "privateNetworks-create",
  "privateNetworks-delete",
  "privateNetworks-get",
  "privateNetworks-list",
  "privateNetworks-update",
  "publicIps-assign",
  "publicIps-claim",
  "publicIps-list",
  "publicIps-release",
  "startupScripts-assign",
  "startupScripts-create",
  "startupScripts-delete",
  "startupScripts-get",
  "startupScripts-list",
  "startupScripts-unassign",
  "startupScripts-update",
] as const;

/** An operation. `billing-accountStanding` is our word: the vendor no longer documents it. */
export type PaperspaceOperation = typeof paperspaceOperations[number];

/** What is answered instead of the truth. */
export type PaperspaceFaultAnswer =
  | FaultAnswer
  /** One of the vendor's codes; the others replace what the code usually comes with. */
  | {
    readonly kind: "error";
    readonly code: SimErrorCode;
    readonly message?: string | undefined;
    readonly status?: number | undefined;
    readonly retryAfterSeconds?: number | undefined;
  };

/** One fault. */
export type PaperspaceFault = Fault<PaperspaceOperation, PaperspaceFaultAnswer>;

/** Faults that clients of the vendor have met, ready to use. */
export const paperspaceFaults = Object.freeze({
  ...commonFaults,
  empty500: { kind: "raw", status: 500, body: "" },
  crash: { kind: "error", code: "INTERNAL_SERVER_ERROR" },
  throttled: { kind: "error", code: "TOO_MANY_REQUESTS" },
  throttledForSeconds: { kind: "error", code: "TOO_MANY_REQUESTS", retryAfterSeconds: 7 },
  outOfCapacity: { kind: "error", code: "BAD_REQUEST", message: simTexts.outOfCapacity },
  retired: { kind: "error", code: "NOT_FOUND", message: simTexts.retired },
  noPaymentMethod: { kind: "error", code: "BAD_REQUEST", message: simTexts.noPaymentMethod },
  maxMachines: { kind: "error", code: "BAD_REQUEST", message: simTexts.maxMachines },
  approval: { kind: "error", code: "FORBIDDEN", message: approvalText("H100") },
  busy: { kind: "error", code: "CONFLICT", message: busyText("starting") },
  emptyJsonBody: { kind: "raw", status: 400, body: JSON.stringify(emptyJsonBody) },
  /** The envelope of before 2024. */
  oldIssues: {
    kind: "raw",
    status: 400,
    body:
      '{"message":"Input validation failed","code":"BAD_REQUEST","issues":[{"message":"Required"}]}',
  },
  /** What a key that is not valid gets from `GET /auth/session`. */
  nullOk: { kind: "raw", status: 200, body: "null" },
  notAsDocumented: { kind: "raw", status: 200, body: '{"hasMore":"no","items":[{"id":17}]}' },
}) satisfies Readonly<Record<string, PaperspaceFaultAnswer>>;

/** Whether an answer is made from the right one. */
export function needsTruth(answer: PaperspaceFaultAnswer): boolean {
  return answer.kind !== "error" && sharedNeedsTruth(answer);
}

/** Spoils an answer. */
export function spoil(
  answer: PaperspaceFaultAnswer,
  truth: TrueAnswer,
  request: Request,
): Promise<Response | Cut> | Response | Cut {
  if (answer.kind !== "error") return spoilShared(answer, truth, request);
  const { code, message = simErrorRows[code].message, status, retryAfterSeconds } = answer;
  return Response.json({ message, code }, {
    status: status ?? simErrorRows[code].status,
    ...(retryAfterSeconds !== undefined && {
      headers: { "retry-after": String(retryAfterSeconds) },
    }),
  });
}
