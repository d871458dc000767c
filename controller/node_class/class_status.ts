/**
 * The status of a GPUNodeClass. Pure.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import {
  type Condition,
  conditionTypes,
  formatTime,
  reasons,
  setCondition,
} from "../../schemas/conditions.ts";
import type { MicroUsd } from "../../schemas/money.ts";
import type { GPUNodeClass, NodeClassStatus, ProviderStatus } from "../../schemas/node_class.ts";
import { type Account, decideLastingProblem, type Problem } from "../accounts/account.ts";
import { cutText } from "../cut_text.ts";

/** What was found about one entry of the class. */
export interface EntryFinding {
  readonly name: string;
  readonly provider: string;
  /** Why the entry has no working client, if it has none. */
  readonly problem: Problem | undefined;
  readonly account: Account | undefined;
  /** Of the key that the Secret holds, if there is one. */
  readonly fingerprint: string | undefined;
}

/** Offers older than this are no picture of the market. */
const staleAfterMs = 10 * 60_000;

/** Reasons that say "the key", as opposed to "the vendor". */
const credentialReasons: ReadonlySet<string> = new Set([
  reasons.secretNotFound,
  reasons.secretKeyNotFound,
  reasons.secretNamespaceNotAllowed,
  reasons.credentialsMalformed,
  reasons.credentialsRejected,
  reasons.accountChanged,
]);

/** Reasons that say "the cloud". */
const reachReasons: ReadonlySet<string> = new Set([
  reasons.providerUnreachable,
  reasons.unsupportedProvider,
  reasons.providerBlockMissing,
  reasons.providerMisconfigured,
]);

/** Works out the whole status from what was found about each entry. */
export function computeClassStatus(
  nodeClass: GPUNodeClass,
  findings: readonly EntryFinding[],
  now: number,
): NodeClassStatus {
  const known = nodeClass.status?.providers ?? [];
  const providers = findings.map((finding) =>
    toProviderStatus(finding, known.find(({ name }) => name === finding.name), now)
  );
  const generation = nodeClass.metadata.generation;
  let conditions: readonly Condition[] = nodeClass.status?.conditions ?? [];
  const state = (type: string, status: "True" | "False" | "Unknown", problem: Problem) => {
    conditions = setCondition(conditions, {
      type,
      status,
      reason: problem.reason,
      message: cutText(problem.message, 32_768),
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    }, now);
  };

  const bad = providers.filter(({ available }) => !available);
  const pending = bad.filter(({ reason }) => reason === reasons.pending);
  const stale = findings.filter(({ account }) =>
    account?.entry?.enabled !== false &&
    (!account?.snapshot || now - account.snapshot.readAt > staleAfterMs)
  );
  const { credentialsResolved, providersReachable, catalogFresh, ready } = conditionTypes;
  const summarize = (type: string, about: ReadonlySet<string>, good: Problem) => {
    const problems = findings.flatMap((finding) => findProblem(finding, about, now) ?? []);
    const [first] = problems;
    if (first) state(type, "False", { reason: first.reason, message: list(problems) });
    else if (pending.length > 0) {
      state(type, "Unknown", { reason: reasons.pending, message: list(pending) });
    } else state(type, "True", good);
  };
  summarize(credentialsResolved, credentialReasons, {
    reason: reasons.allResolved,
    message: "Every key works",
  });
  summarize(providersReachable, reachReasons, {
    reason: reasons.allReachable,
    message: "Every cloud answers",
  });
  state(
    catalogFresh,
    stale.length > 0 ? "False" : "True",
    stale.length > 0
      ? { reason: reasons.catalogStale, message: `No fresh offers from ${names(stale)}` }
      : { reason: reasons.catalogRefreshed, message: "Offers of every account are fresh" },
  );
  const { status, ...why } = judgeReady(nodeClass, providers);
  state(ready, status, why);
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions: [...conditions],
    providers,
    lastCheckedTime: formatTime(now),
  };
}

function judgeReady(
  { metadata, spec }: GPUNodeClass,
  providers: readonly ProviderStatus[],
): Problem & { readonly status: "True" | "False" | "Unknown" } {
  if (metadata.deletionTimestamp) {
    return {
      status: "False",
      reason: reasons.deletionHeld,
      message: "The class is being deleted: nothing is bought, and it goes with its last machine",
    };
  }
  if (!spec.bootstrap?.kubeadm) {
    return {
      status: "False",
      reason: reasons.bootstrapMissing,
      message: "spec.bootstrap.kubeadm is missing: rented machines would not know how to join",
    };
  }
  const usable = providers.filter(({ available }) => available);
  if (usable.length > 0) {
    const message = `Machines can be bought from ${names(usable)}`;
    return { status: "True", reason: reasons.ready, message };
  }
  const worst = providers.find(({ reason }) => reason !== reasons.pending);
  return {
    status: worst ? "False" : "Unknown",
    reason: worst?.reason ?? reasons.pending,
    message: list(providers),
  };
}

/** What an entry suffers from, of one kind; an account may still buy while it has a problem. */
function findProblem(
  { name, problem, account }: EntryFinding,
  about: ReadonlySet<string>,
  now: number,
): (Problem & { readonly name: string }) | undefined {
  const lasts = account?.block && account.block.until > now && !account.block.passing;
  const block = lasts ? account.block : undefined;
  const found = [problem, account?.problem, block].find((candidate) =>
    candidate !== undefined && about.has(candidate.reason)
  );
  return found && { name, reason: found.reason, message: found.message };
}

function toProviderStatus(
  finding: EntryFinding,
  before: ProviderStatus | undefined,
  now: number,
): ProviderStatus {
  const { account } = finding;
  const offers = account?.snapshot?.offers;
  const problem = finding.problem ?? (account && decideLastingProblem(account, now)) ??
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

function list(entries: readonly { readonly name: string; readonly message: string }[]): string {
  return entries.map(({ name, message }) => `${name}: ${message}`).join("; ");
}

function names(entries: readonly { readonly name: string }[]): string {
  return entries.map(({ name }) => name).join(", ");
}
