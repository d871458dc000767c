/**
 * The box's API server with our CustomResourceDefinitions and our webhook in force, as an installation has
 * them, and a user who writes objects and reads what kubectl would show.
 *
 * There are: GPUNodeClass `clouds` (Lambda, Paperspace, RunPod) whose offers are published, its Secret, a
 * pool `gpu` with two machines, and one claim made by hand.
 *
 * @module
 */

import assert from "node:assert/strict";
import { load, loadAll } from "js-yaml";
import { createAdmissionApp } from "../../controller/admission/admission_app.ts";
import {
  createLocalContext,
  type LocalContext,
} from "../../controller/admission/context/local_context.ts";
import { createCaches, runCaches } from "../../controller/caches.ts";
import { createCatalogStore } from "../../controller/catalog_store.ts";
import type { Kube } from "../../kube/kube.ts";
import { createKubeClient, type KubeClient } from "../../kube/client.ts";
import { secrets } from "../../kube/resource.ts";
import { createHandlerTransport } from "../../kube/transport.ts";
import { silentLog } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import type { Offer } from "../../providers/contract.ts";
import { adminPeer, createApiServer } from "../../sim/api_server/api_server.ts";
import { asArray, asObject, asString, type Json } from "../../sim/api_server/json.ts";
import { cut } from "../../sim/handler.ts";
import { FakeClock } from "./fake_clock.ts";
import { buildOffer } from "./scheduling.ts";

const namespace = "tgp-system";
const definitionsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const plurals: Readonly<Record<string, string>> = {
  GPUNodeClass: "gpunodeclasses",
  GPUNodePool: "gpunodepools",
  GPUNodeClaim: "gpunodeclaims",
};

/** What is there before anybody does anything wrong, beside a Secret and published offers. */
export const soundObjects = `
apiVersion: tgp.io/v1
kind: GPUNodeClass
metadata: { name: clouds }
spec:
  providers:
    - name: lambda
      credentialsRef: { name: cloud-credentials, key: lambda }
      lambda: { sshKeyName: my-key }
    - name: paperspace
      credentialsRef: { name: cloud-credentials, key: paperspace }
    - name: runpod
      credentialsRef: { name: cloud-credentials, key: runpod }
  bootstrap:
    kubeadm: { apiServerEndpoint: "kubernetes.example.com:6443", kubernetesVersion: 1.36.1 }
---
apiVersion: tgp.io/v1
kind: GPUNodePool
metadata: { name: gpu }
spec:
  nodeClassRef: { name: clouds }
  limits: { nodes: 4 }
  price: { maxPerHour: "30" }
---
apiVersion: tgp.io/v1
kind: GPUNodePool
metadata: { name: spare }
spec:
  nodeClassRef: { name: clouds }
  limits: { spendPerHour: "20" }
---
apiVersion: tgp.io/v1
kind: GPUNodeClaim
metadata: { name: mine }
spec:
  nodeClassRef: { name: clouds }
  resources: { nvidia.com/gpu: 1 }
  maxPricePerHour: "30"
---
apiVersion: tgp.io/v1
kind: GPUNodeClaim
metadata: { name: gpu-1 }
spec:
  nodeClassRef: { name: clouds }
  nodePoolRef: { name: gpu }
  maxPricePerHour: "0.75"
---
apiVersion: tgp.io/v1
kind: GPUNodeClaim
metadata: { name: gpu-2 }
spec:
  nodeClassRef: { name: clouds }
  nodePoolRef: { name: gpu }
  maxPricePerHour: "0.75"
`;

/** What is published of the class's accounts, by account. */
const offers: Readonly<Record<string, readonly Offer[]>> = {
  lambda: [
    buildOffer("of-1", { price: "0.75", model: "A10-24GB", region: "us-east-1" }),
    buildOffer("of-2", { price: "23.92", model: "H100-SXM5-80GB", gpus: 8, region: "us-south-1" }),
  ],
  paperspace: [
    buildOffer("of-3", {
      price: "0.45",
      model: "RTX-A4000-16GB",
      provider: "paperspace",
      region: "ny2",
    }),
  ],
};

/** See the module. */
export interface AdmissionWorld extends AsyncDisposable {
  /**
   * Writes objects as `kubectl apply --dry-run=server` does.
   *
   * @returns What kubectl prints.
   */
  apply(yaml: string): Promise<string>;
}

