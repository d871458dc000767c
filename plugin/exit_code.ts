/**
 * What the plugin's exit status means. Scripts rely on it; kubectl passes it on unchanged.
 *
 * @module
 */

/** The exit statuses, by what happened. */
export const exitCodes = {
  /** Done. An empty result is done, too. */
  ok: 0,
  /** It failed: the message says at what. */
  failure: 1,
  /** Wrong usage: an unknown command, flag or value. */
  usage: 2,
  /** The answer is no: nothing matched, with `--fail-empty`; a check failed; you said no. */
  no: 3,
  /** A cloud did not answer, with `--strict`; `teardown` could not look at every account. */
  partial: 4,
  /** Not allowed: by the cluster's RBAC, or the cloud rejects the API key. */
  notAllowed: 5,
  /** Timed out waiting: `teardown` has not ended everything yet. */
  timedOut: 6,
} as const;

/** An exit status. */
export type ExitCode = typeof exitCodes[keyof typeof exitCodes];

/** One line per status, for help and reference. */
export const exitCodeMeanings: readonly (readonly [code: ExitCode, meaning: string])[] = [
  [exitCodes.ok, "done; an empty result is done, too"],
  [exitCodes.failure, "failed"],
  [exitCodes.usage, "wrong usage"],
  [exitCodes.no, 'the answer is "no": a check failed, nothing matched, you said no'],
  [exitCodes.partial, "partial: a cloud was not asked, or did not answer (--strict)"],
  [exitCodes.notAllowed, "not allowed, by the cluster or by the cloud"],
  [exitCodes.timedOut, "timed out waiting"],
];
