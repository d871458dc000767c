/**
 * Why an offer was chosen and not a cheaper one. Pure.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import { describeRemovals, explainOffers } from "../../scheduling/offer_explanation.ts";
import { type OfferQuery, selectOffers } from "../../scheduling/offers.ts";
import type { NewNode, SolveClass, SolvePool } from "../../scheduling/plan.ts";

/** What a choice was made from. */
export interface Choice {
  readonly node: NewNode;
  readonly offer: Offer;
  readonly pool: SolvePool;
  readonly nodeClass: SolveClass;
}

/** Says it in half a sentence. @throws {RangeError} If a requirement cannot be read. */
export function explainChoice({ node, offer, pool, nodeClass }: Choice): string {
  const { accounts, offers } = nodeClass;
  const { price } = pool.spec;
  const query: OfferQuery = {
    requirements: node.requirements,
    labels: node.labels,
    resources: node.resources,
    maxPerHour: price?.maxPerHour,
    maxPerGpuHour: price?.maxPerGpuHour,
    accounts,
    excluded: new Set(nodeClass.excludedOffers),
  };
  const cheaper = offers.filter(({ price }) => price.perHour < offer.price.perHour);
  if (cheaper.length === 0) return `the cheapest of all ${offers.length} offers`;
  const suitable = selectOffers(cheaper, query);
  const unsuitable = describeRemovals(explainOffers(cheaper, query).removed);
  const beside = unsuitable === "" ? "" : `; cheaper ones do not suit: ${unsuitable}`;
  if (suitable.length === 0) {
    return `the cheapest of ${explainOffers(offers, query).matched} that suit${beside}`;
  }
  const priorityOf = (account: string) =>
    accounts.find(({ name }) => name === account)?.priority ?? 0;
  const own = priorityOf(offer.account);
  const what = suitable.length === 1 ? "1 cheaper one" : `${suitable.length} cheaper ones`;
  if (suitable.every(({ account }) => priorityOf(account) > own)) {
    return `account ${offer.account} comes before those of ${what}${beside}`;
  }
  return `limits, or the plan as a whole, speak against ${what}${beside}`;
}
