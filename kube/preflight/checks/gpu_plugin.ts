/**
 * Whether something tells Kubernetes about the GPUs of a Node.
 *
 * @module
 */

import type { KubernetesObject } from "../../../schemas/kubernetes.ts";
import { Fields } from "../../fields.ts";
import { isNotFound } from "../../kube.ts";
import type { ResourceType } from "../../resource.ts";
import { type Finding, findingsOf } from "../finding.ts";
import type { PreflightCheck, PreflightContext } from "../preflight_check.ts";

/** Parts of the names of images that bring device plugins, in any registry. */
const pluginImages: readonly RegExp[] = [
  /(^|\/)(nvidia-)?k8s-device-plugin([:@]|$)/,
  /(^|\/)gpu-operator([:@]|$)/,
  /rocm\/k8s-device-plugin/,
  /nvidia-gpu-device-plugin/,
];

/** Label values by which their charts name them. */
const pluginNames: ReadonlySet<string> = new Set([
  "nvidia-device-plugin",
  "nvidia-device-plugin-daemonset",
  "nvidia-gpu-device-plugin",
  "amdgpu-dp-ds",
  "amd-gpu",
]);

/** A DaemonSet. */
export interface DaemonSetFacts {
  readonly namespace: string;
  readonly name: string;
  readonly images: readonly string[];
  readonly labels: readonly string[];
}

/** See the module. */
export const gpuPluginCheck: PreflightCheck = {
  names: ["gpu-plugin"],
  reads: () => [{ verb: "list", group: "apps", resource: "daemonsets" }],
  async run(context, signal) {
    const [{ items }, hasOperator] = await Promise.all([
      context.kube.list(daemonSets, { signal }),
      knowsOperator(context, signal),
    ]);
    return [judgeGpuPlugin(items, hasOperator)];
  },
};

/** Judges what runs on every node. @param hasOperator Whether NVIDIA's GPU Operator is installed: it starts its plugin with the first GPU. */
export function judgeGpuPlugin(
  daemons: readonly DaemonSetFacts[],
  hasOperator: boolean,
): Finding {
  const { ok, warn } = findingsOf("gpu-plugin");
  const plugin = daemons.find(({ images, labels }) =>
    images.some((image) => pluginImages.some((pattern) => pattern.test(image))) ||
    labels.some((label) => pluginNames.has(label))
  );
  if (plugin !== undefined) return ok(`DaemonSet ${plugin.namespace}/${plugin.name}`);
  if (hasOperator) return ok("the NVIDIA GPU Operator");
  return warn(
    "neither a GPU device plugin nor the GPU Operator was found: machines join, and their GPUs are not seen",
    "Install NVIDIA's k8s-device-plugin (tolerating your pools' taints), or its GPU Operator.",
  );
}

/** Its kind is known to discovery, which everybody may read. */
async function knowsOperator(
  { kube }: PreflightContext,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const list = new Fields(await kube.getRaw("/apis/nvidia.com/v1", signal));
    return list.fieldsList("resources").some((one) => one.string("name") === "clusterpolicies");
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

const daemonSets: ResourceType<KubernetesObject & DaemonSetFacts> = {
  group: "apps",
  version: "v1",
  kind: "DaemonSet",
  plural: "daemonsets",
  namespaced: true,
  parse(raw) {
    const object = new Fields(raw);
    const metadata = object.fields("metadata");
    const name = metadata.requiredString("name");
    const namespace = metadata.string("namespace") ?? "";
    const template = object.fields("spec").fields("template");
    const labels = template.fields("metadata").fields("labels");
    return {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name, namespace },
      name,
      namespace,
      images: template.fields("spec").fieldsList("containers").flatMap((container) =>
        container.string("image") ?? []
      ),
      labels: ["name", "app", "app.kubernetes.io/name"].flatMap((key) => labels.string(key) ?? []),
    };
  },
};
