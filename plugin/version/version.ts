/**
 * `kubectl tgp version`: prints versions.
 *
 * @module
 */

import { Fields } from "../../kube/fields.ts";
import type { CommandContext } from "../command.ts";
import { withKube } from "../deps.ts";
import { type ExitCode, exitCodes } from "../exit_code.ts";
import { parseFormat, printStructured } from "../output/format.ts";
import { pluginVersion } from "../version_number.ts";
import type { VersionFlags } from "./flags.ts";

/** What to print. */
export interface VersionOptions {
  readonly format: "text" | "json" | "yaml";
  readonly clientOnly: boolean;
}

/** Reads flags. @throws {UsageError} */
export function parseOptions(flags: VersionFlags): VersionOptions {
  return {
    format: parseFormat(flags.output, ["text", "json", "yaml"] as const, "text"),
    clientOnly: flags.client ?? false,
  };
}

/** Runs the command. */
export async function run(options: VersionOptions, context: CommandContext): Promise<ExitCode> {
  const { io, deps, globals } = context;
  const client = {
    version: `v${pluginVersion}`,
    runtime: `deno ${Deno.version.deno}`,
    platform: `${Deno.build.os}/${Deno.build.arch}`,
  };
  const server = options.clientOnly
    ? undefined
    : new Fields(await withKube(deps, globals, (kube) => kube.getRaw("/version")));
  const versions = {
    clientVersion: client,
    ...(server && { serverVersion: { kubernetes: server.requiredString("gitVersion") } }),
  };
  if (options.format !== "text") {
    await printStructured(io, options.format, versions);
    return exitCodes.ok;
  }
  io.out(`Client Version: ${client.version}\n`);
  if (server) io.out(`Server Version: ${server.requiredString("gitVersion")} (Kubernetes)\n`);
  return exitCodes.ok;
}

/** The command. */
export function version(
  flags: VersionFlags,
  _operands: readonly [],
  context: CommandContext,
): Promise<ExitCode> {
  return run(parseOptions(flags), context);
}
