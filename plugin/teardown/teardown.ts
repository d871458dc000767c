/**
 * `kubectl tgp teardown`: ends every machine, with the cluster or without it.
 *
 * @module
 */

import type { CommandContext } from "../command.ts";
import type { ExitCode } from "../exit_code.ts";
import type { TeardownFlags } from "./flags.ts";
import { parseOptions, type TeardownOptions } from "./options.ts";

/** Runs the command. */
export async function run(options: TeardownOptions, context: CommandContext): Promise<ExitCode> {
  const { scope, ...rest } = options;
  if (scope.kind === "local") {
    const { tearDownLocally } = await import("./tear_down_locally.ts");
    return await tearDownLocally({ ...rest, ...scope }, context);
  }
  const { tearDownCluster } = await import("./tear_down_cluster.ts");
  return await tearDownCluster({ ...rest, ...scope }, context);
}

/** The command. */
export function teardown(
  flags: TeardownFlags,
  _operands: readonly [],
  context: CommandContext,
): Promise<ExitCode> {
  return run(parseOptions(flags, context.globals), context);
}
