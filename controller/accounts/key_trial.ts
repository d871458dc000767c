/**
 * A new key on probation: is it accepted, and does it reach the account that our machines are in?
 *
 * With a key of another account every machine would look gone, and every open order as if it never
 * happened; so the old client goes on until the new key has proven itself.
 *
 * @module
 */

import { ProviderError } from "../../providers/errors.ts";
import type { Clock } from "../../runtime/clock.ts";
import { reasons } from "../../schemas/conditions.ts";
import type { Account, Problem } from "./account.ts";
import type { InstanceList } from "./presence.ts";
import { toProblem } from "./problem.ts";

/** What hangs on an account. */
export interface Stake {
  /** Ids of machines that claims have in this account. */
  readonly knownInstanceIds: readonly string[];
  /** Names of machines that were ordered in this account and of which nobody knows whether they exist. */
  readonly openOrders: readonly string[];
  /** The vendor's identity of the account as last known, where it has one. */
  readonly lastIdentity: string | undefined;
}

/** What a key was found to reach. */
export interface Evidence {
  /** Why the key cannot be used, if it cannot. */
  readonly problem: Problem | undefined;
  readonly identity: string | undefined;
  /** What is in its account, if that was asked. */
  readonly list: InstanceList | undefined;
}

/** `unproven`: the account's machines have to be listed to tell. */
export type Verdict =
  | { readonly kind: "accepted" }
  | { readonly kind: "unproven" }
  | { readonly kind: "refused"; readonly problem: Problem };

/** Whether machines could be lost with a key of another account. */
export function isAtStake({ knownInstanceIds, openOrders }: Stake): boolean {
  return knownInstanceIds.length + openOrders.length > 0;
}

/**
 * Whether a key may take over. Where the vendor has an identity of accounts it must be the same; where
 * it has none, the key must know one of our machines. While nothing is at stake any account will do.
 */
export function judgeKey(stake: Stake, { problem, identity, list }: Evidence): Verdict {
  if (problem) return { kind: "refused", problem };
  if (!isAtStake(stake)) return { kind: "accepted" };
  const { knownInstanceIds, openOrders, lastIdentity } = stake;
  const count = knownInstanceIds.length + openOrders.length;
  const ours = count === 1
    ? "this account's machine or open order"
    : `this account's ${count} machines and open orders`;
  if (lastIdentity !== undefined && identity !== undefined) {
    return lastIdentity === identity ? { kind: "accepted" } : refuse(
      `The key is of account "${identity}", and ${ours} are in "${lastIdentity}"`,
    );
  }
  if (!list) return { kind: "unproven" };
  const knows = list.instances.some(({ id, ownership }) =>
    knownInstanceIds.includes(id) ||
    (ownership.kind === "ours" && openOrders.includes(ownership.claimName))
  );
  return knows
    ? { kind: "accepted" }
    : refuse(`The key does not know ${ours}, so it seems to be another account's`);
}

function refuse(why: string): Verdict {
  return {
    kind: "refused",
    problem: {
      reason: reasons.accountChanged,
      message: `${why}: put a key of the old account back until they are gone`,
    },
  };
}

/**
 * Whether a failed verification says that the key is right and something else is not: what the adapter
 * found missing in a good answer, an unpaid bill. Then the client takes over, to end what runs, and its
 * own verification keeps it from buying.
 */
function isKeyRight(error: unknown): boolean {
  if (!(error instanceof ProviderError)) return false;
  const { kind, status } = error;
  return kind === "billing" || kind === "quota" ||
    (kind === "invalid_request" && status === undefined);
}

/** Asks the vendor. Notes on the account what its verification says; throws only for the signal. */
export async function gatherEvidence(
  { clock }: { readonly clock: Clock },
  account: Account,
  wantsList: (identity: string | undefined) => boolean,
  signal: AbortSignal,
): Promise<Evidence> {
  let list: InstanceList | undefined;
  try {
    try {
      account.identity = (await account.provider.verifyCredentials(signal)).account;
      account.verified = true;
    } catch (error) {
      if (!isKeyRight(error)) throw error;
    }
    if (wantsList(account.identity)) {
      const startedAt = clock.now();
      list = { startedAt, instances: await account.provider.listInstances(signal) };
    }
  } catch (error) {
    signal.throwIfAborted();
    return { problem: toProblem(error), identity: account.identity, list: undefined };
  }
  return { problem: undefined, identity: account.identity, list };
}
