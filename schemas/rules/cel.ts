/**
 * Rules in the Common Expression Language, which the API server checks when somebody writes an object.
 *
 * A rule is for what is written from now on. What zod refuses can never be read again, so a rule that
 * comes after objects may have been stored without it stands in `.meta({ cel })` alone, not in zod; the API
 * server lets what has not changed pass (see docs/upgrading.md).
 *
 * @module
 */

/** One rule. */
export interface CelRule {
  /** The expression; `self` is the value, `oldSelf` what it was (the rule then runs on updates only). */
  readonly rule: string;
  /** What a user is told when it is false: what is wrong, what would be right. */
  readonly message: string;
  /** The same, with what only the value can tell; `message` stands in where it fails. */
  readonly messageExpression?: string;
  /** Field to blame instead of the value itself, for example `.values`. */
  readonly fieldPath?: string;
  readonly reason?: "FieldValueInvalid" | "FieldValueForbidden" | "FieldValueRequired";
}

/** A text as a literal. */
export function celString(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** Texts as a literal list. */
export function celList(texts: Iterable<string>): string {
  return `[${Array.from(texts, celString).join(", ")}]`;
}

/** Whether `self` matches, as an expression. */
export function celMatches(subject: string, pattern: RegExp): string {
  return `${subject}.matches(${celString(pattern.source.replaceAll("\\/", "/"))})`;
}
