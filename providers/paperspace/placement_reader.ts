/**
 * Reads what ties an account's machines to templates and places.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { PaperspaceOptions } from "../../schemas/clouds/paperspace.ts";
import type { CallPriority } from "../call_plan.ts";
import { ProviderError } from "../errors.ts";
import type { PaperspaceClient } from "./client.ts";
import { isNoSuchThing } from "./errors.ts";
import { toRegionCode } from "./regions.ts";
import type { TemplateChoice } from "./templates.ts";
import { osTemplateSchema, type WireCustomTemplate, type WireOsTemplate } from "./wire.ts";

/** Templates and networks change by hand: orders do not look each time. */
const maxAgeMs = 10 * 60_000;

/** What machines may boot, and where. */
export interface Placement extends TemplateChoice {
  /** Codes of the regions that the block's template and network are bound to; machines must be in all. */
  readonly boundTo: readonly string[];
}

/** Whether machines may be in a region. */
export function allowsRegion({ boundTo }: Pick<Placement, "boundTo">, region: string): boolean {
  return boundTo.every((bound) => bound === region);
}

/** What {@linkcode PlacementReader} is built on. */
export interface PlacementReaderDeps {
  readonly client: PaperspaceClient;
  readonly clock: Clock;
  readonly log: Log;
}

/** See the module. */
export class PlacementReader {
  readonly #deps: PlacementReaderDeps;
  readonly #account: string;
  readonly #options: PaperspaceOptions;
  #last: { readonly placement: Placement; readonly readAt: number } | undefined;
  #network: { readonly region: string; readonly readAt: number } | undefined;

  constructor(deps: PlacementReaderDeps, account: string, options: PaperspaceOptions) {
    this.#deps = deps;
    this.#account = account;
    this.#options = options;
  }

  /** What was read within the last ten minutes, or is read now. */
  async get(priority: CallPriority, signal: AbortSignal): Promise<Placement> {
    return this.#last !== undefined && this.#isFresh(this.#last)
      ? this.#last.placement
      : await this.read(priority, signal);
  }

  /**
   * Reads it now: templates are also the vendor's word on stock.
   *
   * @throws {ProviderError} `invalid_request`, naming the field, if the block names what the team does
   * not have.
   */
  async read(priority: CallPriority, signal: AbortSignal): Promise<Placement> {
    const templates = await this.#readTemplates(priority, signal);
    const fixed = await this.#findFixed(templates, priority, signal);
    const network = await this.#findNetwork(priority, signal);
    const placement: Placement = {
      templates,
      fixed,
      boundTo: [
        ...(fixed !== undefined && "region" in fixed ? [toRegionCode(fixed.region)] : []),
        ...(network === undefined ? [] : [network]),
      ],
    };
    this.#last = { placement, readAt: this.#deps.clock.now() };
    return placement;
  }

  async #readTemplates(
    priority: CallPriority,
    signal: AbortSignal,
  ): Promise<readonly WireOsTemplate[]> {
    const rows = await this.#deps.client.listTemplates(priority, signal);
    const templates: WireOsTemplate[] = [];
    for (const row of rows) {
      const parsed = osTemplateSchema.safeParse(row);
      if (parsed.success) templates.push(parsed.data);
      else this.#deps.log.warn("Template left out: not as documented", { account: this.#account });
    }
    if (templates.length === 0 && rows.length > 0) {
      throw this.#error(
        "unknown",
        "Cannot list templates: Paperspace's answer is not as documented: " +
          `none of ${rows.length} templates can be read`,
      );
    }
    return templates;
  }

  async #findFixed(
    templates: readonly WireOsTemplate[],
    priority: CallPriority,
    signal: AbortSignal,
  ): Promise<WireOsTemplate | WireCustomTemplate | undefined> {
    const { templateID } = this.#options;
    if (templateID === undefined) return undefined;
    const listed = templates.find(({ id }) => id === templateID);
    if (listed !== undefined) return listed;
    try {
      return await this.#deps.client.getCustomTemplate(templateID, priority, signal);
    } catch (error) {
      if (!(error instanceof ProviderError) || !isNoSuchThing(error)) throw error;
      throw this.#misconfigured(
        `template "${templateID}" is neither Paperspace's nor the team's: change paperspace.templateID`,
      );
    }
  }

  /** Its region, which never changes. */
  async #findNetwork(priority: CallPriority, signal: AbortSignal): Promise<string | undefined> {
    const { networkID } = this.#options;
    if (networkID === undefined) return undefined;
    if (this.#network !== undefined && this.#isFresh(this.#network)) return this.#network.region;
    const region = await this.#findNetworkRegion(networkID, priority, signal);
    if (region === undefined) {
      throw this.#misconfigured(
        `network "${networkID}" is no private network of the team: change paperspace.networkID, or ` +
          "leave it out for the default network",
      );
    }
    this.#network = { region: toRegionCode(region), readAt: this.#deps.clock.now() };
    return this.#network.region;
  }

  async #findNetworkRegion(
    id: string,
    priority: CallPriority,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    try {
      return await this.#deps.client.findNetworkRegion(id, priority, signal);
    } catch (error) {
      // The vendor says null where others say 404; should it ever say that, it means the same.
      if (error instanceof ProviderError && isNoSuchThing(error)) return undefined;
      throw error;
    }
  }

  #isFresh({ readAt }: { readonly readAt: number }): boolean {
    return this.#deps.clock.now() - readAt < maxAgeMs;
  }

  #misconfigured(problem: string): ProviderError {
    return this.#error("invalid_request", `Cannot use account "${this.#account}": ${problem}`);
  }

  #error(kind: "invalid_request" | "unknown", message: string): ProviderError {
    return new ProviderError(message, {
      kind,
      account: this.#account,
      operation: "osTemplates-list",
      // Answers were had; they only do not help.
      status: 200,
    });
  }
}
