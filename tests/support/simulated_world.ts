/**
 * The whole world in one process and in virtual time: API server, control plane, cloud, kubelets, and
 * controllers that can be killed.
 *
 * @module
 */

import { createController } from "../../controller/controller.ts";
import { createKubeClient } from "../../kube/client.ts";
import type { Kube } from "../../kube/kube.ts";
import { createHandlerTransport } from "../../kube/transport.ts";
import { defaultPollIntervals } from "../../controller/accounts/account_poller.ts";
import { defaultBatchWindow } from "../../controller/provisioner/batcher.ts";
import type { Clock } from "../../runtime/clock.ts";
import { createSeededRandom, type Random } from "../../runtime/random.ts";
import { type Log, silentLog } from "../../runtime/log.ts";
import { type ForgettingMetrics, silentMetrics } from "../../runtime/metrics.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { adminPeer, type ApiServer, createApiServer } from "../../sim/api_server/api_server.ts";
import {
  type CertificateAuthority,
  createCertificateAuthority,
} from "../../sim/api_server/certificates/certificate_authority.ts";
import { createCloudMachines } from "../../sim/box/cloud_machines.ts";
import type { LambdaCloud } from "../../sim/clouds/lambda/lambda_cloud.ts";
import { createLambdaCloud, type LambdaCloudOptions } from "../../sim/clouds/lambda/mod.ts";
import type { SimulatedCloud } from "../../sim/clouds/simulated_cloud.ts";
import { runControlPlane } from "../../sim/control_plane/control_plane.ts";
import { applyObjects, readKustomization } from "../../sim/demo/apply_manifests.ts";
import { cut, type Handler } from "../../sim/handler.ts";
import { createInProcessFetch } from "../../sim/in_process_fetch.ts";
import { createInProcessConnect } from "../../sim/kubelet/connect_in_process.ts";
import { createKubeletFleet } from "../../sim/kubelet/fleet.ts";
import { FakeClock } from "./fake_clock.ts";
import { Lifeline } from "./lifeline.ts";

/** Address that machines are told to join. */
export const apiHost = "203.0.113.250:6443";

/** How a world starts. */
export interface WorldOptions {
  readonly seed: number;
  /** What controllers say. @default {nothing} */
  readonly log?: Log | undefined;
  /** What controllers measure. @default {nothing} */
  readonly metrics?: ForgettingMetrics | undefined;
  readonly cloud?: Partial<Omit<LambdaCloudOptions, "clock" | "random">> | undefined;
  /**
   * Time of the leader's lease. One that stands still makes hours pass in half the time, in a story that
   * is not about leaders. @default {the world's}
   */
  readonly leaseClock?: Clock | undefined;
  /** Further clouds, by canonical name; made with the world's clock. */
  readonly moreClouds?:
    | ((deps: { readonly clock: FakeClock; readonly random: Random }) => readonly SimulatedCloud[])
    | undefined;
}

/** See the module. */
export class SimulatedWorld {
  readonly clock = new FakeClock();
  readonly random: Random;
  readonly api: ApiServer;
  /** Lambda's. */
  readonly cloud: LambdaCloud;
  /** All, Lambda's among them. */
  readonly clouds: readonly SimulatedCloud[];
  readonly kube: Kube;
  /** Sees every request to a cloud, and may hold it or answer in its place. */
  onCloudRequest: ((request: Request, serve: Handler) => ReturnType<Handler>) | undefined;
  /** Pods that have succeeded; they themselves go with their nodes. */
  readonly succeeded = new Set<string>();
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>[] = [];
  #process: Lifeline | undefined;
  readonly #started: Lifeline[] = [];
  #processes = 0;

  static async create(options: WorldOptions): Promise<SimulatedWorld> {
    const world = new SimulatedWorld(options, await createCertificateAuthority());
    const manifests = new URL("../../manifests/overlays/controller-outside/", import.meta.url);
    const setUp = readKustomization(manifests).then((objects) => applyObjects(world.kube, objects));
    await setUp;
    return world;
  }

