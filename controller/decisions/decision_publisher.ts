/**
 * Publishes what the provisioner decides, for people who ask why.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { PoolDecisions } from "../../schemas/pool_decisions.ts";
import { createRecordPublisher } from "../record_publisher.ts";
import { isSame } from "../same.ts";
import type { DecisionStore } from "./decision_store.ts";
import { mergeDecisions, toNews } from "./merge_decisions.ts";
import { type Pass, summarizePass } from "./summarize_pass.ts";

/** Collaborators. */
export interface DecisionPublisherDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: DecisionStore;
}

/** See the module. */
export interface DecisionPublisher {
  /** A pass is over. */
  note(pass: Pass): void;
  /** There is no such pool any more. */
  withdraw(pool: string): void;
  /** Writes until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** Creates the publisher. */
export function createDecisionPublisher(deps: DecisionPublisherDeps): DecisionPublisher {
  const { store } = deps;
  /** Of each pool, the orders of earlier processes included once `stored` knows them. */
  const latest = new Map<string, PoolDecisions>();
  const stored = new Map<string, PoolDecisions | undefined>();

  const records = createRecordPublisher<PoolDecisions>(deps, {
    what: "decisions",
    fingerprint: (decisions) => JSON.stringify(toNews(decisions)),
    async save(decisions, signal) {
      const { pool } = decisions;
      if (!stored.has(pool)) stored.set(pool, await store.load(pool, signal));
      const before = stored.get(pool);
      const merged = mergeDecisions(before, decisions);
      latest.set(pool, mergeDecisions(before, latest.get(pool) ?? decisions));
      // A new leader comes to what the old one came to.
      if (before && isSame(toNews(before), toNews(merged))) return;
      await store.save(merged, signal);
      stored.set(pool, merged);
    },
    async remove(pool, signal) {
      await store.remove(pool, signal);
      stored.delete(pool);
      latest.delete(pool);
    },
  });

  return {
    note(pass) {
      for (const decisions of summarizePass(pass)) {
        const merged = mergeDecisions(latest.get(decisions.pool), decisions);
        latest.set(decisions.pool, merged);
        records.publish(decisions.pool, merged);
      }
    },
    withdraw: (pool) => records.withdraw(pool),
    run: (signal) => records.run(signal),
  };
}
