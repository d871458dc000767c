/**
 * Faults of the simulated Lambda: those that every cloud has, and rows of the vendor's own table.
 *
 * @module
 */

import type { Cut } from "../../handler.ts";
import {
  commonFaults as sharedFaults,
  type Fault,
  type FaultAnswer as SharedFaultAnswer,
  needsTruth as sharedNeedsTruth,
  spoil as spoilShared,
  type TrueAnswer,
} from "../faults.ts";
import { type SimErrorCode, simErrorRows, toErrorResponse } from "./errors.ts";

/** The operations the cloud serves, by the vendor's names. */
export const lambdaOperations = [
  "listInstanceTypes",
  "listRegions",
  "listImages",
  "listFilesystems",
  "firewallRulesetsList",
  "listSSHKeys",
  "listInstances",
  "getInstance",
  "launchInstance",
  "terminateInstance",
] as const;

/** An operation. */
export type LambdaOperation = typeof lambdaOperations[number];

/** What is answered instead of the truth. */
export type LambdaFaultAnswer =
  | SharedFaultAnswer
  /** A row of the vendor's table; `status` replaces the row's. */
  | { readonly kind: "error"; readonly code: SimErrorCode; readonly status?: number | undefined };

/** One fault. */
export type LambdaFault = Fault<LambdaOperation, LambdaFaultAnswer>;

/** Faults that clients of the vendor have met, ready to use. */
export const lambdaFaults = Object.freeze({
  ...sharedFaults,
  unavailable: { kind: "error", code: "provider/internal-unavailable" },
  notAsDocumented: { kind: "raw", status: 200, body: '{"data":[{"id":17}]}' },
}) satisfies Readonly<Record<string, LambdaFaultAnswer>>;

/** Whether an answer is made from the right one. */
export function needsTruth(answer: LambdaFaultAnswer): boolean {
  return answer.kind !== "error" && sharedNeedsTruth(answer);
}

/** Spoils an answer. */
export function spoil(
  answer: LambdaFaultAnswer,
  truth: TrueAnswer,
  request: Request,
  requestId: string,
): Promise<Response | Cut> | Response | Cut {
  if (answer.kind !== "error") return spoilShared(answer, truth, request);
  const row = simErrorRows[answer.code];
  const status = answer.status ?? row.status;
  return toErrorResponse({ ...row, code: answer.code, status }, requestId);
}
