/**
 * Ends machines with what belongs to them.
 *
 * ```
 * look up ─► release static addresses ─► DELETE machine ─► addresses once more ─► unassign, delete script
 * ```
 *
 * The machine's end hangs on nothing else: what fails before it is passed over, and what fails after it is
 * done by the next call, or is a leftover. Addresses come first, since nothing says whose they were once the
 * machine is gone. A machine that cannot be found is deleted all the same: looks may lag behind orders.
 *
 * @module
 */

import type { Log } from "../../runtime/log.ts";
import { endMachine } from "../end_machine.ts";
import { ProviderError } from "../errors.ts";
import type { Belongings } from "./belongings.ts";
import type { PaperspaceClient } from "./client.ts";
import { isNoSuchThing } from "./errors.ts";
import { isMachineEnding } from "./machine_lookup.ts";
import type { WireMachine } from "./wire.ts";

/** What {@linkcode Ending} is built on. */
export interface EndingDeps {
  readonly client: PaperspaceClient;
  readonly belongings: Belongings;
  readonly log: Log;
  readonly account: string;
}

/** See the module. */
export class Ending {
  readonly #deps: EndingDeps;

  constructor(deps: EndingDeps) {
    this.#deps = deps;
  }

  /** See `Provider.terminate`. */
  async terminate(id: string, signal: AbortSignal): Promise<void> {
    const { account, belongings, log } = this.#deps;
    const machine = await this.#lookUp(id, signal);
    const release = () => belongings.releaseAddressesOf(id, machine ?? undefined, signal);
    const failed = await release();
    await this.#delete(id, signal);
    const stillFailed = failed && await release();
    await belongings.removeScriptOf(id, machine?.name, signal);
    if (stillFailed === undefined) return;
    if (machine !== null) throw this.#explainAddress(id, stillFailed);
    // It may never have had one, and its end must not hang on that.
    log.warn("A static address may bill on", { account, machine: id, error: stillFailed.message });
  }

  /** The machine; `null` if the vendor does not find it; `undefined` if that cannot be told now. */
  async #lookUp(id: string, signal: AbortSignal): Promise<WireMachine | null | undefined> {
    try {
      return await this.#deps.client.getMachine(id, "terminate", signal);
    } catch (error) {
      // With a wrong key everything that follows is refused, too.
      if (!(error instanceof ProviderError) || error.kind === "unauthorized") throw error;
      return isNoSuchThing(error) ? null : undefined;
    }
  }

  #delete(id: string, signal: AbortSignal): Promise<void> {
    const { account, client } = this.#deps;
    const operation = "machines-delete";
    return endMachine({
      account,
      operation,
      id,
      end: async () => {
        if (await client.deleteMachine(id, signal) === id) return;
        throw this.#error(operation, `machine "${id}" is not in the answer`);
      },
      isEnding: () => isMachineEnding(client, id, signal),
    });
  }

  #explainAddress(id: string, failed: ProviderError): ProviderError {
    const why = `machine "${id}" is being ended, but its static addresses, which bill on, could ` +
      `not be released; to be repeated. ${failed.message}`;
    return this.#error("publicIps-release", why, failed);
  }

  #error(operation: string, why: string, cause?: ProviderError): ProviderError {
    return new ProviderError(`Cannot end a machine: ${why}`, {
      kind: "transient",
      account: this.#deps.account,
      operation,
      status: cause?.status,
      code: cause?.code,
      requestId: cause?.requestId,
    });
  }
}
