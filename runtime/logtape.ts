/**
 * Logs as JSON lines through LogTape.
 *
 * @module
 */

import { configureSync, getJsonLinesFormatter, getLogger, type Logger } from "@logtape/logtape";
import type { Log, LogFields, LogLevel } from "./log.ts";

/** Where and how much to log. */
export interface LogOptions {
  readonly level: LogLevel;
  /** Takes one line, without its end. */
  readonly write: (line: string) => void;
}

/** A process-wide log; call once, from a main. */
export function createLog(options: LogOptions): Log {
  const format = getJsonLinesFormatter({ properties: "flatten" });
  configureSync({
    reset: true,
    sinks: { lines: (record) => options.write(format(record).trimEnd()) },
    loggers: [
      { category: [], sinks: ["lines"], lowestLevel: toLogTapeLevel(options.level) },
      { category: ["logtape", "meta"], sinks: ["lines"], lowestLevel: "error" },
    ],
  });
  return wrap(getLogger(["tgp"]));
}

function wrap(logger: Logger): Log {
  return {
    debug: (message, fields) => logger.debug(escape(message), toProperties(fields)),
    info: (message, fields) => logger.info(escape(message), toProperties(fields)),
    warn: (message, fields) => logger.warn(escape(message), toProperties(fields)),
    error: (message, fields) => logger.error(escape(message), toProperties(fields)),
    with: (fields) => wrap(logger.with(toProperties(fields))),
  };
}

/** Messages are constants, but LogTape would read braces as placeholders. */
function escape(message: string): string {
  return message.replaceAll("{", "{{").replaceAll("}", "}}");
}

function toProperties(fields: LogFields | undefined): Record<string, unknown> {
  return { ...fields };
}

function toLogTapeLevel(level: LogLevel): "debug" | "info" | "warning" | "error" {
  return level === "warn" ? "warning" : level;
}
