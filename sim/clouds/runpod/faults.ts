/**
 * Faults of the simulated RunPod: those that every cloud has, and rows of the vendor's own table.
 *
 * @module
 */

import {
  commonFaults,
  type Fault,
  type FaultAnswer,
  needsTruth as needsTruthShared,
} from "../faults.ts";
import type { RunpodErrorName } from "./errors.ts";

/** REST's operations, by the vendor's names. */
export const restOperations = [
  "listPods",
  "createPod",
  "getPod",
  "deletePod",
  "podAction",
  "listGpuTypes",
  "getGpuType",
  "listDataCenters",
] as const;

/**
 * GraphQL's, by the field that a request is about: `pod` where it asks for one, `myself.pods` where it
 * lists them, else the first.
 */
export const graphqlOperations = [
  "gpuTypes",
  "dataCenters",
  "countryCodes",
  "myself",
  "myself.pods",
  "pod",
  "podFindAndDeployOnDemand",
  "podRentInterruptable",
  "podTerminate",
] as const;

/** REST's operation. */
export type RestOperation = typeof restOperations[number];

/** GraphQL's operation. */
export type GraphqlOperation = typeof graphqlOperations[number];

/** An operation. */
export type RunpodOperation = RestOperation | GraphqlOperation;

/** What is answered instead of the truth. */
export type RunpodFaultAnswer =
  | FaultAnswer
  /** A row of the vendor's table, as the protocol of the request says it. */
  | { readonly kind: "error"; readonly error: RunpodErrorName }
  /** GraphQL: nulls without a word; ambiguous on a create. REST: the row `somethingWrong`. */
  | { readonly kind: "nullData" };

/** One fault. */
export type RunpodFault = Fault<RunpodOperation, RunpodFaultAnswer>;

/** Faults that clients of the vendor have met, ready to use. */
export const runpodFaults = Object.freeze({
  ...commonFaults,
  /** The edge does not like the client. */
  agentRefused: {
    kind: "raw",
    status: 403,
    body: "error code: 1010",
    headers: { "content-type": "text/plain; charset=UTF-8" },
  },
  /** A limit at the edge: no header says how long. */
  throttledByEdge: {
    kind: "raw",
    status: 429,
    body: "<html><head><title>429 Too Many Requests</title></head><body></body></html>",
    headers: { "content-type": "text/html" },
  },
  nullData: { kind: "nullData" },
  somethingWrong: { kind: "error", error: "somethingWrong" },
  notAsDocumented: { kind: "raw", status: 200, body: '{"data":{"myself":17},"pods":{"id":17}}' },
}) satisfies Readonly<Record<string, RunpodFaultAnswer>>;

/** Whether an answer is made from the right one. */
export function needsTruth(answer: RunpodFaultAnswer): boolean {
  return answer.kind !== "error" && answer.kind !== "nullData" && needsTruthShared(answer);
}
