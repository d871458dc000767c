/**
 * A log whose warnings the user sees: what a client passes over may cost money.
 *
 * @module
 */

import type { Log, LogFields } from "../../runtime/log.ts";

/** Says warnings and errors, with their fields; the rest is dropped. */
export function createReportLog(report: (line: string) => void): Log {
  const say = (message: string, fields: LogFields = {}) => {
    const facts = Object.entries(fields)
      .filter(([name, value]) => name !== "account" && value !== undefined && value !== null)
      .map(([name, value]) => `${name} ${value}`);
    report(facts.length === 0 ? message : `${message}: ${facts.join(", ")}`);
  };
  const log: Log = { debug() {}, info() {}, warn: say, error: say, with: () => log };
  return log;
}
