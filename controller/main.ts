/**
 * The controller process: command line, environment, signals.
 *
 * @module
 */

import { connectKube } from "../kube/connect.ts";
import { denoSystem } from "../kube/system.ts";
import { toUserAgent } from "../kube/user_agent.ts";
import { findRegistration, providerNames } from "../providers/registry.ts";
import { createScaledClock, systemClock } from "../runtime/clock.ts";
import { createLog } from "../runtime/logtape.ts";
import { createPrometheusMetrics } from "../runtime/prometheus.ts";
import { randomWord, systemRandom } from "../runtime/random.ts";
import { defaultPollIntervals } from "./accounts/account_poller.ts";
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
  const { kube, connection } = await connectKube(
    { system: denoSystem, clock: systemClock, random, log },
    {
      flags: {
        ...(line.kubeconfig === undefined ? {} : { kubeconfig: line.kubeconfig }),
        ...(line.context === undefined ? {} : { context: line.context }),
      },
      userAgent: toUserAgent("tgp", "0"),
    },
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
    vendorUrls: Object.fromEntries(
      providerNames.map((name) => [name, Deno.env.get(findRegistration(name).urlVariable)]),
    ),
  }, {
    namespace: line.namespace,
    credentialNamespaces: line.credentialNamespaces,
    identity: `${Deno.hostname()}-${randomWord(random, 8)}`,
    caBundle: await readCaBundle(connection, denoSystem),
    pollIntervals: defaultPollIntervals,
    batchWindow: defaultBatchWindow,
  });

  const stop = new AbortController();
  const onSignal = () => stop.abort(new DOMException("The process was told to stop", "AbortError"));
  Deno.addSignalListener("SIGTERM", onSignal);
  Deno.addSignalListener("SIGINT", onSignal);
  const server = listen(line, createProbeHandler(metrics, controller), log.info);
  try {
    await controller.run(stop.signal);
  } finally {
    await server.shutdown();
    kube.close();
    Deno.removeSignalListener("SIGTERM", onSignal);
    Deno.removeSignalListener("SIGINT", onSignal);
  }
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
