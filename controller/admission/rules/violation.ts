/**
 * What is wrong with an object that somebody wants to store.
 *
 * @module
 */

/** One thing that is wrong, in words for whoever wrote the object. */
export interface Violation {
  /** Where, as the user wrote it: `spec.providers[1].regions[0]`. */
  readonly path: string;
  /** What is wrong. */
  readonly message: string;
  /** What would be right, where the message does not say that already. */
  readonly remedy?: string | undefined;
  /**
   * `deny`: it cannot work. `warn`: it may not do what was meant, or something that is yet to come may
   * make it work.
   */
  readonly effect: "deny" | "warn";
}

/** A violation that keeps the object from being stored. */
export function deny(path: string, message: string, remedy?: string): Violation {
  return { path, message, remedy, effect: "deny" };
}

/** A violation that the user is told of. */
export function warn(path: string, message: string, remedy?: string): Violation {
  return { path, message, remedy, effect: "warn" };
}

/** What is wrong and what would be right, without where. */
export function explainViolation({ message, remedy }: Violation): string {
  return remedy === undefined ? message : `${message}; ${remedy}`;
}

/** With where, as it is shown. */
export function formatViolation(violation: Violation): string {
  return atPath(violation.path, explainViolation(violation));
}

/** A text about a field; the object itself has an empty path. */
export function atPath(path: string, text: string): string {
  return path === "" ? text : `${path}: ${text}`;
}
