/**
 * Structured logs: a constant message plus typed fields.
 *
 * @module
 */

/** A value a log line may carry. */
export type LogField = string | number | boolean | null | undefined | readonly string[];

/** The fields of one log line. */
export type LogFields = Readonly<Record<string, LogField>>;

/** Severity of a log line. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Where log lines go. Messages are constants; what varies is a field. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log whose every line also carries `fields`. */
  with(fields: LogFields): Log;
}

/** A log that drops everything. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  with: () => silentLog,
};
