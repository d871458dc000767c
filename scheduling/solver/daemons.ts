/**
 * What DaemonSets take from a machine before any other pod.
 *
 * @module
 */

import type { Pod, Taint } from "../../schemas/kubernetes.ts";
import { addResources, type Resources } from "../../schemas/quantity.ts";
import { nodeAlternatives } from "../node_constraints.ts";
import { podRequests } from "../pod_requests.ts";
import type { Requirements } from "../requirements.ts";
import { findUntolerated } from "../taints.ts";

/** A DaemonSet's pod, made ready. */
export interface Daemon {
  readonly pod: Pod;
  readonly requests: Resources;
  readonly alternatives: readonly Requirements[];
}

/** Makes model pods ready; those that cannot be read are left out, since no machine depends on them. */
export function readDaemons(pods: readonly Pod[]): readonly Daemon[] {
  return pods.flatMap((pod) => {
    try {
      return [{ pod, requests: podRequests(pod), alternatives: nodeAlternatives(pod) }];
    } catch (error) {
      if (error instanceof RangeError) return [];
      throw error;
    }
  });
}

/** The daemons that tolerate a machine's taints. */
export function tolerantDaemons(
  daemons: readonly Daemon[],
  taints: readonly Taint[],
): readonly Daemon[] {
  return daemons.filter(({ pod }) => !findUntolerated(taints, pod.spec.tolerations));
}

/** The sum of what those daemons take whose node affinity a machine meets. */
export function sumOverhead(
  daemons: readonly Daemon[],
  meets: (requirements: Requirements) => boolean,
): Resources {
  return daemons.filter(({ alternatives }) => alternatives.some(meets))
    .map(({ requests }) => requests).reduce(addResources, {});
}
