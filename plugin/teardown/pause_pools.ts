/**
 * Stops buying, and can start it again.
 *
 * @module
 */

import { isNotFound, type Kube } from "../../kube/kube.ts";
import { poolViews } from "../pools/pool_view.ts";

/** How to pause. */
export interface PauseOptions {
  readonly signal: AbortSignal;
  /** Let the server check it, and change nothing. */
  readonly dryRun: boolean;
  /** Told of each pool that is paused now. */
  readonly onPaused: (name: string) => void;
}

/**
 * Pauses pools, one after the other.
 *
 * @throws {KubeError} If the server refuses one; those that `onPaused` was told of are paused.
 */
export async function pausePools(
  kube: Kube,
  names: readonly string[],
  { signal, dryRun, onPaused }: PauseOptions,
): Promise<void> {
  for (const name of names) {
    signal.throwIfAborted();
    // Heeds no signal once it is sent: it is known then whether the pool is paused.
    if (await setPaused(kube, name, true, dryRun)) onPaused(name);
  }
}

/** Lets pools buy again. @returns The names of those that could not be changed. */
export async function resumePools(
  kube: Kube,
  names: readonly string[],
): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const name of names) {
    await setPaused(kube, name, false, false).catch(() => failed.push(name));
  }
  return failed;
}

/** What the user types to let pools buy again, one line each. */
export function toResumeCommands(names: readonly string[]): readonly string[] {
  return names.map((name) =>
    `kubectl patch gpunodepool ${name} --type=merge -p '{"spec":{"paused":false}}'`
  );
}

/** @returns Whether the pool exists. */
async function setPaused(
  kube: Kube,
  name: string,
  paused: boolean,
  dryRun: boolean,
): Promise<boolean> {
  try {
    await kube.patch(poolViews, { name }, { spec: { paused } }, { dryRun });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
