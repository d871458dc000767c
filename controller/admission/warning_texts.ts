/**
 * Warnings as clients show them: one line each, short, and not too many.
 *
 * The API server tells clients that more than 256 characters may be cut off, asks for 120, and drops
 * what goes beyond 4096 in all (k8s.io/apiserver `pkg/endpoints/filters/warning.go`, v0.36.0).
 *
 * @module
 */

import { atPath, formatViolation, type Violation } from "./rules/violation.ts";

/** What fits into a line of a terminal. */
const wishedLength = 120;
/** The most that every client shows. */
const maxLength = 256;
/** In all, with room for warnings of others. */
const maxTotal = 3_000;
/** More than anybody reads. */
const maxCount = 20;

/** The lines that violations make: one each, or two where what is wrong and what would be right are long. */
export function toWarningTexts(warnings: readonly Violation[]): readonly string[] {
  const lines: string[] = [];
  let total = 0;
  for (const [index, warning] of warnings.entries()) {
    const own = toLines(warning).map((line) => cutText(toOneLine(line), maxLength));
    total += own.reduce((sum, line) => sum + line.length, 0);
    if (total > maxTotal || lines.length + own.length > maxCount) {
      lines.push(`${warnings.length - index} more warnings`);
      break;
    }
    lines.push(...own);
  }
  return lines;
}

function toLines(warning: Violation): readonly string[] {
  const { path, message, remedy } = warning;
  const whole = formatViolation(warning);
  if (remedy === undefined || whole.length <= wishedLength) return [whole];
  return [atPath(path, message), atPath(path, remedy)];
}

/** Control characters would make the API server drop the warning. */
function toOneLine(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\s]+/g, " ").toWellFormed();
}

/** At most so many characters, cut between words where that is near. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit - 3);
  const space = cut.lastIndexOf(" ");
  return `${(space > limit / 2 ? cut.slice(0, space) : cut).toWellFormed()}...`;
}
