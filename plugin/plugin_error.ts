/**
 * Errors that are the plugin's own.
 *
 * @module
 */

import { type ExitCode, exitCodes } from "./exit_code.ts";

/** Something failed in a way the plugin can explain. Printed as `error: …`, never with a stack. */
export class PluginError extends Error {
  override name = "PluginError";
  readonly exitCode: ExitCode;
  /** What to do about it; further lines under the message. */
  readonly remedy: readonly string[];

  constructor(message: string, options: { exitCode?: ExitCode; remedy?: readonly string[] } = {}) {
    super(message);
    this.exitCode = options.exitCode ?? exitCodes.failure;
    this.remedy = options.remedy ?? [];
  }
}

/** A mistake on the command line. */
export class UsageError extends PluginError {
  override name = "UsageError";

  constructor(message: string, remedy: readonly string[] = []) {
    super(message, { exitCode: exitCodes.usage, remedy });
  }
}
