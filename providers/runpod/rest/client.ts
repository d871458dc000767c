/**
 * RunPod through its REST API v2: one method per operation, each answer parsed, each failure classified.
 *
 * Wire facts: the vendor's document 2.0.0, read 2026-11-24.
 *
 * @module
 */

import createOpenApiClient, { type Client } from "openapi-fetch";
import type { z } from "zod";
import type { paths } from "../../../generated/runpod_rest.d.ts";
import type { CallPlan } from "../../call_plan.ts";
import { ProviderError } from "../../errors.ts";
import {
  createLaunchFetch,
  type LaunchSending,
  toUnrepeatableBody,
} from "../../http/launch_sending.ts";
import { type Exchange, parseAnswer } from "../../http/parse_answer.ts";
import { userAgent } from "../../http/user_agent.ts";
import {
  offeredCounts,
  type RunpodApi,
  type RunpodCatalog,
  type RunpodOrder,
  type RunpodPod,
  type RunpodStock,
} from "../api.ts";
import { launchPlan, readPlan, terminatePlan } from "../call_plans.ts";
import { type RunpodClientDeps, type RunpodClientOptions, toContext } from "../client_deps.ts";
import { saysNoSuchPod } from "../errors.ts";
import { toGpus, toStock } from "./catalog.ts";
import { toCreateBody } from "./create_body.ts";
import { fromRestPod } from "./pod.ts";
import {
  createdPodSchema,
  gpuTypesAnswerSchema,
  gpuTypeSchema,
  podsAnswerSchema,
  podSchema,
  type WireGpuType,
  type WirePod,
} from "./wire.ts";

/** A list that is still not at its end after so many pages never will be. */
const maxPages = 200;

type Send = (options: { signal: AbortSignal; parseAs: "text" }) => Promise<Exchange>;

/** RunPod's REST API for one account. */
export class RestClient implements RunpodApi {
  readonly #deps: RunpodClientDeps;
  readonly #options: RunpodClientOptions;
  readonly #http: Client<paths>;

