/**
 * Looks one machine up, and believes that it is gone only when the vendor surely says so.
 *
 * @module
 */

import type { CallPriority } from "../call_plan.ts";
import { ProviderError } from "../errors.ts";
import type { PaperspaceClient } from "./client.ts";
import { isNoSuchThing } from "./errors.ts";
import type { WireMachine } from "./wire.ts";

/**
 * One machine; `null` when there is none.
 *
 * An API that is no longer there says 404, too, in the same words. So the list of machines is asked whether
 * it still answers before a machine counts as gone.
 *
 * @throws {ProviderError} Whatever went wrong, with the second question, too.
 */
export async function findMachine(
  client: PaperspaceClient,
  { id, priority }: { readonly id: string; readonly priority: CallPriority },
  signal: AbortSignal,
): Promise<WireMachine | null> {
  try {
    return await client.getMachine(id, priority, signal);
  } catch (error) {
    if (!(error instanceof ProviderError) || !isNoSuchThing(error)) throw error;
    await client.probeMachines(priority, signal);
    return null;
  }
}

/**
 * Whether a machine is on its way out: gone, marked as deleted, or with a deletion under way. Its state
 * does not tell; it may stay what it was.
 */
export async function isMachineEnding(
  client: PaperspaceClient,
  id: string,
  signal: AbortSignal,
): Promise<boolean> {
  const machine = await findMachine(client, { id, priority: "terminate" }, signal);
  if (machine === null || machine.dtDeleted !== undefined) return true;
  const events = await client.listEvents(id, "terminate", signal);
  const [last] = events.filter(({ name }) => name === "deactivate")
    .sort((left, right) => (right.dtCreated ?? 0) - (left.dtCreated ?? 0));
  return last !== undefined && last.state !== "error" && last.state !== "cancelled";
}
