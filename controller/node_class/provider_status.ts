/**
 * What a class's status says about one account. Pure.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import { reasons } from "../../schemas/conditions.ts";
import type { MicroUsd } from "../../schemas/money.ts";
import type { ProviderStatus } from "../../schemas/node_class.ts";
import type { Account, Problem } from "../accounts/account.ts";
import { cutText } from "../cut_text.ts";
import { type EntryFinding, findBuyingProblem } from "./entry_finding.ts";

/** @param before What was said last. */
export function toProviderStatus(
  finding: EntryFinding,
  before: ProviderStatus | undefined,
  now: number,
): ProviderStatus {
  const { account } = finding;
  const offers = account?.snapshot?.offers;
  const problem = findBuyingProblem(finding, now) ??
    (offers ? judgeJoining(offers) : account?.problem ?? readingOffers);
  const buyable = offers?.filter(isBuyable) ?? [];
  const cheapest = buyable.reduce<MicroUsd | undefined>(
    (least, { price }) => least === undefined || price.perHour < least ? price.perHour : least,
    undefined,
  );
  // Kept while no client works: after a restart it is what a changed key is recognized by.
  const inUse = account?.fingerprint ?? before?.fingerprintInUse;
  const fingerprint = finding.fingerprint ?? inUse;
  const identity = account ? account.identity : before?.account;
  const breakers = account ? toBreakers(account) : [];
  return {
    name: finding.name,
    provider: finding.provider,
    available: problem === undefined,
    reason: problem?.reason ?? reasons.ready,
    message: cutText(problem?.message ?? "Machines can be bought", 4096),
    ...(fingerprint === undefined ? {} : { credentialFingerprint: fingerprint }),
    ...(inUse === undefined ? {} : { fingerprintInUse: inUse }),
    ...(identity === undefined ? {} : { account: identity }),
    ...(offers ? { offers: offers.length, availableOffers: buyable.length } : {}),
    ...(cheapest === undefined ? {} : { cheapestPerHour: cheapest }),
    ...(breakers.length > 0 ? { breakers } : {}),
  };
}

function isBuyable({ available, notJoinable, price }: Offer): boolean {
  return available && notJoinable === undefined && price.suspect === undefined;
}

/** An account none of whose machines could join sells us nothing, whatever it offers. */
function judgeJoining(offers: readonly Offer[]): Problem | undefined {
  const [first] = offers;
  if (!first || offers.some(({ notJoinable }) => notJoinable === undefined)) return undefined;
  const message = `Its machines could not join the cluster: ${first.notJoinable}`;
  return { reason: reasons.notJoinable, message };
}

/** In an order that does not depend on which call failed first. */
function toBreakers({ provider }: Account): NonNullable<ProviderStatus["breakers"]> {
  return provider.openBreakers()
    .map(({ operation, state }) => ({
      operation,
      state: state === "open" ? "Open" as const : "HalfOpen" as const,
    }))
    .sort((left, right) => left.operation < right.operation ? -1 : 1);
}

const readingOffers: Problem = Object.freeze({
  reason: reasons.pending,
  message: "Offers are being read",
});
