/**
 * Finds startup scripts that outlived their claims.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import { ProviderError } from "../errors.ts";
import type { Belongings } from "./belongings.ts";
import type { BelongingsClient } from "./belongings_client.ts";
import type { PaperspaceClient } from "./client.ts";
import type { WireMachine, WireStartupScript } from "./wire.ts";

/**
 * How old a script must be. An order may still be under way or be looked for; an hour outlasts both, and
 * the script's token does not live longer.
 */
const leastAgeMs = 60 * 60_000;

/** What {@linkcode removeLeftovers} is built on. */
export interface LeftoversDeps {
  readonly client: PaperspaceClient;
  readonly belongingsClient: BelongingsClient;
  readonly belongings: Belongings;
  readonly clock: Clock;
  readonly log: Log;
  readonly account: string;
}

/** See `Provider.removeLeftovers`. */
export async function removeLeftovers(
  deps: LeftoversDeps,
  isKept: (claimName: string) => boolean,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { belongings, clock } = deps;
  await belongings.deleteUnused(signal);
  const removed = (await belongings.releaseOwed("list", signal)).map((ip) => `address ${ip}`);
  const scripts = await deps.belongingsClient.listScripts("list", signal);
  const orphans = scripts.filter((script) => {
    const claimName = belongings.claimOf(script);
    const age = clock.now() - (script.dtCreated ?? Infinity);
    return claimName !== undefined && !isKept(claimName) && age >= leastAgeMs;
  });
  if (orphans.length === 0) return removed;
  const machines = await deps.client.listMachines(signal);
  for (const script of orphans) {
    if (isInUse(script, machines)) continue;
    if (await tryRemove(deps, script, signal)) removed.push(`startup script ${script.name}`);
  }
  return removed;
}

/** By a machine that has it, or that bears its name: which scripts a machine has, only scripts tell. */
function isInUse(script: WireStartupScript, machines: readonly WireMachine[]): boolean {
  return machines.some(({ id, name }) =>
    script.assignedMachineIds.includes(id) || name === script.name
  );
}

/** One script that cannot be removed must not keep the others. */
async function tryRemove(
  { belongings, log, account }: LeftoversDeps,
  script: WireStartupScript,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await belongings.removeScript(script, "list", signal);
    return true;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    log.warn("Cannot remove a startup script", {
      account,
      script: script.name,
      error: error.message,
    });
    return false;
  }
}
