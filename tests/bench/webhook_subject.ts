/**
 * The process that the webhook's benchmark measures: its thread as the controller starts it, and a process
 * around it that does nothing, or plans for 50,000 pods without a pause.
 *
 * Args: kubeconfig, and `busy` for the latter. Prints `solved MS` after each plan.
 *
 * @module
 */

import { createWorkerStarter } from "../../controller/admission/serving/thread/start_worker.ts";
import { createWebhookThread } from "../../controller/admission/serving/thread/webhook_thread.ts";
import { systemClock } from "../../runtime/clock.ts";
import { createLog } from "../../runtime/logtape.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { systemRandom } from "../../runtime/random.ts";

const pods = 50_000;

/** Plans again and again; in between whatever else has to be done. */
async function solveForEver(): Promise<void> {
  const { buildDiverseMix } = await import("./scheduling_diverse_mix.ts");
  const { solve } = await import("../../scheduling/solver.ts");
  const input = buildDiverseMix(pods);
  while (true) {
    const startMs = performance.now();
    solve(input);
    print(`solved ${performance.now() - startMs}`);
    await systemClock.sleep(1);
  }
}

function print(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
}

if (import.meta.main) {
  const [kubeconfig = "", load] = Deno.args;
  const webhook = createWebhookThread({
    startThread: createWorkerStarter(
      new URL("../../controller/webhook_worker.ts", import.meta.url),
    ),
    clock: systemClock,
    random: systemRandom,
    log: createLog({ level: "info", write: print }),
    metrics: silentMetrics,
  }, {
    hostname: "127.0.0.1",
    port: 0,
    namespace: "tgp-system",
    credentialNamespaces: [],
    identity: "bench",
    hosts: ["127.0.0.1"],
    connection: { kubeconfig },
    logLevel: "info",
  });
  if (load === "busy") solveForEver();
  await webhook.run(new AbortController().signal);
}
