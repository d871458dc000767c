/**
 * Keeps a node's GPUs in the plan while its device plugin restarts.
 *
 * An initialized node whose plugin restarts reports zero GPUs for a while; believing it would buy a
 * second machine for pods that are about to fit.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import { minutes } from "../../schemas/duration.ts";
import type { Resources } from "../../schemas/quantity.ts";

/** A plugin is back within a minute or two; after ten the GPUs are gone. */
const toleranceMs = minutes(10);

/** See the module. */
export interface DeviceTolerance {
  /** What a node can be planned with: what it reports, and devices it lost a moment ago. */
  allocatable(nodeName: string, reported: Resources, expected: Resources): Resources;
}

/** Creates the memory; a restart begins the tolerance anew. */
export function createDeviceTolerance(clock: Clock): DeviceTolerance {
  const missingSince = new Map<string, number>();
  return {
    allocatable(nodeName, reported, expected) {
      const lost = Object.entries(expected).filter(([name, amount]) =>
        name.includes("/") && amount > 0 && !reported[name]
      );
      if (lost.length === 0) {
        missingSince.delete(nodeName);
        return reported;
      }
      const now = clock.now();
      const since = missingSince.get(nodeName) ?? now;
      missingSince.set(nodeName, since);
      return now - since > toleranceMs ? reported : { ...reported, ...Object.fromEntries(lost) };
    },
  };
}
