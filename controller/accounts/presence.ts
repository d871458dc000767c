/**
 * Whether a machine exists, judged on complete lists of its own account only.
 *
 * @module
 */

import type { Instance } from "../../providers/contract.ts";

/** One complete answer to "what is in this account". Partial or failed lists never become one. */
export interface InstanceList {
  /** When the request was sent; what happened later may be missing. Epoch milliseconds. */
  readonly startedAt: number;
  readonly instances: readonly Instance[];
}

/** What to look for. */
export interface PresenceQuestion {
  /** Complete lists of the machine's account, newest first. */
  readonly lists: readonly InstanceList[];
  /** The vendor's id, if it was ever learnt. */
  readonly instanceId: string | undefined;
  /** The vendor-side name, which is the claim's. */
  readonly machineName: string;
  /** Lists older than this say nothing: the launch, or the order to terminate. */
  readonly notBefore: number;
  /** Whether the machine was once seen in the account. */
  readonly seen: boolean;
  /** From when on a machine that exists must be in complete lists. */
  readonly settledAt: number;
}

/** The judgement. `gone` is a positive answer, never the lack of one. */
export type Presence =
  | { readonly kind: "present"; readonly instance: Instance }
  | { readonly kind: "gone" }
  | { readonly kind: "undecided" };

/** How many complete lists must miss a machine before it counts as gone. */
const listsToBeGone = 2;

/**
 * Judges whether a machine is there.
 *
 * Gone means that the same account answered completely without it, twice, after it had once been
 * seen or the vendor's settle time had passed: lists lag behind launches, and one odd answer must
 * not end the record of a machine that bills.
 */
export function decidePresence(question: PresenceQuestion): Presence {
  const relevant = question.lists.filter((list) => list.startedAt >= question.notBefore);
  const newest = question.lists[0];
  const instance = newest && findInstance(newest, question);
  if (instance && instance.state !== "terminated") return { kind: "present", instance };
  const conclusive = relevant.filter((list) => {
    const found = findInstance(list, question);
    if (found) return found.state === "terminated";
    return question.seen || list.startedAt >= question.settledAt;
  });
  const unbroken = conclusive.length >= listsToBeGone &&
    conclusive.slice(0, listsToBeGone).every((list, index) => list === relevant[index]);
  return unbroken ? { kind: "gone" } : { kind: "undecided" };
}

/** The machine in a list, by id where it is known and by name otherwise. */
export function findInstance(
  list: InstanceList,
  wanted: { readonly instanceId: string | undefined; readonly machineName: string },
): Instance | undefined {
  if (wanted.instanceId !== undefined) {
    return list.instances.find((instance) => instance.id === wanted.instanceId);
  }
  return list.instances.find((instance) =>
    instance.ownership.kind === "ours" && instance.ownership.claimName === wanted.machineName
  );
}
