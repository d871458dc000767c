/**
 * Ends machines of one account, from its lists alone, and sees to it that they are gone.
 *
 * ```text
 * list (complete) ─► whose? ─► tell each to end ─► again in a few seconds
 *       └─► none left ─► none left once more ─► what outlived its machine ─► done
 * ```
 *
 * **Guarantees**: a machine counts as gone only when two complete lists lack it; whatever fails (a cloud that
 * hangs or throttles, a machine that boots and cannot be ended yet) is tried again until `signal` aborts; only
 * a key that is refused again and again ends it early.
 *
 * @module
 */

import type { Instance, Provider } from "../../providers/contract.ts";
import { ProviderError } from "../../providers/errors.ts";
import type { Clock } from "../../runtime/clock.ts";
import { cloudPatienceMs } from "../accounts/create_client.ts";
import { describeCost } from "../instances/machine_row.ts";
import { withPatience } from "../patience.ts";

/** Pause between two looks, in milliseconds; the controller looks as often at what it ends. */
const pauseMs = 5_000;
/** The order to end is repeated when the machine is still up after so long, as the controller does. */
const repeatAfterMs = 30_000;
/** How many complete lists must lack a machine before it counts as gone, as for the controller. */
const listsToBeGone = 2;
/** A key that was refused in so many looks in a row is wrong, and not a bad moment of the cloud. */
const refusalsToGiveUp = 3;
/** How often removing leftovers is tried once the machines are gone: about a minute. */
const leftoverTries = 10;
/** People want to see at least so often that something still goes on. */
const remindEveryMs = 120_000;

/** What to end. */
export interface EndingTask {
  /** Of the account, for messages. */
  readonly label: string;
  readonly client: Provider;
  /**
   * The machines to end, out of a complete list that was read before. What is not returned is left alone.
   *
   * @throws If that cannot be told now; it is asked again with the next list.
   */
  readonly selectTargets: (instances: readonly Instance[]) => Promise<readonly Instance[]>;
  /** Whether what belongs to a claim of this name is to stay; `undefined`: look for no leftovers at all. */
  readonly isKept: ((claimName: string) => boolean) | undefined;
  /** Lists from before this time prove nothing: a machine ordered just before may be missing. Epoch milliseconds. */
  readonly settledAt: number;
}

/** How it went. */
export interface EndingResult {
  readonly label: string;
  /** Machines that were to end and are gone. */
  readonly ended: readonly Instance[];
  /** Machines that may still cost money, as last seen. */
  readonly left: readonly Instance[];
  /** Why it is not known that nothing is left; `undefined` when that is known. */
  readonly problem: string | undefined;
  /** Whether all that is missing is a key that works. */
  readonly notAllowed: boolean;
}

/** Collaborators. */
export interface EndingDeps {
  readonly clock: Clock;
  /** Says one line to the user. */
  readonly report: (line: string) => void;
}

/** See the module. Single use. */
export class MachineEnding {
  readonly #deps: EndingDeps;
  readonly #task: EndingTask;
  readonly #left = new Map<string, Instance>();
  readonly #ended = new Map<string, Instance>();
  /** When each machine was last told to end. */
  readonly #toldAt = new Map<string, number>();
  /** The last complaint about each subject: said once, and again when it changes. */
  readonly #complaints = new Map<string, string>();
  #emptyLists = 0;
  /** Looks in a row in which the key got nothing done. */
  #refusals = 0;
  #isRefused = false;
  #leftoverTries = 0;
  #problem: string | undefined = "no complete list yet";
  #remindedAt: number;
  #saidSettling = false;

  constructor(deps: EndingDeps, task: EndingTask) {
    this.#deps = deps;
    this.#task = task;
    this.#remindedAt = deps.clock.now();
  }

