/**
 * What the phases of a claim's life work with.
 *
 * @module
 */

import type { Recorder } from "../../kube/events.ts";
import type { Kube } from "../../kube/kube.ts";
import type { ProviderInfo } from "../../providers/contract.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import type { Random } from "../../runtime/random.ts";
import type { Node } from "../../schemas/kubernetes.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import type { GPUNodePool } from "../../schemas/node_pool.ts";
import type { Accounts } from "../accounts/accounts.ts";
import type { Ledger } from "../ledger.ts";
import type { Reader } from "../reader.ts";
import type { Need } from "../need.ts";
import type { OrderBudget } from "./order_budget.ts";
import type { WaitingRoom } from "./waiting_room.ts";

/** Collaborators of the claim lifecycle. */
export interface NodeClaimDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly recorder: Recorder;
  readonly accounts: Accounts;
  readonly claims: Reader<GPUNodeClaim>;
  readonly classes: Reader<GPUNodeClass>;
  readonly pools: Reader<GPUNodePool>;
  readonly nodes: Reader<Node>;
  readonly need: Need;
  readonly ledger: Pick<Ledger, "linesOf">;
  /** Whether this process still holds the leader's lease. */
  holdsLease(): boolean;
  readonly bootstrap: ClaimBootstrap;
  /** Writes what is remembered about sold-out offers of an account; best effort. */
  saveStock(className: string, account: string): void;
  /** `gitVersion` of the API server, such as `v1.36.0`; absent when it could not be read. */
  readonly apiServerVersion: string | undefined;
}

/** What orders are made with. */
export interface LaunchDeps extends NodeClaimDeps {
  readonly budget: OrderBudget;
  readonly room: WaitingRoom;
}

/** How a claim's machine is told to join, bound to the cluster and the controller's namespace. */
export interface ClaimBootstrap {
  /**
   * Makes the claim's token and renders its user data. Safe to repeat.
   *
   * @param expiresAt The token must be valid until then; epoch milliseconds.
   * @throws {UserDataError} When the class's bootstrap cannot be used; the message names the field.
   */
  prepare(
    claim: GPUNodeClaim,
    nodeClass: GPUNodeClass,
    options: {
      readonly labels: Readonly<Record<string, string>>;
      /** What reads user data on the account's machines. */
      readonly format: ProviderInfo["userDataFormat"];
      readonly maxBytes: number;
      readonly expiresAt: number;
    },
    signal: AbortSignal,
  ): Promise<{ readonly userData: string }>;
  /** Makes the claim's token useless. Safe to repeat. */
  revoke(claim: GPUNodeClaim, signal: AbortSignal): Promise<void>;
}
