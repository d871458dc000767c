/**
 * The last step: what the controller needs until then.
 *
 * @module
 */

import { isNotFound, type Kube } from "../../kube/kube.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Io } from "../io.ts";
import { countOf } from "../output/count.ts";
import { classViews } from "../providers/class_view.ts";
import { readClasses } from "./read_cluster.ts";

/**
 * Deletes classes and waits until they are gone: their finalizer is the controller's, so that it has to let
 * go of them before it is removed. Returns early when `signal` aborts.
 *
 * @throws {KubeError}
 */
export async function deleteClasses(
  { kube, io, clock }: { readonly kube: Kube; readonly io: Io; readonly clock: Clock },
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const name of names) {
    try {
      await kube.delete(classViews, { name }, { signal });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  const wanted = new Set(names);
  let said = false;
  while (!signal.aborted) {
    const left = (await readClasses(kube)).filter(({ metadata }) => wanted.has(metadata.name));
    if (left.length === 0) return;
    if (!said) io.message(`waiting for ${countOf(left.length, "GPUNodeClass")} to go`);
    said = true;
    await clock.sleep(1_000, signal).catch(() => {});
  }
}
