/**
 * Whether there is a webhook that judges configuration before it is stored, and whether it is trusted.
 *
 * @module
 */

import type { KubernetesObject } from "../../../schemas/kubernetes.ts";
import { Fields } from "../../fields.ts";
import { isNotFound, type Kube, KubeError } from "../../kube.ts";
import type { ResourceType } from "../../resource.ts";
import type { AccessAttributes } from "../access_review.ts";
import { command, type Finding, findingsOf } from "../finding.ts";
import { readPem } from "../pem.ts";
import type { PreflightCheck, PreflightContext } from "../preflight_check.ts";

/** Name of our ValidatingWebhookConfiguration. */
const configurationName = "tgp-webhook";

/** One webhook of the configuration. */
export interface WebhookFacts {
  readonly name: string;
  /** PEM. */
  readonly caPem: string | undefined;
  readonly failurePolicy: string | undefined;
  /** Absent if it is called by URL. */
  readonly service: { readonly name: string; readonly namespace: string } | undefined;
}

/** What is looked at. */
export interface WebhookConfigurationFacts {
  readonly webhooks: readonly WebhookFacts[];
  /** Replicas behind the Service that are ready; `undefined` if that is not known. */
  readonly readyReplicas: number | undefined;
}

const readConfiguration: AccessAttributes = {
  verb: "get",
  group: "admissionregistration.k8s.io",
  resource: "validatingwebhookconfigurations",
  name: configurationName,
};

/** See the module. */
export const webhookCheck: PreflightCheck = {
  names: ["webhook"],
  reads: () => [readConfiguration],
  async run(context, signal) {
    const { kube, clock } = context;
    const webhooks = await findWebhooks(kube, signal);
    if (webhooks === undefined) return [judgeWebhook(undefined, clock.now())];
    const readyReplicas = await countReady(context, webhooks, signal);
    return [judgeWebhook({ webhooks, readyReplicas }, clock.now())];
  },
};

/** Judges the configuration. @param now Epoch milliseconds. */
export function judgeWebhook(
  facts: WebhookConfigurationFacts | undefined,
  now: number,
): Finding {
  const { ok, warn, fail } = findingsOf("webhook");
  if (facts === undefined || facts.webhooks.length === 0) {
    return warn(
      "there is none: configuration that cannot work is stored, and fails later",
      command("kubectl apply -k manifests/"),
    );
  }
  const { webhooks, readyReplicas } = facts;
  for (const { name, caPem, service } of webhooks) {
    if (service !== undefined && caPem === undefined) {
      return fail(
        `${name} has no caBundle, so that nothing can be created or changed: the controller writes it`,
        "Look why no controller has:",
        command(`kubectl -n ${service.namespace} logs deployment/tgp-controller`),
      );
    }
    if (caPem !== undefined && lastsUntil(caPem) <= now) {
      return fail(
        `every certificate in the caBundle of ${name} has expired: nothing can be created or changed`,
        "The controller renews it. Look why it has not:",
        command("kubectl -n tgp-system logs deployment/tgp-controller"),
      );
    }
  }
  if (readyReplicas === 0) {
    return fail(
      "no replica behind its Service is ready: nothing can be created or changed",
      command("kubectl -n tgp-system get pods"),
    );
  }
  const open = webhooks.find(({ failurePolicy }) => failurePolicy === "Ignore");
  if (open !== undefined) {
    return warn(
      `${open.name} has failurePolicy Ignore: what it cannot judge is stored`,
      command("kubectl apply -k manifests/"),
    );
  }
  const replicas = readyReplicas === undefined ? "" : `, ${readyReplicas} ready behind its Service`;
  return ok(`${configurationName} is trusted${replicas}`);
}

/** The last moment at which any certificate of a bundle is valid; epoch milliseconds, 0 if none can be read. */
function lastsUntil(pem: string): number {
  return Math.max(0, ...readPem(pem)?.map(({ notAfterMs }) => notAfterMs) ?? []);
}

interface Configuration extends KubernetesObject {
  readonly webhooks: readonly WebhookFacts[];
}

const configurations: ResourceType<Configuration> = {
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "ValidatingWebhookConfiguration",
  plural: "validatingwebhookconfigurations",
  namespaced: false,
  parse: (raw) => ({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: configurationName },
    webhooks: new Fields(raw).fieldsList("webhooks").map(toWebhook),
  }),
};

function toWebhook(webhook: Fields): WebhookFacts {
  const config = webhook.fields("clientConfig");
  const service = config.fields("service");
  const name = service.string("name");
  return {
    name: webhook.string("name") ?? "",
    caPem: config.base64Text("caBundle"),
    failurePolicy: webhook.string("failurePolicy"),
    service: name === undefined
      ? undefined
      : { name, namespace: service.string("namespace") ?? "" },
  };
}

/** The webhooks of our configuration; `undefined` if there is none. @throws {KubeError} */
export async function findWebhooks(
  kube: Kube,
  signal: AbortSignal,
): Promise<readonly WebhookFacts[] | undefined> {
  try {
    return (await kube.get(configurations, { name: configurationName }, { signal })).webhooks;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

interface EndpointSlice extends KubernetesObject {
  readonly ready: number;
}

const endpointSlices: ResourceType<EndpointSlice> = {
  group: "discovery.k8s.io",
  version: "v1",
  kind: "EndpointSlice",
  plural: "endpointslices",
  namespaced: true,
  parse(raw) {
    const object = new Fields(raw);
    return {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: object.fields("metadata").requiredString("name") },
      // Absent counts as ready (EndpointConditions, API reference v1.36).
      ready:
        object.fieldsList("endpoints").filter((endpoint) =>
          endpoint.fields("conditions").boolean("ready") ?? true
        ).length,
    };
  },
};

/** The controller is what stands behind the Service: it need not look. */
async function countReady(
  { kube, isController }: PreflightContext,
  webhooks: readonly WebhookFacts[],
  signal: AbortSignal,
): Promise<number | undefined> {
  const service = webhooks.find((webhook) => webhook.service !== undefined)?.service;
  if (service === undefined || isController) return undefined;
  try {
    const { items } = await kube.list(endpointSlices, {
      namespace: service.namespace,
      labelSelector: `kubernetes.io/service-name=${service.name}`,
      signal,
    });
    return items.reduce((sum, { ready }) => sum + ready, 0);
  } catch (error) {
    if (error instanceof KubeError && error.code === 403) return undefined;
    throw error;
  }
}
