import assert from "node:assert/strict";
import { readKustomization } from "../../../sim/demo/apply_manifests.ts";
import type { KubernetesObject } from "../../../schemas/kubernetes.ts";
import { renderChart, toKey, withoutHelm } from "../../support/render_chart.ts";

const manifests = new URL("../../../manifests/", import.meta.url);

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly ports: readonly unknown[];
  readonly resources: unknown;
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

interface Deployment extends KubernetesObject {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly spec: Readonly<Record<string, unknown>> & { readonly containers: [Container] };
    };
  };
}

Deno.test("the chart's defaults give what the kustomization gives", async () => {
  const applied = (await readKustomization(manifests))
    // Helm makes the release's namespace, or finds it.
    .filter(({ kind }) => kind !== "Namespace")
    .sort((left, right) => toKey(left) < toKey(right) ? -1 : 1);
  const rendered = await renderChart();
  assert.deepEqual(rendered.map(toKey), applied.map(toKey));
  assert.deepEqual(rendered.map(withoutHelm), applied.map(withImage));
});

Deno.test("definitions stay when the release goes, or every object would go with them", async () => {
  for (const { kind, metadata } of await renderChart()) {
    if (kind !== "CustomResourceDefinition") continue;
    assert.deepEqual(metadata.annotations, { "helm.sh/resource-policy": "keep" });
  }
});

Deno.test("a release in another namespace names ours nowhere", async () => {
  const objects = await renderChart({ namespace: "gpus", values: allOn });
  const others = objects.filter(({ kind }) => kind !== "CustomResourceDefinition");
  assert.ok(!JSON.stringify(others).includes("tgp-system"));
  const webhook = others.find(({ kind }) => kind === "ValidatingWebhookConfiguration");
  assert.match(JSON.stringify(webhook), /"namespace":"gpus".*"path":"\/validate"/);
});

Deno.test("values reach the Deployment", async () => {
  const resources = { requests: { cpu: "2", memory: "1Gi" }, limits: { memory: "3Gi" } };
  const { spec } = await renderDeployment({
    image: { repository: "mine/gpus", tag: "9", pullSecrets: [{ name: "registry" }] },
    replicas: 3,
    heapMiB: 2048,
    resources,
    credentialNamespaces: ["team-a", "team-b"],
  });
  const [container] = spec.template.spec.containers;
  assert.equal(spec.replicas, 3);
  assert.equal(container.image, "mine/gpus:9");
  assert.deepEqual(container.resources, resources);
  assert.deepEqual(spec.template.spec["imagePullSecrets"], [{ name: "registry" }]);
  assert.ok(container.args.includes("--credential-namespaces=team-a,team-b"));
  const flags = container.env.find(({ name }) => name === "DENO_V8_FLAGS");
  assert.equal(flags?.value, "--max-old-space-size=2048");
});

Deno.test("each credential namespace gets its own Role, bound to the controller", async () => {
  const objects = await renderChart({ values: { credentialNamespaces: ["team-a", "team-b"] } });
  assert.deepEqual(objects.map(toKey).filter((key) => key.includes("team-")), [
    "Role team-a/tgp-credentials",
    "Role team-b/tgp-credentials",
    "RoleBinding team-a/tgp-credentials",
    "RoleBinding team-b/tgp-credentials",
  ]);
});

Deno.test("without the webhook nothing of it is left, and no right to its configuration", async () => {
  const objects = await renderChart({ values: { webhook: { enabled: false } } });
  assert.doesNotMatch(JSON.stringify(objects), /webhook/i);
});

Deno.test("with cert-manager its certificates are mounted, injected and served", async () => {
  const values = { webhook: { certManager: true } };
  const objects = await renderChart({ values });
  const kinds = objects.map(({ kind }) => kind);
  assert.equal(kinds.filter((kind) => kind === "Certificate").length, 2);
  const webhook = objects.find(({ kind }) => kind === "ValidatingWebhookConfiguration");
  assert.deepEqual(webhook?.metadata.annotations, {
    "cert-manager.io/inject-ca-from": "tgp-system/tgp-webhook",
  });
  const { spec: { template } } = await renderDeployment(values);
  assert.ok(template.spec.containers[0].args.includes("--webhook-cert-dir=/run/tgp/certificates"));
  assert.match(JSON.stringify(template.spec["volumes"]), /"secretName":"tgp-webhook-certificate"/);
});

Deno.test("monitoring is there when asked for, with the alerts' own braces", async () => {
  const objects = await renderChart({
    values: { monitoring: { podMonitor: true, prometheusRules: true } },
  });
  assert.ok(objects.some(({ kind }) => kind === "PodMonitor"));
  const rules = objects.find(({ kind }) => kind === "PrometheusRule");
  assert.match(JSON.stringify(rules), /\{\{ \$labels\.provider \}\}/);
});

const allOn = {
  webhook: { certManager: true },
  monitoring: { podMonitor: true, prometheusRules: true },
  credentialNamespaces: ["team-a"],
};

async function renderDeployment(values: Readonly<Record<string, unknown>>): Promise<Deployment> {
  const found = (await renderChart({ values })).find(({ kind }) => kind === "Deployment");
  return found as Deployment;
}

/** What the kustomization's `images` do. */
function withImage(object: KubernetesObject): KubernetesObject {
  const text = JSON.stringify(object);
  return JSON.parse(text.replace('"image":"tgp-controller"', '"image":"tgp-controller:0.1.0"'));
}
