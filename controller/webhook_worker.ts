/**
 * The webhook's thread: the adapters that a process's main builds, for the one part that runs beside it.
 *
 * @module
 */

import { parentPort } from "node:worker_threads";
import { connectKube } from "../kube/connect.ts";
import { denoSystem } from "../kube/system.ts";
import { toUserAgent } from "../kube/user_agent.ts";
import { assertNever } from "../providers/errors.ts";
import { systemClock } from "../runtime/clock.ts";
import { createLog } from "../runtime/logtape.ts";
import { systemRandom } from "../runtime/random.ts";
import { createCertificateMaker } from "./admission/serving/certificates/certificate_maker.ts";
import { listenByDeno } from "./admission/serving/server/listen.ts";
import { MeasurementBuffer } from "./admission/serving/thread/measurements.ts";
import type { Order, Report, WebhookConfig } from "./admission/serving/thread/messages.ts";
import { runInThread } from "./admission/serving/thread/run_in_thread.ts";
import { createWebhook } from "./admission/serving/webhook.ts";

const stop = new AbortController();

parentPort?.on("message", async (order: Order) => {
  switch (order.kind) {
    case "start":
      return await start(order.config);
    case "stop":
      return stop.abort(new DOMException("The process was told to stop", "AbortError"));
    default:
      return assertNever(order);
  }
});

function post(report: Report): void {
  parentPort?.postMessage(report);
}

async function start(config: WebhookConfig): Promise<void> {
  const log = createLog({ level: config.logLevel, write: printError });
  // API servers and clients look at the wall, also where controllers live in simulated time.
  const clock = systemClock;
  const random = systemRandom;
  const measurements = new MeasurementBuffer();
  const { kube } = await connectKube(
    { system: denoSystem, clock, random, log },
    { flags: config.connection, userAgent: toUserAgent("tgp-webhook", "0") },
  );
  const webhook = createWebhook({
    kube,
    clock,
    monotonicMs: () => performance.now(),
    random,
    log,
    metrics: measurements,
    maker: createCertificateMaker(),
    listen: listenByDeno,
    readTextFile: (path) => Deno.readTextFile(path),
  }, config);
  try {
    await runInThread({ webhook, measurements, clock, post }, stop.signal);
  } finally {
    kube.close();
  }
}

function printError(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}
