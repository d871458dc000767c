/**
 * Faults on demand: the next so many requests of an operation go wrong in a chosen way.
 *
 * @module
 */

import { type Cut, cut } from "../../handler.ts";
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
export type FaultAnswer =
  /** A row of the vendor's table; `status` replaces the row's. */
  | { readonly kind: "error"; readonly code: SimErrorCode; readonly status?: number | undefined }
  /** Anything. */
  | {
    readonly kind: "raw";
    readonly status: number;
    readonly body: string;
    readonly headers?: Readonly<Record<string, string>> | undefined;
  }
  /** The connection drops without an answer. */
  | { readonly kind: "cut" }
  /** No answer until the caller gives up. */
  | { readonly kind: "hang" }
  /** The right answer breaks off in the middle. */
  | { readonly kind: "truncate" }
  /** The right answer stops in the middle and stays open. */
  | { readonly kind: "stall" };

/** One fault. */
export interface LambdaFault {
  readonly operation: LambdaOperation | "*";
  readonly answer: FaultAnswer;
  /** How many requests it spoils. @default {1} */
  readonly times?: number | undefined;
  /** Whether the request is carried out all the same: the ambiguous case. @default {false} */
  readonly takesEffect?: boolean | undefined;
}

/** Faults that clients of the vendor have met, ready to use. */
export const commonFaults = Object.freeze({
  html502: {
    kind: "raw",
    status: 502,
    body: "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>",
    headers: { "content-type": "text/html" },
  },
  empty503: { kind: "raw", status: 503, body: "" },
  unavailable: { kind: "error", code: "provider/internal-unavailable" },
  htmlOk: {
    kind: "raw",
    status: 200,
    body: "<html><head><title>Sign in</title></head></html>",
    headers: { "content-type": "text/html" },
  },
  notAsDocumented: { kind: "raw", status: 200, body: '{"data":[{"id":17}]}' },
  redirect: { kind: "raw", status: 302, body: "", headers: { location: "https://example.net/" } },
  cut: { kind: "cut" },
  hang: { kind: "hang" },
}) satisfies Readonly<Record<string, FaultAnswer>>;

/** The faults that wait for their requests. */
export class FaultQueue {
  #waiting: { fault: LambdaFault; left: number }[] = [];

  /** Adds a fault behind those that wait. */
  add(fault: LambdaFault): void {
    this.#waiting.push({ fault, left: fault.times ?? 1 });
  }

  /** Drops all faults. */
  clear(): void {
    this.#waiting = [];
  }

  /** The faults that wait. */
  list(): readonly LambdaFault[] {
    return this.#waiting.map(({ fault, left }) => ({ ...fault, times: left }));
  }

  /** The fault for a request, if one waits for it. */
  take(operation: LambdaOperation): LambdaFault | undefined {
    const entry = this.#waiting.find(({ fault }) =>
      fault.operation === "*" || fault.operation === operation
    );
    if (entry === undefined) return undefined;
    entry.left--;
    if (entry.left <= 0) this.#waiting = this.#waiting.filter((other) => other !== entry);
    return entry.fault;
  }
}

/**
 * Spoils an answer.
 *
 * @param truth The right answer, as text.
 */
export function spoil(
  answer: FaultAnswer,
  truth: { readonly status: number; readonly text: string },
  request: Request,
  requestId: string,
): Promise<Response | Cut> | Response | Cut {
  switch (answer.kind) {
    case "error": {
      const row = simErrorRows[answer.code];
      const status = answer.status ?? row.status;
      return toErrorResponse({ ...row, code: answer.code, status }, requestId);
    }
    case "raw":
      return new Response(nullBody(answer.status) ? null : answer.body, {
        status: answer.status,
        headers: { "content-type": "application/json", ...answer.headers },
      });
    case "cut":
      return cut;
    case "hang":
      return untilAborted(request.signal);
    case "truncate":
    case "stall":
      return halfOf(truth, answer.kind === "truncate");
  }
}

function nullBody(status: number): boolean {
  return status === 204 || status === 304;
}

function untilAborted(signal: AbortSignal): Promise<Cut> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(cut);
    signal.addEventListener("abort", () => resolve(cut), { once: true });
  });
}

/** Half an answer, announced whole; then the connection breaks or nothing comes. */
function halfOf(
  truth: { readonly status: number; readonly text: string },
  breaks: boolean,
): Response {
  const bytes = new TextEncoder().encode(truth.text);
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (!sent) {
        sent = true;
        controller.enqueue(bytes.slice(0, Math.ceil(bytes.length / 2)));
      } else if (breaks) {
        controller.error(new TypeError("connection closed before message completed"));
      } else {
        return new Promise(() => {});
      }
    },
  });
  return new Response(body, {
    status: truth.status,
    headers: { "content-type": "application/json", "content-length": String(bytes.length) },
  });
}
