/**
 * Paperspace's HTTP API: one method per operation.
 *
 * Wire facts: the vendor's API document, version 1, and what clients have met; read 2026-11-24.
 *
 * @module
 */

import type { components } from "../../generated/paperspace.d.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { CallPriority } from "../call_plan.ts";
import {
  createLaunchFetch,
  type LaunchSending,
  toUnrepeatableBody,
} from "../http/launch_sending.ts";
import type { Fetch } from "../provider_deps.ts";
import type { Resilience } from "../resilience.ts";
import { endPlan, orderPlan, readPlan } from "./plans.ts";
import type { RegionCode } from "./regions.ts";
import type { PaperspaceTransport } from "./transport.ts";
import {
  accountStandingSchema,
  availabilitySchema,
  customTemplateSchema,
  listedTemplateSchema,
  machineAnswerSchema,
  machineEventSchema,
  machineSchema,
  pageSchema,
  privateNetworkSchema,
  sessionSchema,
  type WireAccountStanding,
  type WireCustomTemplate,
  type WireMachine,
  type WireMachineEvent,
  type WireSession,
} from "./wire.ts";

/** The body of an order. */
export type CreateMachineBody = components["schemas"]["CreateMachine"];

/** What {@linkcode PaperspaceClient} is built on. */
export interface PaperspaceClientDeps {
  readonly transport: PaperspaceTransport;
  readonly resilience: Resilience;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

/** Paperspace's HTTP API for one account. */
export class PaperspaceClient {
  readonly #deps: PaperspaceClientDeps;
  readonly #transport: PaperspaceTransport;

  constructor(deps: PaperspaceClientDeps) {
    this.#deps = deps;
    this.#transport = deps.transport;
  }

