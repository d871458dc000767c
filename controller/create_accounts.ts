/**
 * The accounts of one leader: how their clients are built, when they are busy, and whom their news
 * concerns.
 *
 * @module
 */

import type { Offer } from "../providers/contract.ts";
import { createProvider, parseProviderName } from "../providers/registry.ts";
import { labelMetrics } from "../runtime/metrics.ts";
import { mayHaveMachine } from "../scheduling/price.ts";
import type { GPUNodeClaim } from "../schemas/node_claim.ts";
import type { Account } from "./accounts/account.ts";
import { createAccountPoller } from "./accounts/account_poller.ts";
import { Accounts } from "./accounts/accounts.ts";
import type { CatalogPublisher } from "./catalog_publisher.ts";
import type { CatalogStore } from "./catalog_store.ts";
import type { ControllerDeps, ControllerOptions } from "./deps.ts";
import { isEnding, stepTime } from "./node_claim/claim_state.ts";
import type { Queues } from "./queues.ts";
import type { Reader } from "./reader.ts";
import type { StockPublisher } from "./stock_publisher.ts";

/** What accounts touch besides their vendors. */
export interface AccountSurroundings {
  readonly clusterId: string;
  readonly claims: Reader<GPUNodeClaim>;
  readonly queues: Queues;
  readonly stock: Pick<StockPublisher, "load" | "publish">;
  readonly catalogs: Pick<CatalogStore, "load">;
  readonly publisher: Pick<CatalogPublisher, "publish">;
}

/** Creates the accounts; none exists until a class asks for it. */
export function createAccounts(
  deps: ControllerDeps,
  options: ControllerOptions,
  { clusterId, claims, queues, stock, catalogs, publisher }: AccountSurroundings,
): Accounts {
  const claimsOf = (account: Account) =>
    claims.list().filter((claim) =>
      claim.spec.nodeClassRef.name === account.className &&
      claim.status?.launch?.offer.account === account.name && mayHaveMachine(claim)
    );
  const isBusy = (account: Account) =>
    claimsOf(account).some((claim) =>
      isEnding(claim) || stepTime(claim, "Initialized") === undefined
    );
  const onChange = (account: Account, what: "offers" | "machines" | "health") => {
    if (what === "offers") {
      publisher.publish(account);
      // The vendor's stock signal may have shortened a wait.
      stock.publish(account);
    }
    if (what !== "machines") return queues.classes.add(account.className);
    for (const claim of claimsOf(account)) queues.claims.add(claim.metadata.name);
  };
  function* otherOffers(account: Account): Iterable<Offer> {
    for (const other of accounts.list()) {
      if (other !== account) yield* other.snapshot?.offers ?? [];
    }
  }
  const accounts: Accounts = new Accounts({
    clock: deps.clock,
    metrics: deps.metrics,
    createProvider: ({ className, entry, apiKey }) => {
      const baseUrl = deps.vendorUrls[parseProviderName(entry.provider ?? entry.name)];
      // An account's name is unique in its class only.
      const scope = { class: className };
      const log = deps.log.with(scope);
      const metrics = labelMetrics(deps.metrics, scope);
      return createProvider(entry, { ...deps, log, metrics, apiKey, clusterId, baseUrl });
    },
    createPoller: (account) =>
      createAccountPoller(
        { ...deps, intervals: options.pollIntervals, isBusy, otherOffers, onChange },
        account,
      ),
    loadStock: (className, name) => stock.load(className, name),
    loadOffers: (className, name) => catalogs.load(className, name),
    onTried: (className) => queues.classes.add(className),
  });
  return accounts;
}
