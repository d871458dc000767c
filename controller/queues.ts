/**
 * One work queue per reconciler.
 *
 * @module
 */

import { createWorkQueue, type WorkQueue, type WorkQueueDeps } from "../kube/work_queue.ts";

/** See the module. Keys are object names. */
export interface Queues {
  readonly classes: WorkQueue;
  readonly pools: WorkQueue;
  readonly claims: WorkQueue;
  readonly emptiness: WorkQueue;
  readonly requests: WorkQueue;
}

/** Creates empty queues. */
export function createQueues(deps: WorkQueueDeps): Queues {
  const create = (name: string) => createWorkQueue(deps, { name });
  return {
    classes: create("node-class"),
    pools: create("node-pool"),
    claims: create("node-claim"),
    emptiness: create("emptiness"),
    requests: create("approver"),
  };
}
