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
import { withPatience } from "../patience.ts";
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
  const { io } = context;
  const client = {
    version: `v${pluginVersion}`,
    runtime: `deno ${Deno.version.deno}`,
    platform: `${Deno.build.os}/${Deno.build.arch}`,
  };
  const server = options.clientOnly ? undefined : await askServer(context);
  const kubernetes = server?.kind === "answered" ? server.gitVersion : undefined;
  if (options.format !== "text") {
    const known = kubernetes === undefined ? {} : { serverVersion: { kubernetes } };
    await printStructured(io, options.format, { clientVersion: client, ...known });
  } else {
    io.out(`Client Version: ${client.version}\n`);
    if (kubernetes !== undefined) io.out(`Server Version: ${kubernetes} (Kubernetes)\n`);
  }
  // Which plugin this is, people ask first where nothing works yet.
  if (server?.kind === "silent") io.message(`Server Version: unknown: ${server.why}`);
  return exitCodes.ok;
}

type Server =
  | { readonly kind: "answered"; readonly gitVersion: string }
  | { readonly kind: "silent"; readonly why: string };

/** How long the server may take, unless `--request-timeout` says otherwise. */
const patienceMs = 10_000;

async function askServer({ deps, globals }: CommandContext): Promise<Server> {
  const limit = { ms: patienceMs, message: `no answer within ${patienceMs / 1000}s` };
  try {
    const answer = await withKube(
      deps,
      globals,
      (kube) =>
        globals.requestTimeout === undefined
          ? withPatience(deps.clock, limit, (signal) => kube.getRaw("/version", signal))
          : kube.getRaw("/version"),
    );
    return { kind: "answered", gitVersion: new Fields(answer).requiredString("gitVersion") };
  } catch (error) {
    return { kind: "silent", why: error instanceof Error ? error.message : String(error) };
  }
}

/** The command. */
export function version(
  flags: VersionFlags,
  _operands: readonly [],
  context: CommandContext,
): Promise<ExitCode> {
  return run(parseOptions(flags), context);
}
