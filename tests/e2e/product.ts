/**
 * The whole product on a real control plane: the manifests an operator applies, simulated clouds with
 * kubelets for their machines, and the controller as a process with its own service account.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createInformer } from "../../kube/informer.ts";
import { pods } from "../../kube/resource.ts";
import { findRegistration, parseProviderName } from "../../providers/registry.ts";
import { systemClock } from "../../runtime/clock.ts";
import { silentLog } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { systemRandom } from "../../runtime/random.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { createCloudMachines } from "../../sim/box/cloud_machines.ts";
import { createLambdaCloud, type LambdaCloudOptions } from "../../sim/clouds/lambda/mod.ts";
import type { SimulatedCloud } from "../../sim/clouds/simulated_cloud.ts";
import type { LambdaCloud } from "../../sim/clouds/lambda/lambda_cloud.ts";
import { lambdaScene, readScene, type SceneOptions } from "../../sim/demo/scene.ts";
import type { Handler } from "../../sim/handler.ts";
import { createTlsConnect } from "../../sim/kubelet/connect_tls.ts";
import { createKubeletFleet } from "../../sim/kubelet/fleet.ts";
import { serve, type Served } from "../../sim/serve.ts";
import { connectAsAdmin } from "./kubelet_fixture.ts";
import type { ControlPlane } from "./control_plane/control_plane.ts";
import { pickFreePorts } from "./control_plane/ports.ts";
import { waitFor } from "./control_plane/wait.ts";
import { writeInstallation } from "./write_installation.ts";

const manifests = new URL("../../manifests/", import.meta.url);

/** Everything quick: seconds where the real world takes minutes. */
const quickTimings = {
  bootMs: 500,
  certificatePollMs: 200,
  joinRetryMs: 1_000,
  networkMs: 200,
  devicePluginMs: 1_000,
  podStartMs: 200,
};

/** How the product is installed and run. */
export interface ProductOptions {
  /** The controller's program with its flags; its own arguments follow. @default {from the checkout} */
  readonly command?: readonly string[];
  /** Whether the controller serves the admission webhook, on a loopback address. @default {false} */
  readonly webhook?: boolean;
  /** Clouds beside Lambda. */
  readonly moreClouds?: readonly SimulatedCloud[];
  /** Where and what is bought. @default {from one Lambda account} */
  readonly scene?: SceneOptions;
}

/** See the module. */
export class Product {
  readonly plane: ControlPlane;
  /** Lambda's. */
  readonly cloud: LambdaCloud;
  /** All, Lambda's among them. */
  readonly clouds: readonly SimulatedCloud[];
  /** What was applied; `kubectl delete -k` takes it, too. */
  readonly installation: string;
  /** Where the controller serves `/metrics` and `/readyz`. */
  readonly probesUrl: string;
  readonly #command: readonly string[];
  readonly #webhookPort: number | undefined;
  /** Sees every request to the cloud, and may hold it or answer in its place. */
  onCloudRequest: ((request: Request, serve: Handler) => ReturnType<Handler>) | undefined;
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>[] = [];
  readonly #scene: SceneOptions;
  /** Environment variables that replace the vendors' addresses. */
  readonly #urls: Record<string, string> = {};
  readonly #served: Served[] = [];
  #controller: Deno.ChildProcess | undefined;
  /** Nodes of the pods that have succeeded, by pod; the pods themselves go with their nodes. */
  readonly succeeded = new Map<string, string>();
  /** What all controller processes have said. */
  readonly log: string[] = [];

  constructor(
    plane: ControlPlane,
    options: Omit<LambdaCloudOptions, "clock" | "random">,
    {
      command = fromCheckout,
      webhook = false,
      moreClouds = [],
      scene = lambdaScene,
    }: ProductOptions = {},
  ) {
    const [probesPort = 0, webhookPort] = pickFreePorts(2);
    this.plane = plane;
    this.cloud = createLambdaCloud({ clock: systemClock, random: systemRandom, ...options });
    this.clouds = [this.cloud, ...moreClouds];
    this.#scene = scene;
    this.installation = `${plane.dir}/installation`;
    this.probesUrl = `http://127.0.0.1:${probesPort}`;
    this.#command = command;
    this.#webhookPort = webhook ? webhookPort : undefined;
  }

