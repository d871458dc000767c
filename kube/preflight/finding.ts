/**
 * What a look at a cluster found.
 *
 * @module
 */

/** `unknown`: could not be looked at. */
export type FindingState = "ok" | "warn" | "fail" | "unknown";

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at, in one word: `webhook`. */
  readonly check: string;
  /** Which of several, for example the name of a GPUNodeClass; absent for what there is one of. */
  readonly subject?: string | undefined;
  readonly state: FindingState;
  /** What was found. */
  readonly message: string;
  /** What to do about it, unless `ok`: one sentence or one command per line, commands indented. */
  readonly remedy: readonly string[];
}

/** Makes findings of one check. */
export interface Findings {
  ok(message: string): Finding;
  warn(message: string, ...remedy: readonly string[]): Finding;
  fail(message: string, ...remedy: readonly string[]): Finding;
  unknown(message: string, ...remedy: readonly string[]): Finding;
}

/** Makes findings of one check, about one subject if there are several. */
export function findingsOf(check: string, subject?: string): Findings {
  const make = (state: FindingState, message: string, remedy: readonly string[] = []): Finding => ({
    check,
    ...(subject === undefined ? {} : { subject }),
    state,
    message,
    remedy,
  });
  return {
    ok: (message) => make("ok", message),
    warn: (message, ...remedy) => make("warn", message, remedy),
    fail: (message, ...remedy) => make("fail", message, remedy),
    unknown: (message, ...remedy) => make("unknown", message, remedy),
  };
}

/** A command to be copied, as a line of a remedy. */
export function command(text: string): string {
  return `    ${text}`;
}
