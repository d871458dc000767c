/**
 * Whom a change in the cluster concerns.
 *
 * @module
 */

import { isProvisionable } from "../scheduling/pod_kinds.ts";
import type { Caches } from "./caches.ts";
import type { Leadership } from "./leadership.ts";
import { poolName } from "./node_claim/claim_state.ts";

/** Feeds queues and batcher from the caches until the returned function is called. */
export function routeChanges(
  caches: Caches,
  { queues, batcher, podsByNode }: Pick<Leadership, "queues" | "batcher" | "podsByNode">,
): () => void {
  const endings = [
    caches.classes.onChange(({ key }) => {
      queues.classes.add(key);
      for (const pool of caches.pools.list()) {
        if (pool.spec.nodeClassRef.name === key) queues.pools.add(pool.metadata.name);
      }
    }),
    caches.pools.onChange(({ key }) => queues.pools.add(key)),
    caches.claims.onChange(({ key, object, old }) => {
      queues.claims.add(key);
      queues.emptiness.add(key);
      const changed = object ?? old;
      const pool = changed && poolName(changed);
      if (pool !== undefined) queues.pools.add(pool);
      // A class that is being deleted waits for its last claim; one that was taken away by force leaves
      // claims behind, whose machines are ended all the same.
      const className = changed?.spec.nodeClassRef.name;
      if (className !== undefined && (!object || !caches.classes.get(className))) {
        queues.classes.add(className);
      }
    }),
    // Node and claim share their name.
    caches.nodes.onChange(({ key }) => {
      queues.claims.add(key);
      queues.emptiness.add(key);
    }),
    caches.pods.onChange((change) => {
      for (const node of podsByNode.apply(change)) queues.emptiness.add(node);
      const { object } = change;
      if (object && isProvisionable(object)) batcher.trigger(object.metadata.uid ?? "");
    }),
    caches.requests.onChange(({ key }) => queues.requests.add(key)),
  ];
  return () => endings.forEach((end) => end());
}