  /** Applies what an operator applies, and starts what stands for the world. */
  async install(): Promise<void> {
    const port = this.#webhookPort;
    const webhookUrl = port === undefined ? undefined : `https://127.0.0.1:${port}/validate`;
    await writeInstallation(this.installation, webhookUrl);
    await this.kubectl("apply", "-k", this.installation);
    await this.#startWorld();
    // Nobody could judge them yet.
    if (this.#webhookPort === undefined) await this.declare();
  }

  /** Applies the keys of the clouds. */
  async applyKeys(): Promise<void> {
    await this.apply(...(await this.#readScene()).filter(({ kind }) => kind === "Secret"));
  }

  #readScene() {
    return readScene(manifests, new URL(this.plane.serverUrl).host, this.#scene);
  }

  /** Applies keys, class and pool. */
  async declare(): Promise<void> {
    const scene = await this.#readScene();
    await this.apply(...scene);
    await this.apply(...scene.filter(({ kind }) => kind === "GPUNodePool").map(toShortIdle));
  }

  async #startWorld(): Promise<void> {
    for (const plural of ["gpunodeclasses", "gpunodepools", "gpunodeclaims"]) {
      await this.kubectl("wait", "--for=condition=Established", `crd/${plural}.tgp.io`);
    }
    for (const { provider, handler } of this.clouds) {
      const served = await serve((request, context) =>
        this.onCloudRequest?.(request, handler) ?? handler(request, context)
      );
      this.#served.push(served);
      this.#urls[findRegistration(parseProviderName(provider)).urlVariable] = served.url;
    }
    const fleet = createKubeletFleet({
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      source: createCloudMachines(this.clouds),
      timings: quickTimings,
      connect: createTlsConnect({ random: systemRandom }),
    });
    const { signal } = this.#stop;
    this.#running.push(
      fleet.run(signal),
      ...this.clouds.map((cloud) => cloud.run(signal)),
      this.#notePods(signal),
    );
  }

  /** `kubectl`, which must succeed. @returns What it printed. */
  async kubectl(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.plane.kubectl(...args);
    assert.equal(code, 0, `kubectl ${args.join(" ")}: ${stderr}`);
    return stdout;
  }

  /** `kubectl apply` of objects. */
  async apply(...objects: readonly unknown[]): Promise<void> {
    const stdin = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
    const { code, stderr } = await this.plane.runKubectl(
      ["apply", "--server-side", "--force-conflicts", "-f", "-"],
      { stdin },
    );
    assert.equal(code, 0, stderr);
  }

  /** `kubectl get`, as objects. */
  async list<T = { metadata: { name: string } }>(
    resource: string,
    ...args: string[]
  ): Promise<T[]> {
    return JSON.parse(await this.kubectl("get", resource, "-o", "json", ...args)).items;
  }

  /** Starts the controller with its own service account. */
  async startController(): Promise<void> {
    const { plane } = this;
    const token = (await this.kubectl("create", "token", "tgp-controller", "-n", "tgp-system"))
      .trim();
    const kubeconfig = `${plane.dir}/controller.kubeconfig`;
    await Deno.writeTextFile(
      kubeconfig,
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{
          name: "c",
          cluster: { server: plane.serverUrl, "certificate-authority": plane.caCertPath },
        }],
        users: [{ name: "u", user: { token } }],
        contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
        "current-context": "x",
      }),
    );
    const [program = "", ...args] = this.#command;
    const child = new Deno.Command(program, {
      args: [
        ...args,
        `--kubeconfig=${kubeconfig}`,
        `--listen=${new URL(this.probesUrl).host}`,
        ...(this.#webhookPort === undefined ? [] : [
          `--webhook-listen=127.0.0.1:${this.#webhookPort}`,
          "--webhook-hosts=127.0.0.1",
        ]),
      ],
      env: this.#urls,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#controller = child;
    this.#running.push(this.#collectLog(child));
  }

  /** Waits until the controller could take over, and answers the webhook if it is to. */
  async awaitReady(): Promise<void> {
    await waitFor("the controller to be ready", async () => {
      const answer = await fetch(`${this.probesUrl}/readyz`).catch(() => undefined);
      await answer?.body?.cancel();
      return answer?.ok ? true : undefined;
    }, 30_000);
  }

  /** Where the simulated Lambda listens. */
  get cloudUrl(): string {
    return this.#urls[findRegistration("lambda").urlVariable] ?? "";
  }

  /** How many machines the simulated Lambda runs that nobody has ended. */
  get aliveMachines(): number {
    return this.cloud.machines().filter(({ state }) => !/^terminat/.test(state)).length;
  }

  /** Ends the controller, by SIGKILL unless told otherwise. @returns Its exit code. */
  async stopController(signal: Deno.Signal = "SIGKILL"): Promise<number> {
    const child = this.#controller;
    if (!child) return 0;
    this.#controller = undefined;
    child.kill(signal);
    return (await child.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopController();
    this.#stop.abort(new Error("the test is over"));
    await Promise.allSettled(this.#running);
    await Promise.all(this.#served.map((served) => served.close()));
  }

  async #notePods(signal: AbortSignal): Promise<void> {
    const kube = await connectAsAdmin(this.plane);
    const deps = {
      kube,
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      metrics: silentMetrics,
    };
    const informer = createInformer(deps, pods);
    informer.onChange(({ object }) => {
      if (object?.status?.phase !== "Succeeded") return;
      this.succeeded.set(object.metadata.name, object.spec.nodeName ?? "");
    });
    await informer.run(signal);
    kube.close();
  }

  async #collectLog(child: Deno.ChildProcess): Promise<void> {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) this.log.push(text);
  }
}

/** The controller from this checkout. */
const fromCheckout: readonly string[] = [
  Deno.execPath(),
  "run",
  "--allow-all",
  "--unstable-net",
  fileURLToPath(new URL("../../controller/main.ts", import.meta.url)),
];

/** A pool of the scene, with idle nodes going after seconds. */
function toShortIdle({ apiVersion, kind, metadata, ...rest }: KubernetesObject) {
  const { spec } = rest as { readonly spec?: { readonly nodeClassRef?: unknown } };
  return {
    apiVersion,
    kind,
    metadata: { name: metadata.name },
    spec: { nodeClassRef: spec?.nodeClassRef, disruption: { consolidateAfter: "3s" } },
  };
}
