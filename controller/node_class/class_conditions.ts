/**
 * What a class's conditions say about its accounts. Pure.
 *
 * Each is a question that is asked of every enabled account: one that answers no makes it `False`, one of
 * which nobody can tell yet makes it `Unknown`, and only yes of all of them makes it `True`. With nobody
 * to ask it is `Unknown`: nothing was found to be well.
 *
 * | Question               | no                                      | cannot be told                              |
 * | ---------------------- | --------------------------------------- | ------------------------------------------- |
 * | `CredentialsResolved`  | key missing, malformed, rejected, of another account | being verified; never looked at: no such cloud, no block; the cloud never answered |
 * | `ProvidersReachable`   | no key to ask with, no answer, no such cloud, refused settings | being verified        |
 * | `CatalogFresh`         | offers older than ten minutes, or none because of a problem | being read for the first time |
 *
 * @module
 */

import { conditionTypes, reasons } from "../../schemas/conditions.ts";
import type { Problem } from "../accounts/account.ts";
import { collectProblems, type EntryFinding } from "./entry_finding.ts";

/** A fact that a condition states. */
export interface Fact extends Problem {
  readonly status: "True" | "False" | "Unknown";
}

/** Offers older than this are no picture of the market. */
const staleAfterMs = 10 * 60_000;

/** Reasons that say "the key". */
const credentialReasons: ReadonlySet<string> = new Set([
  reasons.secretNotFound,
  reasons.secretKeyNotFound,
  reasons.secretNamespaceNotAllowed,
  reasons.credentialsMalformed,
  reasons.credentialsRejected,
  reasons.accountChanged,
]);

/** Reasons that say that the account cannot be asked: for want of a key that works, too. */
const reachReasons: ReadonlySet<string> = new Set([
  ...credentialReasons,
  reasons.providerUnreachable,
  reasons.unsupportedProvider,
  reasons.providerBlockMissing,
  reasons.providerMisconfigured,
]);

/** What a cloud says only to those whose key it has accepted. */
const reasonsAfterAcceptance: ReadonlySet<string> = new Set([
  reasons.providerMisconfigured,
  reasons.accountBlocked,
]);

/** One account's answer to a condition's question; `undefined` is yes. */
type Answer = { readonly is: "no" | "open"; readonly why: Problem } | undefined;

const beingVerified: Problem = Object.freeze({
  reason: reasons.pending,
  message: "The key is being verified",
});

const beingRead: Problem = Object.freeze({
  reason: reasons.pending,
  message: "Offers are being read",
});

/** The three conditions that are about accounts, by type. */
export function judgeAccounts(
  findings: readonly EntryFinding[],
  now: number,
): ReadonlyMap<string, Fact> {
  const asked = findings.filter(({ enabled }) => enabled);
  const ask = (question: (finding: EntryFinding, now: number) => Answer, good: Problem) =>
    summarize(
      asked.map((finding) => ({ name: finding.name, answer: question(finding, now) })),
      good,
    );
  return new Map([
    [
      conditionTypes.credentialsResolved,
      ask(judgeKey, { reason: reasons.allResolved, message: "Every key works" }),
    ],
    [
      conditionTypes.providersReachable,
      ask(judgeReach, { reason: reasons.allReachable, message: "Every cloud answers" }),
    ],
    [
      conditionTypes.catalogFresh,
      ask(judgeOffers, {
        reason: reasons.catalogRefreshed,
        message: "Offers of every account are fresh",
      }),
    ],
  ]);
}

function judgeKey(finding: EntryFinding, now: number): Answer {
  const problems = collectProblems(finding, now);
  const bad = problems.find(({ reason }) => credentialReasons.has(reason));
  if (bad) return { is: "no", why: bad };
  const [problem = beingVerified] = problems;
  if (finding.account?.verified && finding.problem === undefined) return undefined;
  if (finding.account && reasonsAfterAcceptance.has(problem.reason)) return undefined;
  return { is: "open", why: problem };
}

function judgeReach(finding: EntryFinding, now: number): Answer {
  const problems = collectProblems(finding, now);
  const bad = problems.find(({ reason }) => reachReasons.has(reason));
  if (bad) return { is: "no", why: bad };
  const { account } = finding;
  const pending = problems.find(({ reason }) => reason === reasons.pending);
  if (pending) return { is: "open", why: pending };
  if (!account?.verified && problems.length === 0) return { is: "open", why: beingVerified };
  if (account && !account.snapshot && !account.problem) return { is: "open", why: beingRead };
  return undefined;
}

function judgeOffers(finding: EntryFinding, now: number): Answer {
  const { account } = finding;
  if (account?.snapshot) {
    if (now - account.snapshot.readAt <= staleAfterMs) return undefined;
    return { is: "no", why: stale(account.offersFailure?.message) };
  }
  const [problem = beingRead] = collectProblems(finding, now);
  return problem.reason === reasons.pending
    ? { is: "open", why: problem }
    : { is: "no", why: stale(problem.message) };
}

function stale(why: string | undefined): Problem {
  return {
    reason: reasons.catalogStale,
    message: why === undefined ? "No fresh offers" : `No fresh offers: ${why}`,
  };
}

function summarize(
  answers: readonly { readonly name: string; readonly answer: Answer }[],
  good: Problem,
): Fact {
  if (answers.length === 0) {
    const message = "No account is enabled: there is nobody to ask";
    return { status: "Unknown", reason: reasons.providerDisabled, message };
  }
  for (const [is, status] of [["no", "False"], ["open", "Unknown"]] as const) {
    const given = answers.flatMap(({ name, answer }) =>
      answer?.is === is ? [{ name, ...answer.why }] : []
    );
    const [first] = given;
    if (first) return { status, reason: first.reason, message: listMessages(given) };
  }
  return { status: "True", ...good };
}

/** Each account with what is to be said of it. */
export function listMessages(
  entries: readonly { readonly name: string; readonly message: string }[],
): string {
  return entries.map(({ name, message }) => `${name}: ${message}`).join("; ");
}
