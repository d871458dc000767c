/**
 * How Paperspace's API is asked: paced, in time, each answer parsed, each list read to its end.
 *
 * @module
 */

import createOpenApiClient, { type Client } from "openapi-fetch";
import type { z } from "zod";
import type { paths } from "../../generated/paperspace.d.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { CallPlan } from "../call_plan.ts";
import { ProviderError } from "../errors.ts";
import { type Exchange, parseAnswer } from "../http/parse_answer.ts";
import { userAgent } from "../http/user_agent.ts";
import type { Fetch } from "../provider_deps.ts";
import type { Redact } from "../redact.ts";
import type { Resilience } from "../resilience.ts";
import { toPaperspaceError } from "./errors.ts";
import { paperspaceInfo } from "./facts.ts";
import { pageSchema } from "./wire.ts";

/** What {@linkcode PaperspaceTransport} is built on. */
export interface PaperspaceTransportDeps {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly resilience: Resilience;
  readonly redact: Redact;
}

/** Which account, and where. */
export interface PaperspaceTransportOptions {
  readonly account: string;
  readonly apiKey: string;
  /** With the vendor's path. */
  readonly url: string;
}

/** What every call of openapi-fetch is given. */
export interface CallOptions {
  readonly signal: AbortSignal;
  readonly parseAs: "text";
}

/** What is asked, and what an answer looks like. */
export interface Question<Schema extends z.ZodType> {
  readonly plan: CallPlan;
  readonly schema: Schema;
}

/** The same of a list. */
export interface ListQuestion<Item extends z.ZodType> {
  readonly plan: CallPlan;
  readonly item: Item;
  /** What tells two items apart. */
  readonly keyOf: (item: z.output<Item>) => string;
}

/** Which page of a list. */
export interface PageQuery {
  readonly limit: number;
  /** Missing for the first. */
  readonly after?: string;
}

/** The largest page; the server's own choice is not documented. */
const pageLimit = 120;

/** A list that is still not at its end after so many pages never will be. */
const maxPages = 200;

/** Paperspace's API for one account, without its operations. */
export class PaperspaceTransport {
  /**
   * Has no content type of its own: sent with an empty body, it makes the vendor refuse.
   */
  readonly http: Client<paths>;
  readonly #deps: PaperspaceTransportDeps;
  readonly #account: string;

  constructor(deps: PaperspaceTransportDeps, options: PaperspaceTransportOptions) {
    this.#deps = deps;
    this.#account = options.account;
    this.http = createOpenApiClient<paths>({
      baseUrl: options.url,
      fetch: deps.fetch,
      // Followed, the key would go wherever the answer points.
      redirect: "manual",
      headers: {
        accept: "application/json",
        authorization: `Bearer ${options.apiKey}`,
        "user-agent": userAgent,
      },
    });
  }

  /** One call, parsed. */
  call<Schema extends z.ZodType>(
    { plan, schema }: Question<Schema>,
    signal: AbortSignal,
    send: (options: CallOptions) => Promise<Exchange>,
  ): Promise<z.output<Schema>> {
    return this.#deps.resilience.call(
      plan,
      async (limited) =>
        this.parse({ plan, schema }, await send({ signal: limited, parseAs: "text" })),
      signal,
    );
  }

  /**
   * A whole list, without the duplicates that pages have been seen to hold.
   *
   * @throws {ProviderError} If any page fails, or the list has no end: half a list is none.
   */
  async listAll<Item extends z.ZodType>(
    { plan, item, keyOf }: ListQuestion<Item>,
    signal: AbortSignal,
    send: (options: CallOptions, query: PageQuery) => Promise<Exchange>,
  ): Promise<z.output<Item>[]> {
    const items = new Map<string, z.output<Item>>();
    const cursors = new Set<string>();
    let query: PageQuery = { limit: pageLimit };
    for (;;) {
      const question = { plan, schema: pageSchema(item) };
      const page = await this.call(question, signal, (options) => send(options, query));
      for (const found of page.items) items.set(keyOf(found), found);
      if (!page.hasMore) return [...items.values()];
      const after = page.nextPage ?? "";
      if (after === "") throw this.fail(plan, "the list goes on, but it does not say where");
      if (cursors.has(after) || cursors.size >= maxPages) {
        throw this.fail(plan, `the list does not end after ${cursors.size + 1} pages`);
      }
      cursors.add(after);
      query = { limit: pageLimit, after };
    }
  }

  /** An answer, parsed. @param redact Hides more than the key. */
  parse<Schema extends z.ZodType>(
    { plan, schema }: Question<Schema>,
    exchange: Exchange,
    redact: Redact = this.#deps.redact,
  ): z.output<Schema> {
    return parseAnswer(schema, exchange, {
      account: this.#account,
      operation: plan.operation,
      action: plan.action,
      vendor: paperspaceInfo.displayName,
      redact,
      now: this.#deps.clock.now(),
      toError: toPaperspaceError,
    });
  }

  /** A success that says the opposite. */
  fail(plan: CallPlan, why: string, kind: "unknown" | "unauthorized" = "unknown"): ProviderError {
    return new ProviderError(`Cannot ${plan.action}: ${why}`, {
      kind,
      account: this.#account,
      operation: plan.operation,
      status: 200,
    });
  }
}
