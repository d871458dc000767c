/**
 * RunPod through its GraphQL API. Retires in early 2027.
 *
 * All there is of GraphQL, to be deleted in one commit:
 *
 * - this folder, with its tests, and `tests/fixtures/runpod/exchanges/*graphql*`;
 * - `schemas/vendors/runpod*.graphql`, `generated/runpod_graphql.ts`, `generated/runpod_spot_graphql.ts`,
 *   `generate/graphql_clients.ts` with its two lines in `generate/main.ts`, and the packages of graphql;
 * - `protocol` in `schemas/clouds/runpod.ts`;
 * - in `../mod.ts` `#graphql` and what asks it: identity and balance, with `../account_check.ts`;
 * - in `../facts.ts` the second address, in `../errors.ts` `runpodErrorCodes` and `graphqlErrorsSchema`;
 * - what REST never fills: `RunpodOrder.spot`, `RunpodCatalog.spotPrices`, `RunpodStock.least`.
 *
 * Spot alone, should it go first: `spot.ts`, its operations and their generated file, and the lines here and
 * in `../offers.ts` that name it.
 *
 * @module
 */

import {
  CatalogDocument,
  CountryStockDocument,
  CreatePodDocument,
  GetPodDocument,
  ListPodsDocument,
  MyselfDocument,
  TerminatePodDocument,
} from "../../../generated/runpod_graphql.ts";
import type { CallPlan } from "../../call_plan.ts";
import { ProviderError } from "../../errors.ts";
import type { LaunchSending } from "../../http/launch_sending.ts";
import type { RunpodApi, RunpodCatalog, RunpodOrder, RunpodPod, RunpodStock } from "../api.ts";
import { launchPlan, readPlan, terminatePlan } from "../call_plans.ts";
import type { RunpodClientDeps, RunpodClientOptions } from "../client_deps.ts";
import { saysNoSuchPod } from "../errors.ts";
import {
  selectCountries,
  toCountrySlots,
  toCountryStock,
  toDataCenterStock,
  toGpus,
} from "./catalog.ts";
import { toSharedInput } from "./order.ts";
import { fromGraphqlPod } from "./pod.ts";
import { RunpodSpot } from "./spot.ts";
import { GraphqlTransport } from "./transport.ts";
import {
  accountSchema,
  catalogSchema,
  countryStockSchema,
  createdSchema,
  podAnswerSchema,
  podsSchema,
  terminatedSchema,
  type WireAccount,
} from "./wire.ts";

/** RunPod's GraphQL API for one account. */
export class GraphqlClient implements RunpodApi {
  readonly #transport: GraphqlTransport;
  readonly #options: RunpodClientOptions;
  readonly #spot: RunpodSpot;

  constructor(deps: RunpodClientDeps, options: RunpodClientOptions) {
    this.#transport = new GraphqlTransport(deps, options);
    this.#options = options;
    this.#spot = new RunpodSpot(this.#transport, deps, options);
  }

  /**
   * Identity and money, which REST does not tell.
   *
   * @param once Whether to give up after one failure, because REST can be asked instead. @default {false}
   */
  async readAccount(signal: AbortSignal, once = false): Promise<WireAccount> {
    const asked = readPlan("readAccount", "look up the account");
    return await this.#readOwner(once ? { ...asked, retry: [] } : asked, signal);
  }

  async listPods(signal: AbortSignal): Promise<readonly RunpodPod[]> {
    const plan = readPlan("listPods", "list machines");
    const { myself } = await this.#transport.run(
      { plan, document: ListPodsDocument, variables: {}, schema: podsSchema },
      signal,
    );
    const { pods } = this.#mustKnow(myself, plan);
    return pods.filter(({ aiApiId = "" }) => aiApiId === "").map(fromGraphqlPod);
  }

  async getPod(id: string, signal: AbortSignal, ending = false): Promise<RunpodPod | undefined> {
    const priority = ending ? "terminate" : "list";
    const plan = readPlan("getPod", `look up machine "${id}"`, priority);
    try {
      const { myself, pod } = await this.#transport.run(
        { plan, document: GetPodDocument, variables: { podId: id }, schema: podAnswerSchema },
        signal,
      );
      // Nobody sees no pods: that says nothing about this one.
      this.#mustKnow(myself, plan);
      return pod === null ? undefined : fromGraphqlPod(pod);
    } catch (error) {
      if (!(error instanceof ProviderError && saysNoSuchPod(error))) throw error;
      // An answer that is an error does not tell whose key it is.
      await this.#readOwner({ ...plan, action: "look up the account" }, signal);
      return undefined;
    }
  }

  async launchPod(
    order: RunpodOrder,
    sending: LaunchSending,
    signal: AbortSignal,
  ): Promise<string> {
    if (order.spot) return await this.#spot.launch(order, sending, signal);
    const input = { ...toSharedInput(order, this.#options.cloud), computeType: "GPU" } as const;
    const answer = await this.#transport.launch(
      {
        plan: launchPlan(order.name),
        document: CreatePodDocument,
        variables: { input },
        schema: createdSchema,
      },
      sending,
      signal,
    );
    return answer.podFindAndDeployOnDemand.id;
  }

  async terminatePod(id: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#transport.run({
        plan: terminatePlan(id),
        document: TerminatePodDocument,
        variables: { podId: id },
        schema: terminatedSchema,
      }, signal);
    } catch (error) {
      if (!(error instanceof ProviderError && saysNoSuchPod(error))) throw error;
    }
  }

  async readCatalog(
    places: readonly string[] | undefined,
    signal: AbortSignal,
  ): Promise<RunpodCatalog> {
    const { cloud } = this.#options;
    const catalog = await this.#transport.run({
      plan: readPlan("listGpuTypes", "list GPU types"),
      document: CatalogDocument,
      variables: { secure: cloud === "SECURE" },
      schema: catalogSchema,
    }, signal);
    const stock = cloud === "SECURE"
      ? toDataCenterStock(catalog)
      : await this.#readCountryStock(selectCountries(catalog, places), signal);
    return {
      gpus: toGpus(catalog, cloud),
      stock,
      spotPrices: await this.#spot.readPrices(signal),
    };
  }

  async proveKey(signal: AbortSignal): Promise<void> {
    await this.readAccount(signal);
  }

  async #readCountryStock(
    countries: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly RunpodStock[]> {
    const stock: RunpodStock[] = [];
    for (const slots of toCountrySlots(countries)) {
      const answer = await this.#transport.run({
        plan: readPlan("listCountryStock", "list stock by country"),
        document: CountryStockDocument,
        variables: slots,
        schema: countryStockSchema,
      }, signal);
      stock.push(...toCountryStock(answer, slots));
    }
    return stock;
  }

  async #readOwner(plan: CallPlan, signal: AbortSignal): Promise<WireAccount> {
    const { myself } = await this.#transport.run(
      { plan, document: MyselfDocument, variables: {}, schema: accountSchema },
      signal,
    );
    return this.#mustKnow(myself, plan);
  }

  #mustKnow<Owner>(myself: Owner | null, { action, operation }: CallPlan): Owner {
    if (myself !== null) return myself;
    throw new ProviderError(
      `Cannot ${action}: RunPod does not know whose key it is; make a key that may use GraphQL`,
      { kind: "unauthorized", account: this.#options.account, operation, status: 200 },
    );
  }
}
