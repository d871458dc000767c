/**
 * Builds the box that the demo plays in: API server, control plane, cloud, kubelets, all on loopback,
 * and the controller as a process of its own.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { createKubeClient } from "../../kube/client.ts";
import type { Kube } from "../../kube/kube.ts";
import { createHandlerTransport } from "../../kube/transport.ts";
import { type Clock, createScaledClock, systemClock, type TimeScale } from "../../runtime/clock.ts";
import { silentLog } from "../../runtime/log.ts";
import { findRegistration, parseProviderName } from "../../providers/registry.ts";
import { type Random, systemRandom } from "../../runtime/random.ts";
import { adminPeer, createApiServer } from "../api_server/api_server.ts";
import { serveApiServer } from "../api_server/serve/serve_api_server.ts";
import { createCloudMachines } from "../box/cloud_machines.ts";
import type { SimulatedCloud } from "../clouds/simulated_cloud.ts";
import { runControlPlane } from "../control_plane/control_plane.ts";
import { cut } from "../handler.ts";
import { createTlsConnect } from "../kubelet/connect_tls.ts";
import { createKubeletFleet } from "../kubelet/fleet.ts";
import { serve } from "../serve.ts";

/** What the stage is set with. */
export interface StageOptions {
  /** How many times faster than real time; 1 to 60. */
  readonly rate: number;
  readonly createClouds: (
    deps: { readonly clock: Clock; readonly random: Random },
  ) => readonly SimulatedCloud[];
}

/** A stage that plays. */
export interface Stage {
  readonly clock: Clock;
  readonly kube: Kube;
  readonly clouds: readonly SimulatedCloud[];
  /** `host:port` of the API server. */
  readonly apiServerEndpoint: string;
  readonly kubeconfigPath: string;
  readonly logPath: string;
  /** Environment variables that replace the vendors' addresses. */
  readonly urls: Readonly<Record<string, string>>;
  /** Starts the controller; resolves with its exit code. */
  startController(signal: AbortSignal): Promise<number>;
  /** Takes everything down and leaves nothing behind. */
  close(): Promise<void>;
}

/** Simulated time meets real time so much later: until then no timestamp lies in the future. */
const meetAfterMs = 2 * 60 * 60_000;

/** Sets the stage. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const scale: TimeScale = { rate: options.rate, meetMs: systemClock.now() + meetAfterMs };
  const clock = createScaledClock(scale);
  const random = systemRandom;
  const log = silentLog;
  const folder = await Deno.makeTempDir({ prefix: "tgp-demo-" });
  const apiServer = createApiServer({ clock, random });
  const served = await serveApiServer(apiServer);
  const clouds = options.createClouds({ clock, random });
  const lines = await Promise.all(clouds.map((cloud) => serve(cloud.handler)));
  const urls = Object.fromEntries(clouds.map(({ provider }, index) => [
    findRegistration(parseProviderName(provider)).urlVariable,
    lines[index]?.url ?? "",
  ]));
  const kubeconfigPath = `${folder}/kubeconfig`;
  await Deno.writeTextFile(kubeconfigPath, await served.kubeconfigFor());
  const transport = createHandlerTransport(async (request) => {
    const response = await apiServer.handler(request, { peer: adminPeer });
    if (response === cut) throw new TypeError("The connection was cut");
    return response;
  });
  const kube = createKubeClient({ transport, clock: systemClock, random });
  const { authority } = served;
  const fleet = createKubeletFleet({
    clock,
    random,
    log,
    source: createCloudMachines(clouds),
    connect: createTlsConnect({ random }),
  });
  const stop = new AbortController();
  const running = [
    runControlPlane({ server: apiServer, authority, clock, log }, {}, stop.signal),
    fleet.run(stop.signal),
    ...clouds.map((cloud) => cloud.run(stop.signal)),
  ];
  const logPath = `${folder}/controller.log`;
  return {
    clock,
    kube,
    clouds,
    apiServerEndpoint: new URL(served.url).host,
    kubeconfigPath,
    logPath,
    urls,
    startController: (signal) => runController({ kubeconfigPath, scale, urls, logPath }, signal),
    async close() {
      stop.abort(new Error("The demo is over"));
      await Promise.allSettled(running);
      kube.close();
      apiServer.close();
      await Promise.all([served, ...lines].map((line) => line.close()));
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Runs the controller until `signal` aborts, then tells it to stop. */
async function runController(
  options: {
    readonly kubeconfigPath: string;
    readonly scale: TimeScale;
    /** Environment variables that replace the vendors' addresses. */
    readonly urls: Readonly<Record<string, string>>;
    readonly logPath: string;
  },
  signal: AbortSignal,
): Promise<number> {
  const main = fileURLToPath(new URL("../../controller/main.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      main,
      `--kubeconfig=${options.kubeconfigPath}`,
      "--listen=127.0.0.1:0",
      "--log-level=debug",
      `--time-rate=${options.scale.rate}`,
      `--time-meet=${new Date(options.scale.meetMs).toISOString()}`,
    ],
    env: { ...options.urls },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const onAbort = () => child.kill("SIGTERM");
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  const log = await Deno.open(options.logPath, { create: true, append: true });
  await child.stderr.pipeTo(log.writable);
  const { code } = await child.status;
  signal.removeEventListener("abort", onAbort);
  return code;
}
