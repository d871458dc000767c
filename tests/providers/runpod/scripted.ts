/**
 * A RunPod account whose every request gets the answer that a test writes down.
 *
 * @module
 */

import type { LaunchOutcome, LaunchRequest } from "../../../providers/contract.ts";
import type { ProviderEntry } from "../../../schemas/node_class.ts";
import { scriptAccount, type ScriptedAccount } from "../scripted_account.ts";
import { canaryKey, containerOrder, runpodEntry } from "./runpod_world.ts";

/** See the module. */
export interface ScriptedRunpod extends ScriptedAccount {
  /** Sends the standard order, changed. */
  launch(change?: Partial<LaunchRequest>): Promise<LaunchOutcome>;
}

const never = new AbortController().signal;

/** Makes one. */
export function scriptRunpod(
  answer: (request: Request) => Response | Promise<Response>,
  entry: ProviderEntry = runpodEntry(),
): ScriptedRunpod {
  const account = scriptAccount(entry, canaryKey, answer);
  const { clock, provider, run } = account;
  return {
    ...account,
    launch: async (change) => {
      const permit = await run(provider.acquireLaunch(never));
      const order = containerOrder("tgp-abc123-train-q7x2k9", clock.now() + 60_000, change);
      return await run(provider.launch(order, permit, never));
    },
  };
}
