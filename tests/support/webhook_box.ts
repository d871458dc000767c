/**
 * Controller processes with a webhook, on a simulated API server with the manifests that an operator
 * applies.
 *
 * @module
 */

import { webhookConfigurations } from "../../controller/admission/serving/certificates/webhook_configuration.ts";
import { configurationName } from "../../controller/admission/serving/names.ts";
import { createKubeClient } from "../../kube/client.ts";
import type { Kube } from "../../kube/kube.ts";
import { secrets } from "../../kube/resource.ts";
import { createHandlerTransport } from "../../kube/transport.ts";
import { systemClock } from "../../runtime/clock.ts";
import { systemRandom } from "../../runtime/random.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { adminPeer, createApiServer } from "../../sim/api_server/api_server.ts";
import { serveApiServer } from "../../sim/api_server/serve/serve_api_server.ts";
import { applyObjects, readKustomization } from "../../sim/demo/apply_manifests.ts";
import { cut } from "../../sim/handler.ts";

const root = new URL("../../", import.meta.url);
const namespace = "tgp-system";

/** A running process. */
export interface WebhookProcess {
  readonly pid: number;
  /** Where reviews are sent. */
  readonly url: string;
  /** What it has said so far. */
  readonly log: readonly string[];
  /** Asks it to end. @returns Its exit code. */
  stop(signal: Deno.Signal): Promise<number>;
}

/** See the module. */
export class WebhookBox {
  readonly kube: Kube;
  readonly kubeconfigPath: string;
  readonly #close: () => Promise<void>;
  readonly #processes = new Set<WebhookProcess>();

  static async create(): Promise<WebhookBox> {
    const api = createApiServer({ clock: systemClock, random: systemRandom });
    const served = await serveApiServer(api);
    const transport = createHandlerTransport(async (request) => {
      const response = await api.handler(request, { peer: adminPeer });
      if (response === cut) throw new TypeError("the connection was cut");
      return response;
    });
    const kube = createKubeClient({ transport, clock: systemClock, random: systemRandom });
    for (const part of ["namespace", "crds", "rbac", "webhook"]) {
      await applyObjects(kube, await readKustomization(new URL(`manifests/${part}/`, root)));
    }
    const kubeconfigPath = await Deno.makeTempFile({ suffix: ".kubeconfig" });
    await Deno.writeTextFile(kubeconfigPath, await served.kubeconfigFor());
    return new WebhookBox(kube, kubeconfigPath, async () => {
      api.close();
      await served.close();
    });
  }

  private constructor(kube: Kube, kubeconfigPath: string, close: () => Promise<void>) {
    this.kube = kube;
    this.kubeconfigPath = kubeconfigPath;
    this.#close = close;
  }

  /** Starts a controller, and waits until it and its webhook are ready. */
  async start(...flags: readonly string[]): Promise<WebhookProcess> {
    const process = await this.startProgram(new URL("controller/main.ts", root).pathname, [
      `--kubeconfig=${this.kubeconfigPath}`,
      "--listen=127.0.0.1:0",
      "--webhook-listen=127.0.0.1:0",
      "--webhook-hosts=127.0.0.1",
      ...flags,
    ]);
    await waitFor("the process to be ready", async () => await isReady(process) || undefined);
    return process;
  }

  /** Starts a program that serves the webhook, and waits until it does. */
  async startProgram(program: string, args: readonly string[]): Promise<WebhookProcess> {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", program, ...args],
      cwd: root,
      // As in the image.
      env: { MALLOC_ARENA_MAX: "1" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const log: string[] = [];
    const reading = readLines(child.stderr, log);
    const port = await readPort(log, "Serving the webhook");
    const process: WebhookProcess = {
      pid: child.pid,
      url: `https://127.0.0.1:${port}/validate`,
      log,
      stop: async (signal) => {
        this.#processes.delete(process);
        child.kill(signal);
        await reading;
        return (await child.status).code;
      },
    };
    this.#processes.add(process);
    return process;
  }

  /** What API servers trust, in PEM. */
  async caPem(): Promise<string> {
    const { webhooks } = await this.kube.get(webhookConfigurations, { name: configurationName });
    return atob(webhooks?.[0]?.clientConfig.caBundle ?? "");
  }

  /** Applies what the user of three clouds has. */
  async applyThreeClouds(): Promise<void> {
    const keys = { lambda: btoa("key"), paperspace: btoa("key"), runpod: btoa("key") };
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "cloud-credentials", namespace },
      data: keys,
    };
    await this.kube.create(secrets, secret);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of this.#processes) await process.stop("SIGKILL");
    await this.#close();
    await Deno.remove(this.kubeconfigPath);
  }
}

/** Whether a controller wants to be asked. */
export async function isReady({ log }: WebhookProcess): Promise<boolean> {
  const port = await readPort(log, "Serving probes and metrics");
  const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok ?? false;
}

/** An AdmissionReview of about 1 KB, for a class with three clouds. */
export function buildReview(): string {
  const gvk = { group: "tgp.io", version: "v1", kind: "GPUNodeClass" };
  const gvr = { group: "tgp.io", version: "v1", resource: "gpunodeclasses" };
  const entry = (name: string) => ({
    name,
    credentialsRef: { name: "cloud-credentials", key: name },
  });
  const object: KubernetesObject & { readonly spec: unknown } = {
    apiVersion: "tgp.io/v1",
    kind: "GPUNodeClass",
    metadata: { name: "clouds" },
    spec: {
      providers: [
        { ...entry("lambda"), lambda: { sshKeyName: "my-key" } },
        entry("paperspace"),
        entry("runpod"),
      ],
      bootstrap: {
        kubeadm: { apiServerEndpoint: "k8s.example.com:6443", kubernetesVersion: "1.36.1" },
      },
      limits: { spendPerHour: "40" },
    },
  };
  return JSON.stringify({
    kind: "AdmissionReview",
    apiVersion: "admission.k8s.io/v1",
    request: {
      uid: "0b6ae2a4-9e0a-4f77-a7a7-1f6d2f1f2b1c",
      kind: gvk,
      resource: gvr,
      requestKind: gvk,
      requestResource: gvr,
      name: "clouds",
      operation: "CREATE",
      userInfo: {
        username: "kubernetes-admin",
        groups: ["system:masters", "system:authenticated"],
      },
      object,
      oldObject: null,
      dryRun: false,
    },
  });
}

async function readLines(stream: ReadableStream<Uint8Array<ArrayBuffer>>, log: string[]) {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    log.push(...lines);
  }
}

function readPort(log: readonly string[], message: string): Promise<number> {
  return waitFor(`"${message}"`, () => {
    const line = log.find((one) => one.includes(`"message":"${message}"`));
    const port = /"port":(\d+)/.exec(line ?? "")?.[1];
    return Promise.resolve(port === undefined ? undefined : Number(port));
  }, () => log.join("\n"));
}

async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined>,
  explain: () => string = () => "",
): Promise<T> {
  for (let tries = 0; tries < 600; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await systemClock.sleep(50);
  }
  throw new Error(`In 30 s there was not: ${what}\n${explain()}`);
}