  private constructor(options: WorldOptions, authority: CertificateAuthority) {
    const { clock } = this;
    this.#log = options.log ?? silentLog;
    this.#metrics = options.metrics ?? silentMetrics;
    this.#leaseClock = options.leaseClock ?? clock;
    this.random = createSeededRandom(options.seed);
    const random = this.random;
    this.api = createApiServer({ clock, random });
    this.api.addHook({
      after: ({ url, body }, { ok }) => {
        const name = /\/pods\/([^/]+)\/status$/.exec(url.pathname)?.[1];
        if (name && ok && body.includes('"phase":"Succeeded"')) this.succeeded.add(name);
      },
    });
    this.cloud = createLambdaCloud({ clock, random, ...options.cloud });
    this.clouds = [this.cloud, ...options.moreClouds?.({ clock, random }) ?? []];
    this.kube = this.#connect((request) => this.api.handler(request, { peer: adminPeer }));
    const log = silentLog;
    const fleet = createKubeletFleet({
      clock,
      random,
      log,
      source: createCloudMachines(this.clouds),
      connect: createInProcessConnect({
        handler: this.api.handler,
        host: apiHost,
        caPem: authority.certificatePem,
        clock,
        random,
      }),
    });
    const { signal } = this.#stop;
    this.#running.push(
      runControlPlane({ server: this.api, authority, clock, log }, {}, signal),
      fleet.run(signal),
      ...this.clouds.map((cloud) => cloud.run(signal)),
    );
    this.caBundle = btoa(authority.certificatePem);
  }

  readonly #log: Log;
  readonly #metrics: ForgettingMetrics;
  readonly #leaseClock: Clock;
  /** What machines are told to trust. */
  readonly caBundle: string;

  /** How many controller processes there have been. */
  get processes(): number {
    return this.#processes;
  }

  /** Starts a controller process. @returns What kills it; the newest one dies by `killController()`, too. */
  startController(): Lifeline {
    const process = new Lifeline();
    this.#process = process;
    const { clock, random } = this;
    const cloudFetch = createInProcessFetch((request, context) => {
      const { handler } = this.#cloudAt(request.url);
      return this.onCloudRequest?.(request, handler) ?? handler(request, context);
    });
    const controller = createController({
      kube: this.#connect(
        process.guard((request) => this.api.handler(request, { peer: adminPeer })),
      ),
      clock,
      wallClock: this.#leaseClock,
      monotonicMs: () => this.#leaseClock.now(),
      random,
      log: this.#log,
      metrics: this.#metrics,
      fetch: process.guard(cloudFetch),
      vendorUrls: Object.fromEntries(
        this.clouds.map(({ provider }) => [provider, `http://${provider}.test`]),
      ),
    }, {
      namespace: "tgp-system",
      credentialNamespaces: [],
      identity: `controller-${this.#processes++}`,
      caBundle: this.caBundle,
      pollIntervals: defaultPollIntervals,
      batchWindow: defaultBatchWindow,
    });
    const { signal } = process;
    this.#running.push(controller.run(AbortSignal.any([signal, this.#stop.signal])));
    this.#started.push(process);
    return process;
  }

  /** Kills the controller process, as by SIGKILL. */
  killController(): void {
    this.#process?.kill();
  }

  /** Applies an object as a user would. */
  async apply(...objects: readonly KubernetesObject[]): Promise<void> {
    await applyObjects(this.kube, objects);
  }

  /** Lets time pass, second by second, until something holds. @throws {Error} If it does not in time. */
  async until(
    what: string,
    holds: () => boolean | Promise<boolean>,
    limitMs: number,
  ): Promise<void> {
    const deadline = this.clock.now() + limitMs;
    while (!await holds()) {
      if (this.clock.now() >= deadline) {
        throw new Error(`In ${limitMs / 1000} s it did not happen: ${what}`);
      }
      await this.clock.advance(1_000);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of this.#started) process.kill();
    this.#stop.abort(new Error("the world ends"));
    this.api.close();
    let ended = false;
    const ending = Promise.allSettled(this.#running).then(() => ended = true);
    await this.until("everything ends", () => ended, 10 * 60_000);
    await ending;
  }

  #cloudAt(url: string): SimulatedCloud {
    const { hostname } = new URL(url);
    const cloud = this.clouds.find(({ provider }) => hostname === `${provider}.test`);
    if (!cloud) throw new TypeError(`no simulated cloud is at ${hostname}`);
    return cloud;
  }

  #connect(call: (request: Request) => ReturnType<Handler>): Kube {
    const { clock, random } = this;
    const transport = createHandlerTransport(async (request) => {
      const response = await call(request);
      if (response === cut) throw new TypeError("the connection was cut");
      return response;
    });
    return createKubeClient({ transport, clock, random });
  }
}
