/**
 * A contract client over anything that answers requests.
 *
 * @module
 */

import { isObject, type Json } from "../../sim/api_server/json.ts";
import type { ContractClient, ContractEvent, ContractRequest, ContractWatch } from "./cluster.ts";

/** Sends a request to the API server, as somebody. Paths are below this address. */
export interface Endpoint {
  readonly url: string;
  readonly fetch: (request: Request) => Promise<Response>;
}

/** A client over an endpoint. */
export function createContractClient({ url, fetch }: Endpoint): ContractClient {
  return {
    async request(method, path, request = {}) {
      const response = await fetch(toRequest(url, method, path, request));
      const text = await response.text();
      return {
        status: response.status,
        body: parse(text),
        warnings: toWarnings(response.headers),
      };
    },
    async watch(path, query = {}, accept = "application/json") {
      const target = new URL(path, url);
      const parameters = { watch: "true", ...query };
      for (const [key, value] of Object.entries(parameters)) target.searchParams.set(key, value);
      const over = new AbortController();
      const request = new Request(target, { headers: { accept }, signal: over.signal });
      const response = await fetch(request);
      if (response.status !== 200 || response.body === null) {
        throw new Error(`Cannot watch ${path}: ${response.status} ${await response.text()}`);
      }
      return follow(response.body, over);
    },
  };
}

function toRequest(url: string, method: string, path: string, request: ContractRequest): Request {
  const target = new URL(path, url);
  for (const [key, value] of Object.entries(request.query ?? {})) {
    target.searchParams.set(key, value);
  }
  const headers = new Headers({
    accept: request.accept ?? "application/json",
    "user-agent": "contract/1",
  });
  if (request.body === undefined) return new Request(target, { method, headers });
  const fallback = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  headers.set("content-type", request.contentType ?? fallback);
  return new Request(target, { method, headers, body: JSON.stringify(request.body) });
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Several `Warning` headers come as one, separated by commas. */
function toWarnings(headers: Headers): readonly string[] {
  const joined = headers.get("warning");
  return joined === null ? [] : joined.split(/, (?=299 )/);
}

/** Reads a watch's lines as they come. */
function follow(body: ReadableStream<Uint8Array>, over: AbortController): ContractWatch {
  const events: ContractEvent[] = [];
  let ended = false;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const reading = (async () => {
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") events.push(toEvent(JSON.parse(line)));
    }
  })().catch((error) => {
    if (!over.signal.aborted) throw error;
  }).finally(() => ended = true);
  return {
    poll: () => events.shift() ?? (ended ? "ended" : undefined),
    async [Symbol.asyncDispose]() {
      over.abort();
      await reader.cancel().catch(() => {});
      await reading;
    },
  };
}

function toEvent(raw: unknown): ContractEvent {
  if (!isObject(raw) || typeof raw.type !== "string") throw new Error("not a watch event");
  return { type: raw.type, object: raw.object ?? null };
}
