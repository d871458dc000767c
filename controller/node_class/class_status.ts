/**
 * The status of a GPUNodeClass. Pure.
 *
 * @module
 */

import {
  type Condition,
  conditionTypes,
  formatTime,
  reasons,
  setCondition,
} from "../../schemas/conditions.ts";
import type { MicroUsd } from "../../schemas/money.ts";
import type { GPUNodeClass, NodeClassStatus, ProviderStatus } from "../../schemas/node_class.ts";
import { type Account, decideBuyingProblem, type Problem } from "../accounts/account.ts";

/** What was found about one entry of the class. */
export interface EntryFinding {
  readonly name: string;
  readonly provider: string;
  /** Why the entry has no working client, if it has none. */
  readonly problem: Problem | undefined;
  readonly account: Account | undefined;
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

/** Works out the whole status from what was found about each entry. */
export function computeClassStatus(
  nodeClass: GPUNodeClass,
  findings: readonly EntryFinding[],
  now: number,
): NodeClassStatus {
  const providers = findings.map((finding) => toProviderStatus(finding, now));
  const generation = nodeClass.metadata.generation;
  let conditions: readonly Condition[] = nodeClass.status?.conditions ?? [];
  const state = (type: string, status: "True" | "False" | "Unknown", problem: Problem) => {
    conditions = setCondition(conditions, {
      type,
      status,
      ...problem,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    }, now);
  };

  const bad = providers.filter(({ available }) => !available);
  const pending = bad.filter(({ reason }) => reason === reasons.pending);
  const keys = bad.filter(({ reason }) => credentialReasons.has(reason));
  const down = bad.filter(({ reason }) =>
    reason === reasons.providerUnreachable || reason === reasons.unsupportedProvider ||
    reason === reasons.providerBlockMissing
  );
  const stale = findings.filter(({ account }) =>
    account?.entry?.enabled !== false &&
    (!account?.snapshot || now - account.snapshot.readAt > staleAfterMs)
  );
  const { credentialsResolved, providersReachable, catalogFresh, ready } = conditionTypes;
  const unsure = pending.length > 0 ? "Unknown" : "True";
  state(
    credentialsResolved,
    keys.length > 0 ? "False" : unsure,
    summarize(keys, reasons.allResolved, "Every key works"),
  );
  state(
    providersReachable,
    down.length > 0 ? "False" : unsure,
    summarize(down, reasons.allReachable, "Every cloud answers"),
  );
  state(
    catalogFresh,
    stale.length > 0 ? "False" : "True",
    stale.length > 0
      ? { reason: reasons.catalogStale, message: `No fresh offers from ${names(stale)}` }
      : { reason: reasons.catalogRefreshed, message: "Offers of every account are fresh" },
  );
  const usable = providers.filter(({ available }) => available);
  const bootstrap = nodeClass.spec.bootstrap?.kubeadm;
  if (!bootstrap) {
    state(ready, "False", {
      reason: reasons.bootstrapMissing,
      message: "spec.bootstrap.kubeadm is missing: rented machines would not know how to join",
    });
  } else if (usable.length > 0) {
    state(ready, "True", {
      reason: reasons.ready,
      message: `Machines can be bought from ${names(usable)}`,
    });
  } else {
    const worst = bad.find(({ reason }) => reason !== reasons.pending) ?? bad[0];
    state(ready, pending.length === bad.length ? "Unknown" : "False", {
      reason: worst?.reason ?? reasons.pending,
      message: bad.map(({ name, message }) => `${name}: ${message}`).join("; "),
    });
  }
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions: [...conditions],
    providers,
    lastCheckedTime: formatTime(now),
  };
}

function toProviderStatus(finding: EntryFinding, now: number): ProviderStatus {
  const { account } = finding;
  const problem = finding.problem ?? (account && decideBuyingProblem(account, now));
  const offers = account?.snapshot?.offers;
  const buyable = offers?.filter(({ available, price }) => available && !price.suspect) ?? [];
  const cheapest = buyable.reduce<MicroUsd | undefined>(
    (least, { price }) => least === undefined || price.perHour < least ? price.perHour : least,
    undefined,
  );
  const waiting = problem === undefined && !offers;
  return {
    name: finding.name,
    provider: finding.provider,
    available: problem === undefined && !waiting,
    reason: problem?.reason ?? (waiting ? reasons.pending : reasons.ready),
    message: (problem?.message ?? (waiting ? "Offers are being read" : "Machines can be bought"))
      .slice(0, 4096),
    ...(account ? { credentialFingerprint: account.fingerprint } : {}),
    ...(account?.identity === undefined ? {} : { account: account.identity }),
    ...(offers ? { offers: offers.length, availableOffers: buyable.length } : {}),
    ...(cheapest === undefined ? {} : { cheapestPerHour: cheapest }),
  };
}

function summarize(bad: readonly ProviderStatus[], goodReason: string, good: string): Problem {
  const [first] = bad;
  if (!first) return { reason: goodReason, message: good };
  return {
    reason: first.reason,
    message: bad.map(({ name, message }) => `${name}: ${message}`).join("; "),
  };
}

function names(entries: readonly { readonly name: string }[]): string {
  return entries.map(({ name }) => name).join(", ");
}
