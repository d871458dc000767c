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
 * Reviews leave nothing behind, so that a small nursery is enough; V8's own choice would grow by 50 MB
 * under load. The rest holds code and local copies, 20 MB and 3 KB per claim, several times over.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 128 };

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
