/**
 * What a user is told about an error: what failed, the server's own words, and what to do.
 *
 * Errors of `kube/` and `providers/` are told apart by name, so that help and completion need not load
 * those folders.
 *
 * @module
 */

import { type ExitCode, exitCodes } from "./exit_code.ts";
import { PluginError } from "./plugin_error.ts";

/** A message and the exit status that goes with it. */
export interface ErrorExplanation {
  /** `error: …` and further lines; ends in a newline. */
  readonly text: string;
  readonly exitCode: ExitCode;
}

/** Explains anything thrown. */
export function explainError(error: unknown): ErrorExplanation {
  if (error instanceof PluginError) {
    return { text: toText(error.message, error.remedy), exitCode: error.exitCode };
  }
  const message = error instanceof Error ? error.message : String(error);
  switch (error instanceof Error ? error.name : "") {
    case "KubeError":
      return explainKubeError(message, readField(error, "code"));
    case "ProviderError":
      return explainProviderError(message, readField(error, "kind"));
    case "KubeconfigError":
      return {
        text: toText(message, ["Without a cluster: kubectl tgp offers --local"]),
        exitCode: exitCodes.failure,
      };
    default:
      return { text: toText(message), exitCode: exitCodes.failure };
  }
}

function explainKubeError(message: string, code: unknown): ErrorExplanation {
  if (code === 401) {
    return {
      text: toText(message, ["The API server does not accept your credentials: log in again."]),
      exitCode: exitCodes.notAllowed,
    };
  }
  if (code === 403) {
    return {
      text: toText(message, [
        "Ask for the ClusterRole tgp-viewer, and in the controller's namespace for the Role tgp-viewer.",
      ]),
      exitCode: exitCodes.notAllowed,
    };
  }
  return { text: toText(message), exitCode: exitCodes.failure };
}

function explainProviderError(message: string, kind: unknown): ErrorExplanation {
  return {
    text: toText(message),
    exitCode: kind === "unauthorized" ? exitCodes.notAllowed : exitCodes.failure,
  };
}

/** One line each; a message of several lines would look like several errors. */
function toText(message: string, remedy: readonly string[] = []): string {
  const first = `error: ${message.replace(/\s*\n\s*/g, "; ")}\n`;
  return first + remedy.map((line) => `       ${line}\n`).join("");
}

function readField(error: unknown, key: string): unknown {
  return typeof error === "object" && error !== null && key in error
    ? Object.entries(error).find(([name]) => name === key)?.[1]
    : undefined;
}
