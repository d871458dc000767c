/**
 * When the rules of `manifests/removal/` are in force.
 *
 * @module
 */

import type { ControlPlane } from "./control_plane/control_plane.ts";
import { waitFor } from "./control_plane/wait.ts";

/**
 * Waits until the rules refuse, which needs a claim or a class. API servers look for kinds that policies refer to every
 * thirty seconds; until they have found a new one, nothing is refused.
 */
export async function awaitRemovalRules(plane: ControlPlane): Promise<void> {
  await waitFor("the removal rules to be in force", async () => {
    const { stderr } = await plane.kubectl("delete", "ns", "tgp-system", "--dry-run=server");
    return /still exists, and its machines? may cost money/.test(stderr) || undefined;
  }, 60_000);
}
