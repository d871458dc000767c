/**
 * Finds out why our machines are off, and remembers it: events are read once per machine, so that looking
 * at all machines stays one list.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { BootFailure } from "../contract.ts";
import { ProviderError } from "../errors.ts";
import type { Redact } from "../redact.ts";
import { type BootVerdict, decideBootFailure } from "./boot_failure.ts";
import type { PaperspaceClient } from "./client.ts";
import { offState } from "./map.ts";
import type { WireMachine } from "./wire.ts";

/** How soon the events of a machine are read again while they do not decide. */
const undecidedMs = 15_000;

/** What {@linkcode BootWatch} is built on. */
export interface BootWatchDeps {
  readonly client: PaperspaceClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly redact: Redact;
  readonly account: string;
}

interface Memory {
  readonly verdict: BootVerdict;
  /** `dtModified` of the machine: a start that failed again is another one. */
  readonly modified: string | undefined;
  readonly readAt: number;
}

/** See the module. */
export class BootWatch {
  readonly #deps: BootWatchDeps;
  readonly #memories = new Map<string, Memory>();

  constructor(deps: BootWatchDeps) {
    this.#deps = deps;
  }

  /**
   * Why a machine will never run; `undefined` if it may, or if its events cannot be read now: a machine
   * must not drop out of sight for that.
   *
   * @throws The signal's reason, as soon as `signal` aborts.
   */
  async explain(
    machine: WireMachine,
    signal: AbortSignal,
  ): Promise<BootFailure | undefined> {
    if (machine.state !== offState) {
      this.#memories.delete(machine.id);
      return undefined;
    }
    const memory = this.#memories.get(machine.id);
    const { verdict } = memory !== undefined && this.#holds(memory, machine)
      ? memory
      : await this.#look(machine, signal);
    return verdict.kind === "failed" ? verdict.failure : undefined;
  }

  /** Forgets machines that are no more. @param living Ids of all machines of the team. */
  keepOnly(living: ReadonlySet<string>): void {
    for (const id of this.#memories.keys()) if (!living.has(id)) this.#memories.delete(id);
  }

  #holds({ verdict, modified, readAt }: Memory, machine: WireMachine): boolean {
    return modified === machine.dtModified &&
      (verdict.kind !== "undecided" || this.#deps.clock.now() - readAt < undecidedMs);
  }

  async #look(machine: WireMachine, signal: AbortSignal): Promise<Memory> {
    const { clock } = this.#deps;
    const verdict = await this.#judge(machine.id, signal);
    const memory = { verdict, modified: machine.dtModified, readAt: clock.now() };
    this.#memories.set(machine.id, memory);
    return memory;
  }

  async #judge(id: string, signal: AbortSignal): Promise<BootVerdict> {
    const { account, client, clock, log, redact } = this.#deps;
    try {
      const verdict = decideBootFailure(await client.listEvents(id, "list", signal), clock.now());
      if (verdict.kind !== "failed") return verdict;
      const { kind, message } = verdict.failure;
      return { kind: "failed", failure: { kind, message: redact(message) } };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      log.warn("Cannot tell why a machine is off", { account, machine: id, error: error.message });
      return { kind: "undecided" };
    }
  }
}
