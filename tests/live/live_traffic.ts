/**
 * What passes between an adapter and the real vendor: kept, to be held against our documents, and let
 * through only as far as a test may go.
 *
 * @module
 */

import type { RecordedDocument } from "../support/recorded_documents.ts";
import type { Exchange } from "../support/recordings.ts";

/** See the module. */
export class LiveTraffic {
  readonly #exchanges: Exchange[] = [];

  /** Everything that was asked and answered. */
  get exchanges(): readonly Exchange[] {
    return this.#exchanges;
  }

  /** Passes requests on, and remembers. */
  readonly fetch = async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url);
    const body = request.body === null ? "" : await request.clone().text();
    const response = await fetch(request);
    const answer = await response.clone().text();
    this.#exchanges.push({
      request: {
        method: request.method as Exchange["request"]["method"],
        path: pathname,
        query: Object.fromEntries(searchParams),
        body: body === "" ? undefined : JSON.parse(body),
      },
      response: { status: response.status, headers: {}, body: parse(answer) },
    });
    return response;
  };

  /** Where the vendor's answers are not as our documents, or its own, have them. */
  findProblems(documents: readonly RecordedDocument[]): readonly string[] {
    const problems = this.#exchanges.flatMap((exchange) =>
      documents.flatMap((document) => document.findProblems(exchange))
    );
    return [...new Set(problems)];
  }
}

/**
 * A `fetch` that lets through only what reads: GET, and GraphQL documents without a mutation. For
 * parts of the product that could also buy or end.
 *
 * @param onRefused Told of everything that was held back.
 */
export function onlyReads(
  fetch: (request: Request) => Promise<Response>,
  onRefused: (what: string) => void,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname } = new URL(request.url);
    const reads = request.method === "GET" ||
      (pathname.endsWith("/graphql") && !/\bmutation\b/.test(await request.clone().text()));
    if (reads) return await fetch(request);
    onRefused(`${request.method} ${pathname}`);
    throw new TypeError("only reads are let through here");
  };
}

/** JSON where it is, the text otherwise. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