  constructor(deps: RunpodClientDeps, options: RunpodClientOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#http = createOpenApiClient<paths>({
      baseUrl: options.url,
      fetch: deps.fetch,
      // Followed, the key would go wherever the answer points.
      redirect: "manual",
      headers: {
        accept: "application/json, application/problem+json",
        authorization: `Bearer ${options.apiKey}`,
        "user-agent": userAgent,
      },
    });
  }

  async listPods(signal: AbortSignal): Promise<readonly RunpodPod[]> {
    const plan = readPlan("listPods", "list machines");
    const pods: WirePod[] = [];
    const seen = new Set<string>();
    let cursor: string | undefined;
    while (true) {
      const page = await this.#listPage(plan, cursor, signal);
      pods.push(...page.pods);
      const { nextCursor, hasNextPage } = page.pagination ?? {};
      if (!(hasNextPage ?? Boolean(nextCursor))) return pods.map(fromRestPod);
      // A vendor that ignores unknown parameters gives the first page again and again.
      if (!nextCursor || seen.has(nextCursor)) throw this.#incomplete(plan);
      if (seen.size >= maxPages) {
        throw this.#fail(plan, `the list does not end after ${maxPages} pages`);
      }
      seen.add(nextCursor);
      cursor = nextCursor;
    }
  }

  async getPod(id: string, signal: AbortSignal, ending = false): Promise<RunpodPod | undefined> {
    const plan = readPlan("getPod", `look up machine "${id}"`, ending ? "terminate" : "list");
    try {
      const wire = await this.#call(
        plan,
        podSchema,
        signal,
        (options) => this.#http.GET("/pods/{id}", { ...options, params: { path: { id } } }),
      );
      return fromRestPod(wire);
    } catch (error) {
      if (error instanceof ProviderError && saysNoSuchPod(error)) return undefined;
      throw error;
    }
  }

  async launchPod(
    order: RunpodOrder,
    sending: LaunchSending,
    signal: AbortSignal,
  ): Promise<string> {
    const plan = launchPlan(order.name);
    const fetch = createLaunchFetch(this.#deps, sending, signal);
    const body = toCreateBody(order, this.#options.cloud);
    const created = await this.#deps.resilience.launch(plan, sending.ticket, async (limited) => {
      const exchange = await this.#http.POST("/pods", {
        body,
        bodySerializer: toUnrepeatableBody,
        parseAs: "text",
        signal: limited,
        fetch,
      });
      return this.#parse(plan, createdPodSchema, exchange, sending.redact);
    }, signal);
    return created.id;
  }

  async terminatePod(id: string, signal: AbortSignal): Promise<void> {
    const plan = terminatePlan(id);
    try {
      await this.#deps.resilience.call(plan, async (limited) => {
        const exchange: Exchange = await this.#http.DELETE("/pods/{id}", {
          params: { path: { id } },
          parseAs: "text",
          signal: limited,
        });
        this.#checkEnded(plan, exchange);
      }, signal);
    } catch (error) {
      if (!(error instanceof ProviderError && saysNoSuchPod(error))) throw error;
    }
  }

  async readCatalog(
    _places: readonly string[] | undefined,
    signal: AbortSignal,
  ): Promise<RunpodCatalog> {
    const { cloud } = this.#options;
    const first = await this.#listGpuTypes(offeredCounts[0], signal);
    const gpus = toGpus(first, cloud);
    const largest = Math.max(0, ...gpus.map(({ maxCount }) => maxCount));
    const stock: RunpodStock[] = [...toStock(first, cloud, offeredCounts[0])];
    for (const count of offeredCounts.slice(1).filter((size) => size <= largest)) {
      stock.push(...toStock(await this.#listGpuTypes(count, signal), cloud, count));
    }
    return { gpus, stock, spotPrices: new Map() };
  }

  async proveKey(signal: AbortSignal): Promise<void> {
    await this.#listPage(readPlan("proveKey", "check the API key"), undefined, signal);
  }

  #listPage(
    plan: CallPlan,
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<z.output<typeof podsAnswerSchema>> {
    const query = cursor === undefined ? {} : { cursor };
    return this.#call(
      plan,
      podsAnswerSchema,
      signal,
      (options) => this.#http.GET("/pods", { ...options, params: { query } }),
    );
  }

  /** GPU types; a row that cannot be read is left out and logged, and is never bought. */
  async #listGpuTypes(count: number, signal: AbortSignal): Promise<readonly WireGpuType[]> {
    const plan = readPlan("listGpuTypes", "list GPU types");
    const { gpus: rows } = await this.#call(
      plan,
      gpuTypesAnswerSchema,
      signal,
      (options) =>
        this.#http.GET("/catalog/gpus", {
          ...options,
          params: {
            query: {
              include: ["AVAILABILITY"],
              product: ["POD"],
              count,
              cloud: this.#options.cloud,
            },
          },
        }),
    );
    const types = rows.flatMap((row) => {
      const parsed = gpuTypeSchema.safeParse(row);
      if (parsed.success) return [parsed.data];
      this.#deps.log.warn("GPU type left out: not as documented", {
        account: this.#options.account,
      });
      return [];
    });
    if (types.length > 0 || rows.length === 0) return types;
    throw this.#fail(
      plan,
      `RunPod's answer is not as documented: none of ${rows.length} types can be read`,
    );
  }

  #checkEnded(plan: CallPlan, { error, response }: Exchange): void {
    if (response.status === 204) return;
    const { status, headers } = response;
    if (response.ok) throw this.#fail(plan, `RunPod answered ${status}, not 204`, status);
    const context = toContext(plan, this.#deps, this.#options);
    throw context.toError({ status, headers, body: error }, context);
  }

  #incomplete(plan: CallPlan): ProviderError {
    return this.#fail(plan, "RunPod says that there are more pages, and does not give them");
  }

  #fail(plan: CallPlan, why: string, status?: number): ProviderError {
    return new ProviderError(`Cannot ${plan.action}: ${why}`, {
      kind: "unknown",
      account: this.#options.account,
      operation: plan.operation,
      status,
    });
  }

  #call<Schema extends z.ZodType>(
    plan: CallPlan,
    schema: Schema,
    signal: AbortSignal,
    send: Send,
  ): Promise<z.output<Schema>> {
    return this.#deps.resilience.call(
      plan,
      async (limited) =>
        this.#parse(plan, schema, await send({ signal: limited, parseAs: "text" })),
      signal,
    );
  }

  #parse<Schema extends z.ZodType>(
    plan: CallPlan,
    schema: Schema,
    exchange: Exchange,
    redact = this.#deps.redact,
  ): z.output<Schema> {
    const context = toContext(plan, { ...this.#deps, redact }, this.#options);
    return parseAnswer(schema, exchange, context);
  }
}
