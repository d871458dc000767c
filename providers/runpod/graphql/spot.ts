/**
 * Interruptible pods.
 *
 * The vendor said in April 2026 that they are being removed; only GraphQL has them. The bid is the lowest
 * that is taken, as read with the offers, so that an order costs what its offer showed. A document of its
 * own asks for it: once the vendor removes the fields, only that one is refused.
 *
 * @module
 */

import {
  CreateSpotPodDocument,
  SpotPricesDocument,
} from "../../../generated/runpod_spot_graphql.ts";
import { type MicroUsd, usdFromDollars } from "../../../schemas/money.ts";
import { z } from "zod";
import { ProviderError } from "../../errors.ts";
import type { LaunchSending } from "../../http/launch_sending.ts";
import { meansStock, type RunpodOrder } from "../api.ts";
import { launchPlan, readPlan } from "../call_plans.ts";
import type { RunpodClientDeps, RunpodClientOptions } from "../client_deps.ts";
import { toSharedInput } from "./order.ts";
import type { GraphqlTransport } from "./transport.ts";
import { podIdSchema } from "./wire.ts";

const spotPricesSchema = z.object({
  gpuTypes: z.array(
    z.object({
      id: z.string().nullish(),
      lowestPrice: z.object({
        stockStatus: z.string().nullish(),
        minimumBidPrice: z.number().positive().max(1e6).nullish().catch(undefined),
      }).nullish(),
    }).nullable(),
  ),
});

const createdSpotSchema = z.object({ podRentInterruptable: z.object({ id: podIdSchema }) });

/** GraphQL's own refusal of the document; a redirect is a wrong request, too, and says nothing of fields. */
function saysFieldIsGone({ kind, status }: ProviderError): boolean {
  return kind === "invalid_request" && status === 400;
}

/** Spot of one account. */
export class RunpodSpot {
  readonly #transport: GraphqlTransport;
  readonly #deps: RunpodClientDeps;
  readonly #options: RunpodClientOptions;
  #bids: ReadonlyMap<string, number> | undefined;
  #removed = false;

  constructor(
    transport: GraphqlTransport,
    deps: RunpodClientDeps,
    options: RunpodClientOptions,
  ) {
    this.#transport = transport;
    this.#deps = deps;
    this.#options = options;
  }

  /** Lowest bid for one GPU, by GPU type; empty once the vendor has removed spot. */
  async readPrices(signal: AbortSignal): Promise<ReadonlyMap<string, MicroUsd>> {
    const bids = await this.#readBids(signal);
    return new Map([...bids].map(([gpuId, bid]) => [gpuId, usdFromDollars(bid)]));
  }

  /** Rents one pod: one request, never repeated. @returns Its id. */
  async launch(order: RunpodOrder, sending: LaunchSending, signal: AbortSignal): Promise<string> {
    const bids = this.#bids ?? await this.#readBids(signal);
    const bidPerGpu = bids.get(order.shape.gpuId);
    if (bidPerGpu === undefined) throw this.#notSold(order);
    const answer = await this.#transport.launch(
      {
        plan: launchPlan(order.name),
        document: CreateSpotPodDocument,
        variables: { input: { ...toSharedInput(order, this.#options.cloud), bidPerGpu } },
        schema: createdSpotSchema,
      },
      sending,
      signal,
    );
    return answer.podRentInterruptable.id;
  }

  async #readBids(signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    if (this.#removed) return new Map();
    try {
      const { gpuTypes } = await this.#transport.run({
        plan: readPlan("listSpotPrices", "list spot prices"),
        document: SpotPricesDocument,
        variables: { secure: this.#options.cloud === "SECURE" },
        schema: spotPricesSchema,
      }, signal);
      this.#bids = new Map(gpuTypes.flatMap((type): [string, number][] => {
        const { stockStatus, minimumBidPrice } = type?.lowestPrice ?? {};
        const sold = typeof minimumBidPrice === "number" && meansStock(stockStatus ?? undefined);
        return sold && typeof type?.id === "string" ? [[type.id, minimumBidPrice]] : [];
      }));
      return this.#bids;
    } catch (error) {
      if (!(error instanceof ProviderError) || !saysFieldIsGone(error)) throw error;
      // So is spot, until a restart asks again.
      this.#removed = true;
      this.#bids = new Map();
      this.#deps.log.warn("RunPod has removed spot", {
        account: this.#options.account,
        error: error.message,
      });
      return this.#bids;
    }
  }

  /** Found out by asking, so that the order is refused rather than not sent. */
  #notSold({ name, shape }: RunpodOrder): ProviderError {
    return new ProviderError(
      `Cannot rent machine "${name}": RunPod rents no spot "${shape.gpuId}" now`,
      {
        kind: "availability",
        account: this.#options.account,
        operation: launchPlan(name).operation,
        status: 200,
      },
    );
  }
}
