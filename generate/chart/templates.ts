/**
 * The chart's templates, from the manifests: each file becomes one, with gaps where values come in.
 *
 * @module
 */

import { type TemplateText, toLines, when } from "./template_text.ts";

/** A decoded YAML document. */
export type YamlObject = { readonly [field: string]: unknown };

/** How one file becomes a template. */
export interface TemplateRule {
  /** From `manifests/`. */
  readonly source: string;
  /** In `templates/`. */
  readonly name: string;
  /** Under which condition the whole file is there; always where absent. */
  readonly condition?: string;
  readonly edit?: (object: YamlObject, text: TemplateText) => YamlObject;
}

const webhook = ".Values.webhook.enabled";
const certManager = `and ${webhook} .Values.webhook.certManager`;

/** The files that become templates; what else an operator applies is the namespace, which Helm makes. */
export const templateRules: readonly TemplateRule[] = [
  { source: "namespace/quota.yaml", name: "quota.yaml" },
  ...["gpunodeclasses", "gpunodepools", "gpunodeclaims"].map((plural) => ({
    source: `crds/tgp.io_${plural}.yaml`,
    name: `crd-${plural}.yaml`,
    edit: keepWhenUninstalled,
  })),
  { source: "rbac/controller.yaml", name: "rbac-controller.yaml", edit: editRole },
  { source: "rbac/bootstrap.yaml", name: "rbac-bootstrap.yaml" },
  { source: "rbac/people.yaml", name: "rbac-people.yaml" },
  { source: "removal/policies.yaml", name: "removal-policies.yaml" },
  { source: "controller/deployment.yaml", name: "deployment.yaml", edit: editDeployment },
  { source: "controller/disruption-budget.yaml", name: "disruption-budget.yaml" },
  { source: "webhook/service.yaml", name: "webhook-service.yaml", condition: webhook },
  {
    source: "webhook/configuration.yaml",
    name: "webhook-configuration.yaml",
    condition: webhook,
    edit: editWebhook,
  },
  {
    source: "components/cert-manager/certificates.yaml",
    name: "webhook-certificates.yaml",
    condition: certManager,
  },
  {
    source: "components/pod-monitor/pod-monitor.yaml",
    name: "pod-monitor.yaml",
    condition: ".Values.monitoring.podMonitor",
  },
  {
    source: "components/prometheus-rules/rules.yaml",
    name: "prometheus-rules.yaml",
    condition: ".Values.monitoring.prometheusRules",
  },
];

/** Helm would take the definitions with the release, and with them every object and its machine. */
function keepWhenUninstalled(object: YamlObject): YamlObject {
  const metadata = asObject(object["metadata"]);
  return {
    ...object,
    metadata: { ...metadata, annotations: { "helm.sh/resource-policy": "keep" } },
  };
}

/** Without a webhook the controller has no business with its configuration. */
function editRole(object: YamlObject, text: TemplateText): YamlObject {
  if (object["kind"] !== "ClusterRole") return object;
  const rules = asList(object["rules"]).map((rule) => {
    const isWebhooks = asList(rule["resources"] ?? []).some((name) =>
      String(name) === "validatingwebhookconfigurations"
    );
    return isWebhooks ? text.items(when(webhook, toLines([rule]))) : rule;
  });
  return { ...object, rules };
}

function editWebhook(object: YamlObject, text: TemplateText): YamlObject {
  const annotations = {
    annotations: { "cert-manager.io/inject-ca-from": "{{ .Release.Namespace }}/tgp-webhook" },
  };
  return {
    ...object,
    metadata: {
      ...asObject(object["metadata"]),
      ...text.fields(when(".Values.webhook.certManager", toLines(annotations))),
    },
  };
}

function editDeployment(object: YamlObject, text: TemplateText): YamlObject {
  const spec = asObject(object["spec"]);
  const template = asObject(spec["template"]);
  const podSpec = asObject(template["spec"]);
  const [container = {}] = asList(podSpec["containers"]);
  return {
    ...object,
    spec: {
      ...spec,
      replicas: text.inline("{{ .Values.replicas }}"),
      template: {
        ...template,
        spec: {
          ...podSpec,
          ...text.fields([
            "{{- with .Values.image.pullSecrets }}",
            "imagePullSecrets:",
            "  {{- toYaml . | nindent 8 }}",
            "{{- end }}",
          ]),
          containers: [editContainer(container, text)],
          ...text.fields(when(certManager, toLines(certificateVolumes))),
        },
      },
    },
  };
}

const certificateVolumes = {
  volumes: [{ name: "certificates", secret: { secretName: "tgp-webhook-certificate" } }],
};

const certificateMounts = {
  volumeMounts: [{ name: "certificates", mountPath: "/run/tgp/certificates", readOnly: true }],
};

function editContainer(container: YamlObject, text: TemplateText): YamlObject {
  const args = asList(container["args"]).map((arg) =>
    String(arg).startsWith("--webhook-listen=")
      ? text.items(when(webhook, toLines([String(arg)])))
      : arg
  );
  const ports = asList(container["ports"]).map((port) =>
    port["name"] === "webhook" ? text.items(when(webhook, toLines([port]))) : port
  );
  const env = asList(container["env"]).map((variable) =>
    variable["name"] === "DENO_V8_FLAGS"
      ? { ...variable, value: text.inline('"--max-old-space-size={{ .Values.heapMiB }}"') }
      : variable
  );
  const tag = "{{ .Values.image.tag | default .Chart.AppVersion }}";
  return {
    ...container,
    image: text.inline(`"{{ .Values.image.repository }}:${tag}"`),
    args: [
      ...args,
      text.items([
        "{{- with .Values.credentialNamespaces }}",
        '- "--credential-namespaces={{ join "," . }}"',
        "{{- end }}",
      ]),
      text.items(when(certManager, toLines(["--webhook-cert-dir=/run/tgp/certificates"]))),
    ],
    env,
    ports,
    resources: text.block(".Values.resources"),
    ...text.fields(when(certManager, toLines(certificateMounts))),
  };
}

function asObject(value: unknown): YamlObject {
  return value as YamlObject;
}

function asList(value: unknown): readonly YamlObject[] {
  return value as readonly YamlObject[];
}
