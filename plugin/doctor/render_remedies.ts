/**
 * What to do about what was found, below the table.
 *
 * @module
 */

import type { Finding, FindingState } from "../../kube/preflight/finding.ts";
import { wrapText } from "../output/wrap_text.ts";

/** What matters most comes first. */
const order: readonly FindingState[] = ["fail", "warn", "unknown"];

/**
 * Renders remedies: sentences are broken to the terminal's width, commands never, since they are copied.
 *
 * @param width Columns of the terminal; `undefined` when it is none.
 * @returns Lines, each with its newline; empty if there is nothing to do.
 */
export function renderRemedies(findings: readonly Finding[], width: number | undefined): string {
  const remedied = order.flatMap((state) =>
    findings.filter((finding) => finding.state === state && finding.remedy.length > 0)
  );
  if (remedied.length === 0) return "";
  const blocks = remedied.map(({ check, subject, state, remedy }) => [
    `${subject ? `${check}/${subject}` : check} (${state === "fail" ? "FAIL" : state})`,
    ...remedy.flatMap((line) => toLines(line, width)).map((line) => `  ${line}`),
  ]);
  return `\nWhat to do:\n${blocks.flat().map((line) => `${line}\n`).join("")}`;
}

function toLines(line: string, width: number | undefined): readonly string[] {
  if (line.startsWith(" ")) return [line];
  return wrapText(line, width === undefined ? undefined : Math.max(40, width - 2));
}
