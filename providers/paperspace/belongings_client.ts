/**
 * What Paperspace keeps beside a machine, and for longer: startup scripts and static addresses.
 *
 * @module
 */

import type { CallPriority } from "../call_plan.ts";
import { toUnrepeatableBody } from "../http/launch_sending.ts";
import { createRedact } from "../redact.ts";
import type { Resilience } from "../resilience.ts";
import { endPlan, readPlan } from "./plans.ts";
import type { PaperspaceTransport } from "./transport.ts";
import {
  publicIpSchema,
  releasedIpSchema,
  startupScriptSchema,
  type WirePublicIp,
  type WireStartupScript,
} from "./wire.ts";

/** What {@linkcode BelongingsClient} is built on. */
export interface BelongingsClientDeps {
  readonly transport: PaperspaceTransport;
  readonly resilience: Resilience;
  readonly apiKey: string;
}

/** See the module. */
export class BelongingsClient {
  readonly #deps: BelongingsClientDeps;
  readonly #transport: PaperspaceTransport;

  constructor(deps: BelongingsClientDeps) {
    this.#deps = deps;
    this.#transport = deps.transport;
  }

  /**
   * Stores a startup script. Never repeated, so that one order leaves one script.
   *
   * @returns Its id.
   */
  async createScript(name: string, script: string, signal: AbortSignal): Promise<string> {
    const plan = readPlan("startupScripts-create", `store the startup script "${name}"`, "launch");
    // A refusal may quote the script, and a breaker quotes the last refusal to whoever comes next.
    const redact = createRedact([this.#deps.apiKey, script]);
    const stored = await this.#deps.resilience.call({ ...plan, retry: [] }, async (limited) => {
      const exchange = await this.#transport.http.POST("/startup-scripts", {
        body: { name, script, isRunOnce: true },
        bodySerializer: toUnrepeatableBody,
        parseAs: "text",
        signal: limited,
      });
      return this.#transport.parse({ plan, schema: startupScriptSchema }, exchange, redact);
    }, signal);
    return stored.id;
  }

  /** All startup scripts of the team. */
  listScripts(
    priority: CallPriority,
    signal: AbortSignal,
  ): Promise<readonly WireStartupScript[]> {
    return this.#transport.listAll(
      {
        plan: readPlan("startupScripts-list", "list startup scripts", priority),
        item: startupScriptSchema,
        keyOf: ({ id }) => id,
      },
      signal,
      (options, query) =>
        this.#transport.http.GET("/startup-scripts", { ...options, params: { query } }),
    );
  }

  /** Takes a script from a machine. */
  async unassignScript(
    { id, machineId }: { readonly id: string; readonly machineId: string },
    priority: CallPriority,
    signal: AbortSignal,
  ): Promise<void> {
    const action = `take startup script "${id}" from machine "${machineId}"`;
    const plan = endPlan("startupScripts-unassign", action, priority);
    await this.#transport.call(
      { plan, schema: startupScriptSchema },
      signal,
      (options) =>
        this.#transport.http.POST("/startup-scripts/{id}/unassign", {
          ...options,
          params: { path: { id } },
          body: { machineId },
        }),
    );
  }

  /** Deletes a script. */
  async deleteScript(id: string, priority: CallPriority, signal: AbortSignal): Promise<void> {
    await this.#transport.call(
      {
        plan: endPlan("startupScripts-delete", `delete startup script "${id}"`, priority),
        schema: startupScriptSchema,
      },
      signal,
      (options) =>
        this.#transport.http.DELETE("/startup-scripts/{id}", {
          ...options,
          params: { path: { id } },
        }),
    );
  }

  /** All static addresses of the team. */
  listAddresses(priority: CallPriority, signal: AbortSignal): Promise<readonly WirePublicIp[]> {
    return this.#transport.listAll(
      {
        plan: readPlan("publicIps-list", "list static addresses", priority),
        item: publicIpSchema,
        keyOf: ({ ip }) => ip,
      },
      signal,
      (options, query) =>
        this.#transport.http.GET("/public-ips", { ...options, params: { query } }),
    );
  }

  /** Gives a static address back. */
  async releaseAddress(ip: string, priority: CallPriority, signal: AbortSignal): Promise<void> {
    await this.#transport.call(
      {
        plan: endPlan("publicIps-release", `release static address "${ip}"`, priority),
        schema: releasedIpSchema,
      },
      signal,
      (options) =>
        this.#transport.http.DELETE("/public-ips/{ip}", { ...options, params: { path: { ip } } }),
    );
  }
}
