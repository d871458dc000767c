/**
 * Tells pods that nobody serves why: once, and again when the reason changes or after a while.
 *
 * After a start, clouds take a moment to answer. What is missing meanwhile is no reason to be told.
 *
 * @module
 */

import type { Recorder } from "../../kube/events.ts";
import type { SolveResult } from "../../scheduling/plan.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import { isUnheard } from "../accounts/account.ts";
import type { Accounts } from "../accounts/accounts.ts";
import type { Reader } from "../reader.ts";
import { notServed } from "./events.ts";

/** A pod that nobody serves hears why at least this often, in milliseconds. */
const tellAgainMs = 5 * 60_000;
/** So long after the first pass, an account may not have been made yet, in milliseconds. */
const startMs = 10_000;

/** Collaborators. */
export interface UnservedPodsDeps {
  readonly recorder: Recorder;
  readonly accounts: Pick<Accounts, "ofClass">;
  readonly classes: Reader<GPUNodeClass>;
}

/** See the module. */
export class UnservedPods {
  readonly #deps: UnservedPodsDeps;
  #firstAt: number | undefined;
  #told: ReadonlyMap<string, { readonly why: string; readonly at: number }> = new Map();

  constructor(deps: UnservedPodsDeps) {
    this.#deps = deps;
  }

  /** @param now Epoch milliseconds. */
  tell({ unplaced }: Pick<SolveResult, "unplaced">, now: number): void {
    this.#firstAt ??= now;
    const isEarly = this.#isEarly(now, now - this.#firstAt);
    const told = new Map<string, { readonly why: string; readonly at: number }>();
    for (const one of unplaced) {
      const { pod: { uid }, refusal, reasons } = one;
      const why = refusal ?? reasons.map(({ pool, kind }) => `${pool} ${kind}`).join();
      const last = this.#told.get(uid);
      if (last?.why === why && now - last.at < tellAgainMs) told.set(uid, last);
      else if (refusal !== undefined || !isEarly) {
        this.#deps.recorder.record(notServed(one));
        told.set(uid, { why, at: now });
      }
    }
    this.#told = told;
  }

  /** Whether some cloud has not been heard of yet. Every call has a time limit, so that this ends. */
  #isEarly(now: number, sinceStartMs: number): boolean {
    const { accounts, classes } = this.#deps;
    return classes.list().some(({ metadata: { name } }) => {
      const ours = accounts.ofClass(name);
      return ours.length === 0
        ? sinceStartMs < startMs
        : ours.some((account) => isUnheard(account, now));
    });
  }
}
