/**
 * Threads with a heap of their own.
 *
 * @module
 */

import { Worker } from "node:worker_threads";
import type { Report } from "./messages.ts";
import type { StartThread } from "./webhook_thread.ts";

/**
 * What the webhook may use. Node's workers rather than the web's, because only they have limits.
 *
 * Reviews leave nothing behind, so a small nursery is enough; a large one would be filled before it is
 * cleaned, and costs 50 MB under load. The rest holds the local copies: 20 MB, and 10 KB per claim.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 };

/** @param module Whose code the thread runs. */
export function createWorkerStarter(module: URL): StartThread {
  return ({ onFailure, onReport }) => {
    const worker = new Worker(module, { resourceLimits, name: "webhook" });
    worker.on("message", (report: Report) => onReport(report));
    worker.on("error", (error: unknown) => onFailure(String(error)));
    worker.on("exit", (code) => onFailure(`it ended with ${code}`));
    return {
      post: (order) => worker.postMessage(order),
      terminate: () => void worker.terminate(),
    };
  };
}