  /** Whose key it is. @throws {ProviderError} `unauthorized` for the `null` that a wrong key gets. */
  getSession(signal: AbortSignal): Promise<WireSession> {
    const plan = readPlan("auth-session", "check the API key");
    const { http } = this.#transport;
    return this.#deps.resilience.call(plan, async (limited) => {
      const exchange = await http.GET("/auth/session", { signal: limited, parseAs: "text" });
      const session = this.#transport.parse({ plan, schema: sessionSchema }, exchange);
      if (session === null) {
        throw this.#transport.fail(plan, "Paperspace does not know the API key", "unauthorized");
      }
      return session;
    }, signal);
  }

  /** Whether the team may rent; the operation may not exist. */
  getAccountStanding(signal: AbortSignal): Promise<WireAccountStanding> {
    const plan = {
      ...readPlan("billing-accountStanding", "ask for the account's standing"),
      retry: [],
    };
    return this.#transport.call(
      { plan, schema: accountStandingSchema },
      signal,
      (options) => this.#transport.http.GET("/billing/account-standing", { ...options }),
    );
  }

  /** Whether a machine type can be had in a region now. */
  async isAvailable(
    query: { readonly machineType: string; readonly region: RegionCode },
    priority: CallPriority,
    signal: AbortSignal,
  ): Promise<boolean> {
    const plan = readPlan("machineAvailability-list", `ask for "${query.machineType}"`, priority);
    const answer = await this.#transport.call(
      { plan, schema: availabilitySchema },
      signal,
      (options) =>
        this.#transport.http.GET("/machine-availability", { ...options, params: { query } }),
    );
    return answer.available;
  }

  /** The vendor's templates, each unparsed. @param priority `launch` when an order waits for it. */
  listTemplates(priority: CallPriority, signal: AbortSignal): Promise<readonly unknown[]> {
    const plan = readPlan("osTemplates-list", "list templates", priority);
    return this.#transport.listAll(
      { plan, item: listedTemplateSchema, keyOf: ({ id }) => id },
      signal,
      (options, query) =>
        this.#transport.http.GET("/os-templates", { ...options, params: { query } }),
    );
  }

  /** One of the team's own templates. */
  getCustomTemplate(
    id: string,
    priority: CallPriority,
    signal: AbortSignal,
  ): Promise<WireCustomTemplate> {
    const plan = readPlan("customTemplates-get", `look up template "${id}"`, priority);
    return this.#transport.call(
      { plan, schema: customTemplateSchema },
      signal,
      (options) =>
        this.#transport.http.GET("/custom-templates/{id}", {
          ...options,
          params: { path: { id } },
        }),
    );
  }

  /** Region of a private network; `undefined` for an unknown one and for the default one. */
  async findNetworkRegion(
    id: string,
    priority: CallPriority,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const plan = readPlan("privateNetworks-get", `look up network "${id}"`, priority);
    const network = await this.#transport.call(
      { plan, schema: privateNetworkSchema },
      signal,
      (options) =>
        this.#transport.http.GET("/private-networks/{id}", {
          ...options,
          params: { path: { id } },
        }),
    );
    return network?.region;
  }

  /** All machines of the team. */
  listMachines(signal: AbortSignal): Promise<readonly WireMachine[]> {
    return this.#transport.listAll(
      {
        plan: readPlan("machines-list", "list machines"),
        item: machineSchema,
        keyOf: ({ id }) => id,
      },
      signal,
      (options, query) => this.#transport.http.GET("/machines", { ...options, params: { query } }),
    );
  }

  /** Whether the list of machines answers at all: then the API, the team and the key are there. */
  async probeMachines(priority: CallPriority, signal: AbortSignal): Promise<void> {
    await this.#transport.call(
      {
        plan: readPlan("machines-list", "list machines", priority),
        schema: pageSchema(machineSchema),
      },
      signal,
      (options) =>
        this.#transport.http.GET("/machines", { ...options, params: { query: { limit: 1 } } }),
    );
  }

  /** One machine. @param priority `terminate` when ending it waits for the answer. */
  getMachine(
    id: string,
    priority: CallPriority,
    signal: AbortSignal,
  ): Promise<WireMachine> {
    return this.#transport.call(
      {
        plan: readPlan("machines-get", `look up machine "${id}"`, priority),
        schema: machineSchema,
      },
      signal,
      (options) =>
        this.#transport.http.GET("/machines/{id}", { ...options, params: { path: { id } } }),
    );
  }

  /** What was done to a machine. */
  listEvents(
    machineId: string,
    priority: CallPriority,
    signal: AbortSignal,
  ): Promise<readonly WireMachineEvent[]> {
    return this.#transport.listAll(
      {
        plan: readPlan("machineEvents-list", `read the events of machine "${machineId}"`, priority),
        item: machineEventSchema,
        keyOf: ({ id }) => id,
      },
      signal,
      (options, query) =>
        this.#transport.http.GET("/machine-events", {
          ...options,
          params: { query: { ...query, machineId } },
        }),
    );
  }

  /**
   * Rents one machine: one request, never repeated.
   *
   * @returns Its id.
   */
  async createMachine(
    body: CreateMachineBody,
    sending: LaunchSending,
    signal: AbortSignal,
  ): Promise<string> {
    const plan = orderPlan(body.name);
    const send = createLaunchFetch(this.#deps, sending, signal);
    const answer = await this.#deps.resilience.launch(plan, sending.ticket, async (limited) => {
      const exchange = await this.#transport.http.POST("/machines", {
        body,
        bodySerializer: toUnrepeatableBody,
        parseAs: "text",
        signal: limited,
        fetch: send,
      });
      return this.#transport.parse(
        { plan, schema: machineAnswerSchema },
        exchange,
        sending.redact,
      );
    }, signal);
    return answer.data.id;
  }

  /** Ends one machine. @returns The id of the machine that the vendor says it is ending. */
  async deleteMachine(id: string, signal: AbortSignal): Promise<string> {
    const answer = await this.#transport.call(
      {
        plan: endPlan("machines-delete", `end machine "${id}"`, "terminate"),
        schema: machineAnswerSchema,
      },
      signal,
      (options) =>
        this.#transport.http.DELETE("/machines/{id}", { ...options, params: { path: { id } } }),
    );
    return answer.data.id;
  }
}
