/**
 * A Kubernetes client whose server is a function in the test, on virtual time.
 *
 * @module
 */

import { createKubeClient, type KubeClient, type KubeClientOptions } from "../../kube/client.ts";
import { createHandlerTransport } from "../../kube/transport.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { FakeClock } from "./fake_clock.ts";

/** Answers one request. */
export type Answer = (request: Request) => Response | Promise<Response>;

/** A client, its clock, and what it has asked. */
export interface ScriptedKube {
  readonly kube: KubeClient;
  readonly clock: FakeClock;
  readonly requests: Request[];
}

/** Creates a client whose requests `answer` answers. */
export function createScriptedKube(
  answer: Answer,
  options: Partial<KubeClientOptions> = {},
): ScriptedKube {
  const clock = new FakeClock();
  const requests: Request[] = [];
  const transport = createHandlerTransport(async (request) => {
    requests.push(request);
    return await answer(request);
  });
  const random = createSeededRandom(1);
  const kube = createKubeClient({ transport, clock, random, userAgent: "test/1", ...options });
  return { kube, clock, requests };
}

/** Path and query of a request. */
export function toPathAndQuery(request: Request): string {
  const url = new URL(request.url);
  return decodeURIComponent(url.pathname + url.search);
}

/** A JSON answer. */
export function json(body: unknown, init: ResponseInit = {}): Response {
  return Response.json(body, init);
}

/** A `Status` answer. */
export function status(code: number, reason: string, more: Record<string, unknown> = {}): Response {
  const body = { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, ...more };
  return json({ message: `it is ${reason}`, ...body }, { status: code });
}

/** One page of a list. */
export function list(items: readonly unknown[], resourceVersion: string, next?: string): Response {
  return json({
    kind: "List",
    apiVersion: "v1",
    metadata: { resourceVersion, ...(next ? { continue: next } : {}) },
    items,
  });
}

/** A ConfigMap as a list or watch has it, without `kind`. */
export function configMap(name: string, resourceVersion: string, more: object = {}) {
  return { metadata: { name, namespace: "ns", uid: `uid-${name}`, resourceVersion }, ...more };
}

/** The answer to a watch, written by the test. */
export class ScriptedWatch {
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #over = false;
  /** Whether the client has let go. */
  cancelled = false;
  readonly response: Response = new Response(
    new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => {
        this.cancelled = true;
      },
    }),
  );

  /** Sends an event. */
  send(type: string, object: unknown): void {
    this.raw(`${JSON.stringify({ type, object })}\n`);
  }

  bookmark(resourceVersion: string): void {
    this.send("BOOKMARK", { metadata: { resourceVersion } });
  }

  /** Sends text as it is. */
  raw(text: string): void {
    this.bytes(new TextEncoder().encode(text));
  }

  /** What is sent after the end is lost, as on a real connection. */
  bytes(bytes: Uint8Array): void {
    if (!this.#over && !this.cancelled) this.#controller?.enqueue(bytes);
  }

  /** Ends the stream as a server does whose time is up. */
  end(): void {
    if (!this.#over && !this.cancelled) this.#controller?.close();
    this.#over = true;
  }

  /** Breaks the connection. */
  reset(): void {
    if (!this.#over && !this.cancelled) this.#controller?.error(new TypeError("connection reset"));
    this.#over = true;
  }
}

/** Reads an async iterable to its end. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
