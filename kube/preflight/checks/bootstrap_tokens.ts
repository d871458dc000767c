/**
 * Whether the API server accepts bootstrap tokens, as far as that can be seen without access to its machine.
 *
 * @module
 */

import type { KubernetesObject } from "../../../schemas/kubernetes.ts";
import { Fields } from "../../fields.ts";
import { isNotFound, KubeError } from "../../kube.ts";
import { configMaps, pods, type ResourceType } from "../../resource.ts";
import { command, type Finding, findingsOf } from "../finding.ts";
import type { PreflightCheck, PreflightContext } from "../preflight_check.ts";

const flag = "--enable-bootstrap-token-auth";

/** What can be seen, from the best evidence down. */
export interface TokenEvidence {
  /** Command lines of API servers that run as Pods. */
  readonly commandLines: readonly (readonly string[])[];
  /** `ClusterConfiguration` of kubeadm, in YAML; absent if the cluster was not made by it, or it may not be read. */
  readonly clusterConfiguration: string | undefined;
  /** Whether some token was signed for: `kube-public/cluster-info` has its mark. */
  readonly hasSignedToken: boolean;
}

/** See the module. */
export const bootstrapTokensCheck: PreflightCheck = {
  names: ["bootstrap-tokens"],
  reads: () => [
    { verb: "list", group: "", resource: "pods", namespace: "kube-system" },
    {
      verb: "get",
      group: "",
      resource: "configmaps",
      namespace: "kube-system",
      name: "kubeadm-config",
    },
  ],
  async run(context, signal) {
    const [commandLines, clusterConfiguration, hasSignedToken] = await Promise.all([
      readCommandLines(context, signal),
      readClusterConfiguration(context, signal),
      readSignedTokens(context, signal),
    ]);
    if (commandLines === undefined && clusterConfiguration === "forbidden") {
      // The runner says what looking needs.
      throw new KubeError(403, "may read neither the API server's Pods nor kubeadm-config");
    }
    return [judgeTokens({
      commandLines: commandLines ?? [],
      clusterConfiguration: clusterConfiguration === "forbidden" ? undefined : clusterConfiguration,
      hasSignedToken,
    })];
  },
};

/** Judges the evidence. */
export function judgeTokens(evidence: TokenEvidence): Finding {
  const { ok, fail, unknown } = findingsOf("bootstrap-tokens");
  const { commandLines, clusterConfiguration, hasSignedToken } = evidence;
  const remedy = [
    `Start the API server with ${flag}=true; kubeadm does so unless told otherwise.`,
  ] as const;
  if (commandLines.length > 0) {
    const disabled = commandLines.filter((line) => !isEnabled(line));
    return disabled.length === 0 ? ok(`accepted: the API server runs with ${flag}`) : fail(
      `not accepted: ${
        commandLines.length === 1 ? "the API server runs" : `${disabled.length} API servers run`
      } without ${flag}`,
      ...remedy,
    );
  }
  if (clusterConfiguration !== undefined) {
    return /enable-bootstrap-token-auth"?:?\s*(value:)?\s*"?false/.test(clusterConfiguration)
      ? fail("not accepted: kubeadm-config turns them off", ...remedy)
      : ok("accepted: kubeadm made this cluster, and turns them on");
  }
  if (hasSignedToken) return ok("accepted, it seems: kube-public/cluster-info is signed with one");
  return unknown(
    "nothing tells: the API server's command line cannot be seen, and kubeadm did not make this cluster",
    `Make sure that it runs with ${flag}=true: try one of your own:`,
    command("kubeadm token create --ttl 5m"),
  );
}

function isEnabled(line: readonly string[]): boolean {
  return line.some((word) => word === flag || word === `${flag}=true`);
}

/** @returns `undefined` if they may not be read. */
async function readCommandLines(
  { kube }: PreflightContext,
  signal: AbortSignal,
): Promise<readonly (readonly string[])[] | undefined> {
  try {
    const { items } = await kube.list(apiServerPods, {
      namespace: "kube-system",
      labelSelector: "component=kube-apiserver",
      signal,
    });
    return items.map(({ words }) => words);
  } catch (error) {
    if (error instanceof KubeError && error.code === 403) return undefined;
    throw error;
  }
}

async function readClusterConfiguration(
  { kube }: PreflightContext,
  signal: AbortSignal,
): Promise<string | "forbidden" | undefined> {
  try {
    const ref = { namespace: "kube-system", name: "kubeadm-config" };
    return (await kube.get(configMaps, ref, { signal })).data?.["ClusterConfiguration"];
  } catch (error) {
    if (isNotFound(error)) return undefined;
    if (error instanceof KubeError && error.code === 403) return "forbidden";
    throw error;
  }
}

/** Everybody may read it where kubeadm made the cluster. */
async function readSignedTokens(
  { kube, isController }: PreflightContext,
  signal: AbortSignal,
): Promise<boolean> {
  if (isController) return false;
  try {
    const ref = { namespace: "kube-public", name: "cluster-info" };
    const { data = {} } = await kube.get(configMaps, ref, { signal });
    return Object.keys(data).some((key) => key.startsWith("jws-kubeconfig-"));
  } catch (error) {
    if (error instanceof KubeError) return false;
    throw error;
  }
}

const apiServerPods: ResourceType<KubernetesObject & { readonly words: readonly string[] }> = {
  ...pods,
  parse(raw) {
    const object = new Fields(raw);
    const [container] = object.fields("spec").fieldsList("containers");
    return {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: object.fields("metadata").requiredString("name") },
      words: [...container?.strings("command") ?? [], ...container?.strings("args") ?? []],
    };
  },
};
