/**
 * The controller: caches always, everything else only as the leader.
 *
 * @module
 */

import { createLeaderElector } from "../kube/leader_election.ts";
import { leaderLeaseName } from "../kube/preflight/judge_leader.ts";
import {
  type Caches,
  createCaches,
  haveCachesSynced,
  runCaches,
  whenCachesSynced,
} from "./caches.ts";
import type { ControllerDeps, ControllerOptions } from "./deps.ts";
import { lead } from "./lead.ts";

/** A controller process. */
export interface Controller {
  /** Runs until `signal` aborts, then finishes what must be finished. */
  run(signal: AbortSignal): Promise<void>;
  /** Whether the caches are complete: a follower that is ready can take over at once. */
  isReady(): boolean;
  isLeader(): boolean;
}

/** The lease's name in the controller's namespace. */
export const leaseName = leaderLeaseName;

/** Creates a controller; it does nothing until it runs. */
export function createController(deps: ControllerDeps, options: ControllerOptions): Controller {
  const caches: Caches = createCaches(deps);
  const elector = createLeaderElector({ ...deps, clock: deps.wallClock }, {
    namespace: options.namespace,
    name: leaseName,
    identity: options.identity,
  });
  return {
    async run(signal) {
      const syncing = runCaches(caches, signal);
      await whenCachesSynced(caches, signal).catch(() => {});
      if (!signal.aborted) {
        deps.log.info("Caches are complete; standing for election", { identity: options.identity });
        await elector.run({
          lead: (leading) => lead(deps, options, caches, () => elector.holdsLease(), leading),
        }, signal);
      }
      await syncing;
    },
    isReady: () => haveCachesSynced(caches),
    isLeader: () => elector.holdsLease(),
  };
}
