/**
 * A log that remembers.
 *
 * @module
 */

import type { Log, LogFields, LogLevel } from "../../runtime/log.ts";

/** One line. */
export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** A log and its lines. */
export interface RecordingLog extends Log {
  readonly lines: LogLine[];
}

/** Creates an empty log; those that come from `with` write into the same lines. */
export function createRecordingLog(lines: LogLine[] = [], common: LogFields = {}): RecordingLog {
  const write = (level: LogLevel) => (message: string, fields: LogFields = {}) =>
    void lines.push({ level, message, fields: { ...common, ...fields } });
  return {
    lines,
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    with: (fields) => createRecordingLog(lines, { ...common, ...fields }),
  };
}