  /** Works until nothing is left, the key turns out to be wrong, or `signal` aborts; throws for none of these. */
  async run(signal: AbortSignal): Promise<EndingResult> {
    try {
      while (!await this.#pass(signal)) {
        this.#countRefusals();
        if (this.#refusals >= refusalsToGiveUp) break;
        await this.#deps.clock.sleep(pauseMs, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return {
      label: this.#task.label,
      ended: [...this.#ended.values()],
      left: [...this.#left.values()],
      problem: this.#problem,
      notAllowed: this.#refusals >= refusalsToGiveUp,
    };
  }

  /** While one machine is on its way out there is something to wait for. */
  #countRefusals(): void {
    const isStuck = this.#isRefused && [...this.#left.keys()].every((id) => !this.#toldAt.has(id));
    this.#refusals = isStuck ? this.#refusals + 1 : 0;
    this.#isRefused = false;
  }

  /** One look at the account. @returns Whether everything is done. */
  async #pass(signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#deps;
    const { client, selectTargets } = this.#task;
    const startedAt = clock.now();
    const instances = await this.#try(
      "cannot be listed",
      (limited) => client.listInstances(limited),
      signal,
    );
    const targets = instances &&
      await this.#try("cannot tell what is left", () => selectTargets(instances), signal);
    if (targets === undefined) return false;
    const live = targets.filter(({ state }) => state !== "terminated");
    this.#compare(live);
    if (live.length > 0) {
      this.#emptyLists = 0;
      this.#problem = "machines are left";
      await Promise.all(
        live.filter((one) => this.#isToBeTold(one)).map((one) => this.#end(one, signal)),
      );
      this.#remind(live);
      return false;
    }
    this.#emptyLists++;
    if (startedAt < this.#task.settledAt) return this.#awaitSettling();
    if (this.#emptyLists < listsToBeGone) return false;
    return await this.#removeLeftovers(signal);
  }

  /** What this list shows, and what it shows no more. */
  #compare(live: readonly Instance[]): void {
    const ids = new Set(live.map(({ id }) => id));
    for (const [id, instance] of this.#left) {
      if (ids.has(id)) continue;
      this.#left.delete(id);
      this.#ended.set(id, instance);
      this.#report(`${nameOf(instance)} is gone`);
    }
    for (const instance of live) {
      // One odd list may have lacked it.
      this.#ended.delete(instance.id);
      this.#left.set(instance.id, instance);
    }
  }

  #isToBeTold({ id, state }: Instance): boolean {
    const toldAt = this.#toldAt.get(id) ?? -Infinity;
    return state !== "terminating" && this.#deps.clock.now() - toldAt > repeatAfterMs;
  }

  async #end(instance: Instance, signal: AbortSignal): Promise<void> {
    const { client } = this.#task;
    const told = await this.#try(
      `${nameOf(instance)} cannot be ended yet`,
      async (limited) => {
        await client.terminate(instance.id, limited);
        return true;
      },
      signal,
    );
    if (!told) return;
    if (!this.#toldAt.has(instance.id)) this.#report(`${nameOf(instance)} was told to end`);
    this.#toldAt.set(instance.id, this.#deps.clock.now());
  }

  #awaitSettling(): boolean {
    this.#problem = "a machine that was ordered just before may appear late";
    if (!this.#saidSettling) {
      const seconds = Math.ceil((this.#task.settledAt - this.#deps.clock.now()) / 1_000);
      this.#report(`nothing is left; looking again for ${seconds}s, since ${this.#problem}`);
      this.#saidSettling = true;
    }
    return false;
  }

  async #removeLeftovers(signal: AbortSignal): Promise<boolean> {
    const { client, isKept } = this.#task;
    const removed = isKept === undefined ? [] : await this.#try(
      "cannot remove what outlived its machine",
      (limited) => client.removeLeftovers(isKept, limited),
      signal,
    );
    if (removed !== undefined) {
      for (const what of removed) this.#report(`removed ${what}`);
      this.#problem = undefined;
      return true;
    }
    this.#problem = "what outlived its machine could not be removed, and may cost money";
    return ++this.#leftoverTries >= leftoverTries;
  }

  /** Tries something for a while. @returns `undefined` if it failed; that was told to the user. */
  async #try<T>(
    failing: string,
    run: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    const limit = { ms: this.#patienceMs(), message: "no answer in time" };
    try {
      const result = await withPatience(
        this.#deps.clock,
        limit,
        (limited) => run(AbortSignal.any([signal, limited])),
      );
      this.#complaints.delete(failing);
      return result;
    } catch (error) {
      signal.throwIfAborted();
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof ProviderError && error.kind === "unauthorized") this.#isRefused = true;
      if (this.#left.size === 0) this.#problem = `${failing}: ${message}`;
      if (this.#complaints.get(failing) !== message) this.#report(`${failing}: ${message}`);
      this.#complaints.set(failing, message);
      return undefined;
    }
  }

  /** Calls wait for their turn by the cloud's rate limit: all machines may be told at once. */
  #patienceMs(): number {
    const { requestsPerSecond } = this.#task.client.rateLimits();
    return cloudPatienceMs + 2 * this.#left.size / requestsPerSecond * 1_000;
  }

  #remind(live: readonly Instance[]): void {
    if (this.#deps.clock.now() - this.#remindedAt < remindEveryMs) return;
    this.#report(`waiting for ${describeCost(live)}: ${live.map(nameOf).join(", ")}`);
  }

  #report(line: string): void {
    this.#remindedAt = this.#deps.clock.now();
    this.#deps.report(`${this.#task.label}: ${line}`);
  }
}

function nameOf({ name, id }: Instance): string {
  return name === undefined ? id : `${name} (${id})`;
}