/** Starts it; the sound objects are there, and the webhook knows them. */
export async function startAdmissionWorld(): Promise<AdmissionWorld> {
  const clock = new FakeClock();
  const random = createSeededRandom(3);
  const webhook: { local?: LocalContext } = {};
  const server = createApiServer({
    clock,
    random,
    async fetchWebhook(request) {
      assert.equal(new URL(request.url).host, "tgp-webhook.tgp-system.svc");
      const { local } = webhook;
      assert.ok(local, "no webhook yet");
      return await createAdmissionApp({
        context: local.context,
        isReady: local.hasSynced,
        log: silentLog,
        metrics: silentMetrics,
        monotonicMs: () => clock.now(),
      }).fetch(request);
    },
  });
  const ask = async (
    method: string,
    path: string,
    body: Json,
    contentType = "application/json",
  ) => {
    const request = new Request(`https://box.test${path}`, {
      method,
      headers: { "content-type": contentType },
      body: JSON.stringify(body),
    });
    const response = await server.handler(request, { peer: adminPeer });
    assert.ok(response !== cut);
    return response;
  };
  const install = async (path: string, body: Json) => {
    const response = await ask("POST", path, body);
    assert.equal(response.status, 201, await response.text());
  };
  for (const plural of Object.values(plurals)) {
    await install(definitionsPath, await readManifest(`crds/tgp.io_${plural}.yaml`));
  }
  await install("/api/v1/namespaces", { metadata: { name: namespace } });
  const kube = createKubeClient({
    transport: createHandlerTransport(async (request) => {
      const response = await server.handler(request, { peer: adminPeer });
      assert.ok(response !== cut);
      return response;
    }),
    clock,
    random,
  });
  await putSoundObjects(kube, install);
  const stop = new AbortController();
  const deps = { kube, clock, random, log: silentLog, metrics: silentMetrics };
  const caches = createCaches(deps);
  const local = createLocalContext(deps, caches, { namespace, allowedNamespaces: [] });
  webhook.local = local;
  const running = [runCaches(caches, stop.signal), local.run(stop.signal)];
  await clock.advance(10_000);
  assert.ok(local.hasSynced());
  await install(
    "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
    await readManifest("webhook/configuration.yaml"),
  );
  return {
    async apply(yaml) {
      const object = asObject(load(yaml) as Json);
      const kind = asString(object.kind) ?? "";
      const name = asString(asObject(object.metadata).name) ?? "";
      const path = `/apis/tgp.io/v1/${plurals[kind]}`;
      const query = "?dryRun=All&fieldValidation=Strict";
      const exists = server.store.get(`${plurals[kind]}.tgp.io`, "", name) !== undefined;
      const response = exists
        ? await ask("PATCH", `${path}/${name}${query}`, object, "application/merge-patch+json")
        : await ask("POST", `${path}${query}`, object);
      return await toKubectlText(response, `${kind.toLowerCase()}.tgp.io/${name}`, exists);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all(running);
      server.close();
      kube.close();
    },
  };
}

async function putSoundObjects(
  kube: KubeClient,
  install: (path: string, body: Json) => Promise<void>,
): Promise<void> {
  await putSurroundings(kube);
  const objects: Json[] = [];
  loadAll(soundObjects, (object) => objects.push(object as Json));
  for (const object of objects) {
    const kind = asString(asObject(object).kind) ?? "";
    await install(`/apis/tgp.io/v1/${plurals[kind]}`, object);
  }
}

/** The Secret that the class refers to, and what is published of its offers. */
export async function putSurroundings(kube: Kube): Promise<void> {
  await kube.create(secrets, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "cloud-credentials", namespace },
    ...{ stringData: { lambda: "a", paperspace: "b", runpod: "c" } },
  });
  const store = createCatalogStore(kube, namespace);
  for (const [account, list] of Object.entries(offers)) {
    const catalog = { nodeClass: "clouds", account, provider: account, offers: list };
    const reading = { readAt: 0, source: { state: "ok" } as const };
    await store.save({ ...catalog, ...reading }, new AbortController().signal);
  }
}

/** A manifest's only object. */
export async function readManifest(path: string): Promise<Json> {
  const url = new URL(`../../manifests/${path}`, import.meta.url);
  return load(await Deno.readTextFile(url)) as Json;
}

/** What kubectl 1.36 prints for an answer (`pkg/cmd/util/helpers.go`, `checkErr`). */
async function toKubectlText(
  response: Response,
  subject: string,
  exists: boolean,
): Promise<string> {
  const warnings = [...response.headers].filter(([name]) => name === "warning")
    .flatMap(([, value]) => [...value.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)])
    .map(([, text = ""]) => `Warning: ${text.replaceAll(/\\(.)/g, "$1")}`);
  const body = asObject(JSON.parse(await response.text()) as Json);
  if (response.ok) {
    return [...warnings, `${subject} ${exists ? "configured" : "created"} (server dry run)`].join(
      "\n",
    );
  }
  return [...warnings, toErrorText(body)].join("\n");
}

function toErrorText({ reason, message, details }: ReturnType<typeof asObject>): string {
  const { kind, name, causes } = asObject(details);
  const lines = asArray(causes).map(asObject).map((cause) => `${cause.field}: ${cause.message}`);
  if (reason !== "Invalid" || lines.length === 0) {
    return `Error from server (${reason}): ${message}`;
  }
  const unique = [...new Set(lines)];
  const [only = ""] = unique;
  return unique.length === 1
    ? `The ${kind} "${name}" is invalid: ${only}`
    : [`The ${kind} "${name}" is invalid: `, ...unique.map((line) => `* ${line}`)].join("\n");
}
