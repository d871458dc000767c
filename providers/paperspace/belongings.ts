/**
 * What outlives a machine at Paperspace unless it is removed: its static address, which bills on, and its
 * startup script, whose text holds a join token.
 *
 * @module
 */

import type { Log } from "../../runtime/log.ts";
import type { CallPriority } from "../call_plan.ts";
import { ProviderError } from "../errors.ts";
import { decideOwnershipByName } from "../ownership.ts";
import type { BelongingsClient } from "./belongings_client.ts";
import { isNoSuchThing } from "./errors.ts";
import type { WireMachine, WireStartupScript } from "./wire.ts";

/** What {@linkcode Belongings} is built on. */
export interface BelongingsDeps {
  readonly client: BelongingsClient;
  readonly log: Log;
  readonly account: string;
  readonly clusterId: string;
}

/** See the module. */
export class Belongings {
  readonly #deps: BelongingsDeps;
  /**
   * Addresses of machines of ours that could not be released in time. Once a machine is gone nothing at the
   * vendor says whose they were, so this process has to.
   */
  readonly #owed = new Set<string>();
  /** Scripts of orders that came to nothing, still to be deleted. */
  readonly #unused = new Set<string>();

  constructor(deps: BelongingsDeps) {
    this.#deps = deps;
  }

  /**
   * Releases the static addresses of a machine.
   *
   * @param machine As looked up; one that has none is not asked for. `undefined`: not known.
   * @returns What could not be done, to be repeated.
   * @throws The signal's reason, as soon as `signal` aborts.
   */
  async releaseAddressesOf(
    machineId: string,
    machine: WireMachine | undefined,
    signal: AbortSignal,
  ): Promise<ProviderError | undefined> {
    const { publicIpType, publicIp } = machine ?? {};
    if (publicIpType === "dynamic" || publicIpType === "none") return undefined;
    if (publicIpType === "static" && publicIp !== undefined) this.#owed.add(publicIp);
    try {
      const addresses = await this.#deps.client.listAddresses("terminate", signal);
      const ours = addresses.filter(({ ip, assignedMachineId }) =>
        assignedMachineId === machineId ||
        (assignedMachineId === undefined && this.#owed.has(ip))
      );
      for (const { ip } of ours) this.#owed.add(ip);
      for (const { ip } of ours) await this.#release(ip, "terminate", signal);
      // It may not be there any more, or never have been.
      if (publicIp !== undefined && !addresses.some(({ ip }) => ip === publicIp)) {
        this.#owed.delete(publicIp);
      }
      return undefined;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return error;
    }
  }

  /**
   * Releases what earlier calls could not, unless somebody has assigned it anew since.
   *
   * @returns The addresses released.
   * @throws {ProviderError} If that still cannot be done.
   */
  async releaseOwed(priority: CallPriority, signal: AbortSignal): Promise<readonly string[]> {
    if (this.#owed.size === 0) return [];
    const addresses = await this.#deps.client.listAddresses(priority, signal);
    const released: string[] = [];
    for (const ip of [...this.#owed]) {
      const address = addresses.find((candidate) => candidate.ip === ip);
      if (address !== undefined && address.assignedMachineId === undefined) {
        await this.#release(ip, priority, signal);
        released.push(ip);
      } else if (address === undefined) this.#owed.delete(ip);
    }
    return released;
  }

  /** Whose script it is; `undefined` for one that is not ours, or deleted. */
  claimOf({ name, dtDeleted }: WireStartupScript): string | undefined {
    if (dtDeleted !== undefined) return undefined;
    const ownership = decideOwnershipByName(name, this.#deps.clusterId);
    return ownership.kind === "ours" ? ownership.claimName : undefined;
  }

  /**
   * Removes the script of a machine, as far as that can be done now; what stays is a leftover.
   *
   * @param name The machine's, which is its script's, too; `undefined` if the machine is gone.
   * @throws The signal's reason, as soon as `signal` aborts.
   */
  async removeScriptOf(
    machineId: string,
    name: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#attempt(async () => {
      const scripts = await this.#deps.client.listScripts("terminate", signal);
      for (const script of scripts) {
        const belongs = script.name === name || script.assignedMachineIds.includes(machineId);
        if (belongs && this.claimOf(script) !== undefined) {
          await this.removeScript(script, "terminate", signal);
        }
      }
    });
  }

  /** Notes that no machine has got a script, nor will. */
  noteUnused(scriptId: string): void {
    this.#unused.add(scriptId);
  }

  /**
   * Deletes scripts that no machine has got, as far as that can be done now.
   *
   * @param ids Ids that were noted. @default {all of them}
   * @throws The signal's reason, as soon as `signal` aborts.
   */
  async deleteUnused(
    signal: AbortSignal,
    ids: readonly string[] = [...this.#unused],
  ): Promise<void> {
    for (const id of ids) {
      await this.#attempt(async () => {
        await ignoreMissing(this.#deps.client.deleteScript(id, "terminate", signal));
        this.#unused.delete(id);
      });
    }
  }

  /**
   * Removes a script. Taken from its machines first: whether one that is assigned may be deleted is not
   * documented, and until then the vendor serves its text to its machines.
   *
   * @throws {ProviderError} If it could not be deleted.
   */
  async removeScript(
    { id, assignedMachineIds }: WireStartupScript,
    priority: CallPriority,
    signal: AbortSignal,
  ): Promise<void> {
    const { client } = this.#deps;
    for (const machineId of assignedMachineIds) {
      await this.#attempt(() => client.unassignScript({ id, machineId }, priority, signal));
    }
    await ignoreMissing(client.deleteScript(id, priority, signal));
  }

  async #release(ip: string, priority: CallPriority, signal: AbortSignal): Promise<void> {
    await ignoreMissing(this.#deps.client.releaseAddress(ip, priority, signal));
    this.#owed.delete(ip);
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (isNoSuchThing(error)) return;
      this.#deps.log.info("A startup script is left for later", {
        account: this.#deps.account,
        error: error.message,
      });
    }
  }
}

/** What is gone needs no removing. */
async function ignoreMissing(removing: Promise<void>): Promise<void> {
  try {
    await removing;
  } catch (error) {
    if (!(error instanceof ProviderError) || !isNoSuchThing(error)) throw error;
  }
}
