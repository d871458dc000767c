/**
 * Faults on demand: the next so many requests of an operation go wrong in a chosen way. What every
 * simulated cloud shares.
 *
 * @module
 */

import { z } from "zod";
import { type Cut, cut } from "../handler.ts";

/** What is answered instead of the truth. */
export type FaultAnswer =
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

/** One fault. @typeParam Operation Names of the cloud's operations. */
export interface Fault<Operation extends string, Answer = FaultAnswer> {
  readonly operation: Operation | "*";
  readonly answer: Answer;
  /** How many requests it spoils. @default {1} */
  readonly times?: number | undefined;
  /** Whether the request is carried out all the same: the ambiguous case. @default {false} */
  readonly takesEffect?: boolean | undefined;
}

/** The right answer, as text. */
export interface TrueAnswer {
  readonly status: number;
  readonly text: string;
  readonly contentType?: string | undefined;
}

/** Faults that clients of any vendor have met, ready to use. */
export const commonFaults = Object.freeze({
  html502: {
    kind: "raw",
    status: 502,
    body: "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>",
    headers: { "content-type": "text/html" },
  },
  empty503: { kind: "raw", status: 503, body: "" },
  htmlOk: {
    kind: "raw",
    status: 200,
    body: "<html><head><title>Sign in</title></head></html>",
    headers: { "content-type": "text/html" },
  },
  redirect: { kind: "raw", status: 302, body: "", headers: { location: "https://example.net/" } },
  cut: { kind: "cut" },
  hang: { kind: "hang" },
  truncate: { kind: "truncate" },
  stall: { kind: "stall" },
}) satisfies Readonly<Record<string, FaultAnswer>>;

/** A {@linkcode FaultAnswer} as it comes over the control endpoint. */
export const faultAnswerSchema = z.union([
  z.strictObject({
    kind: z.literal("raw"),
    status: z.int().min(200).max(599),
    body: z.string(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  z.strictObject({ kind: z.enum(["cut", "hang", "truncate", "stall"]) }),
]);

/** The faults that wait for their requests. */
export class FaultQueue<Operation extends string, Answer = FaultAnswer> {
  #waiting: { fault: Fault<Operation, Answer>; left: number }[] = [];

  /** Adds a fault behind those that wait. */
  add(fault: Fault<Operation, Answer>): void {
    this.#waiting.push({ fault, left: fault.times ?? 1 });
  }

  /** Drops all faults. */
  clear(): void {
    this.#waiting = [];
  }

  /** The faults that wait. */
  list(): readonly Fault<Operation, Answer>[] {
    return this.#waiting.map(({ fault, left }) => ({ ...fault, times: left }));
  }

  /** The fault for a request, if one waits for it. */
  take(operation: Operation): Fault<Operation, Answer> | undefined {
    const entry = this.#waiting.find(({ fault }) =>
      fault.operation === "*" || fault.operation === operation
    );
    if (entry === undefined) return undefined;
    entry.left--;
    if (entry.left <= 0) this.#waiting = this.#waiting.filter((other) => other !== entry);
    return entry.fault;
  }
}

/** Whether an answer is made from the right one, so that the request has to be carried out. */
export function needsTruth(answer: FaultAnswer): boolean {
  return answer.kind === "truncate" || answer.kind === "stall";
}

/** Spoils an answer. */
export function spoil(
  answer: FaultAnswer,
  truth: TrueAnswer,
  request: Request,
): Promise<Response | Cut> | Response | Cut {
  switch (answer.kind) {
    case "raw":
      return new Response(hasNoBody(answer.status) ? null : answer.body, {
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

function hasNoBody(status: number): boolean {
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
  truth: TrueAnswer,
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
    headers: {
      "content-type": truth.contentType ?? "application/json",
      "content-length": String(bytes.length),
    },
  });
}
