/**
 * The controller process: command line, environment, signals.
 *
 * @module
 */

import { connectKube } from "../kube/connect.ts";
import { probeEndpoint } from "../kube/preflight/probe_endpoint.ts";
import type { ConnectionFlags } from "../kube/resolve_connection.ts";
import { denoSystem } from "../kube/system.ts";
import { toUserAgent } from "../kube/user_agent.ts";
import { findRegistration, providerNames } from "../providers/registry.ts";
import { createScaledClock, systemClock } from "../runtime/clock.ts";
import { createLog } from "../runtime/logtape.ts";
import type { Log } from "../runtime/log.ts";
import { createPrometheusMetrics, type PrometheusMetrics } from "../runtime/prometheus.ts";
import { randomWord, systemRandom } from "../runtime/random.ts";
import { defaultPollIntervals } from "./accounts/account_poller.ts";
import { createWorkerStarter } from "./admission/serving/thread/start_worker.ts";
import { createWebhookThread } from "./admission/serving/thread/webhook_thread.ts";
import type { Webhook } from "./admission/serving/webhook.ts";
import { readCaBundle } from "./ca_bundle.ts";
import { createController } from "./controller.ts";
import { createProbeHandler } from "./http.ts";
import { metricsHelp } from "./metrics_help.ts";
import { type CommandLine, parseCommandLine, usage, UsageError } from "./options.ts";
import { defaultBatchWindow } from "./provisioner/batcher.ts";

/** Exit codes: 0 stopped as asked, 1 failed, 2 wrong usage. */
async function main(args: readonly string[]): Promise<number> {
  let line: CommandLine;
  try {
    line = parseCommandLine(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    printError(`${error.message}\nSee --help`);
    return 2;
  }
  if (line.help) {
    await Deno.stdout.write(new TextEncoder().encode(usage));
    return 0;
  }
  try {
    await run(line);
    return 0;
  } catch (error) {
    printError(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

async function run(line: CommandLine): Promise<void> {
  const log = createLog({ level: line.logLevel, write: printError });
  const metrics = createPrometheusMetrics(metricsHelp);
  const clock = line.timeScale ? createScaledClock(line.timeScale) : systemClock;
  const random = systemRandom;
  const identity = `${Deno.hostname()}-${randomWord(random, 8)}`;
  const { kube, connection, clockSkewMs } = await connectKube(
    { system: denoSystem, clock: systemClock, random, log },
    { flags: toConnectionFlags(line), userAgent: toUserAgent("tgp", "0") },
  );
  const controller = createController({
    kube,
    clock,
    wallClock: systemClock,
    monotonicMs: () => performance.now(),
    random,
    log,
    metrics,
    fetch: (request) => fetch(request),
    probeEndpoint,
    // Simulated time is nobody's.
    clockSkewMs: line.timeScale ? undefined : clockSkewMs,
    vendorUrls: Object.fromEntries(
      providerNames.map((name) => [name, Deno.env.get(findRegistration(name).urlVariable)]),
    ),
  }, {
    namespace: line.namespace,
    credentialNamespaces: line.credentialNamespaces,
    identity,
    caBundle: await readCaBundle(connection, denoSystem),
    pollIntervals: defaultPollIntervals,
    batchWindow: defaultBatchWindow,
  });

  const stop = new AbortController();
  const onSignal = () => stop.abort(new DOMException("The process was told to stop", "AbortError"));
  Deno.addSignalListener("SIGTERM", onSignal);
  Deno.addSignalListener("SIGINT", onSignal);
  const webhook = createWebhookOf(line, { identity, log, metrics });
  const whyNotReady = () => {
    if (stop.signal.aborted) return "the process is stopping";
    if (!controller.isReady()) return "the caches are not complete yet";
    return webhook?.isReady() === false ? "the admission webhook is not ready" : undefined;
  };
  const server = listen(line, createProbeHandler(metrics, whyNotReady), log.info);
  try {
    await Promise.all([controller.run(stop.signal), webhook?.run(stop.signal)]);
  } finally {
    await server.shutdown();
    kube.close();
    Deno.removeSignalListener("SIGTERM", onSignal);
    Deno.removeSignalListener("SIGINT", onSignal);
  }
}

/** The webhook serves on while it leaves, and by then the controller has long given up its lease. */
function createWebhookOf(
  line: CommandLine,
  { identity, log, metrics }: {
    readonly identity: string;
    readonly log: Log;
    readonly metrics: PrometheusMetrics;
  },
): Webhook | undefined {
  if (line.webhook === undefined) return undefined;
  const { listen, certificateFolder, hosts } = line.webhook;
  // A bundle holds both programs under their names.
  const name = import.meta.url.endsWith(".js") ? "webhook_worker.js" : "webhook_worker.ts";
  const startThread = createWorkerStarter(new URL(name, import.meta.url));
  const deps = { startThread, clock: systemClock, random: systemRandom, log, metrics };
  return createWebhookThread(deps, {
    ...listen,
    namespace: line.namespace,
    credentialNamespaces: line.credentialNamespaces,
    identity,
    hosts,
    certificateFolder,
    connection: toConnectionFlags(line),
    logLevel: line.logLevel,
  });
}

function toConnectionFlags({ kubeconfig, context }: CommandLine): ConnectionFlags {
  return {
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  };
}

function listen(
  { listen: { hostname, port } }: CommandLine,
  handler: (request: Request) => Promise<Response>,
  info: (message: string, fields: { hostname: string; port: number }) => void,
): Deno.HttpServer {
  try {
    return Deno.serve({
      hostname,
      port,
      handler,
      onListen: (address) => info("Serving probes and metrics", address),
    });
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new Error(`--listen: ${hostname}:${port} is in use; choose another port`, {
      cause: error,
    });
  }
}

/** Logs and complaints go to stderr; stdout is for what was asked for. */
function printError(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
