/**
 * What of a look at the cluster is worth telling, and whom. Pure.
 *
 * @module
 */

import { type EventNote, toObjectReference } from "../../kube/events.ts";
import type { Finding } from "../../kube/preflight/finding.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import { cutText } from "../cut_text.ts";

/** See the module. */
export interface Report {
  /** Findings that were not so the last time. */
  readonly news: readonly Finding[];
  /** How many findings of each check fail. */
  readonly failing: ReadonlyMap<string, number>;
  /** One per class for which something has changed. */
  readonly notes: readonly EventNote[];
  /** Whether no check fails. */
  readonly isClear: boolean;
  /** What was found, by check and class: to tell what is new the next time. */
  readonly known: ReadonlyMap<string, string>;
  /** The last word on each class. */
  readonly verdicts: ReadonlyMap<string, string>;
}

/** Longest list of problems in an Event; its limit is 1,024 characters. */
const longestList = 900;

/** Compares findings with the last report. @param last `undefined` the first time. */
export function toReport(
  findings: readonly Finding[],
  classes: readonly GPUNodeClass[],
  last: Report | undefined,
): Report {
  const known = new Map(
    findings.map((finding) => [keyOf(finding), `${finding.state} ${finding.message}`]),
  );
  // What is not found any more fails no more.
  const failing = new Map([...last?.failing.keys() ?? []].map((check) => [check, 0]));
  for (const { check, state } of findings) {
    failing.set(check, (failing.get(check) ?? 0) + (state === "fail" ? 1 : 0));
  }
  const notes: EventNote[] = [];
  const verdicts = new Map<string, string>();
  for (const nodeClass of classes) {
    const { name } = nodeClass.metadata;
    const verdict = judgeClass(findings, name);
    const text = JSON.stringify(verdict);
    verdicts.set(name, text);
    const before = last?.verdicts.get(name);
    // That all is well is news only where it was not.
    if (before === text || (before === undefined && verdict.type === "Normal")) continue;
    notes.push({ object: toObjectReference(nodeClass), ...verdict });
  }
  return {
    news: findings.filter((finding) =>
      last?.known.get(keyOf(finding)) !== known.get(keyOf(finding))
    ),
    failing,
    notes,
    isClear: findings.every(({ state }) => state !== "fail"),
    known,
    verdicts,
  };
}

/** What concerns the whole cluster concerns every class. */
function judgeClass(findings: readonly Finding[], name: string): Omit<EventNote, "object"> {
  const concerning = findings.filter(({ subject }) => subject === undefined || subject === name);
  const problems = [
    ...concerning.filter(({ state }) => state === "fail"),
    ...concerning.filter(({ state }) => state === "warn"),
  ];
  const [worst] = problems;
  if (worst === undefined) {
    return {
      type: "Normal",
      reason: "PreflightPassed",
      message: "Nothing known keeps machines of this class from joining",
    };
  }
  const list = problems.map(({ check, message }) => `${check}: ${message}`).join("; ");
  return {
    type: "Warning",
    reason: worst.state === "fail" ? "PreflightFailed" : "PreflightWarning",
    message: `${cutText(list, longestList)}. What to do: kubectl tgp doctor`,
  };
}

function keyOf({ check, subject }: Finding): string {
  return `${check}/${subject ?? ""}`;
}
