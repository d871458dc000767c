/**
 * The demo's class and pool: the shipped example, pointed at the box and with room for the cast.
 *
 * @module
 */

import { defaultLambdaKey } from "../clouds/lambda/mod.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { readObjects } from "./apply_manifests.ts";

/** A decoded YAML object whose fields the scene replaces. */
type Editable = KubernetesObject & Record<string, unknown>;

/** An example and the API keys that fill its Secret. */
export interface SceneOptions {
  /** File in `manifests/examples/`. */
  readonly example: string;
  /** Values of the Secret's keys. */
  readonly apiKeys: Readonly<Record<string, string>>;
}

/** One Lambda account. */
export const lambdaScene: SceneOptions = Object.freeze({
  example: "lambda.yaml",
  apiKeys: { "api-key": defaultLambdaKey },
});

/**
 * Reads an example of `manifests/examples/` and fills in what it says to replace.
 *
 * @param apiServerEndpoint `host:port` that the simulated machines can reach.
 */
export async function readScene(
  manifests: URL,
  apiServerEndpoint: string,
  { example, apiKeys }: SceneOptions = lambdaScene,
): Promise<readonly KubernetesObject[]> {
  const objects = await readObjects(new URL(`examples/${example}`, manifests));
  return objects.filter(({ kind }) => kind !== "Pod").map((object) => {
    switch (object.kind) {
      case "Secret":
        return { ...object, stringData: apiKeys };
      case "GPUNodeClass":
        return fillClass(object as Editable, apiServerEndpoint);
      case "GPUNodePool":
        return fillPool(object as Editable);
      default:
        return object;
    }
  });
}

function fillClass(object: Editable, apiServerEndpoint: string): KubernetesObject {
  const spec = object["spec"] as { readonly providers: readonly Record<string, unknown>[] };
  return {
    ...object,
    spec: {
      ...spec,
      providers: spec.providers.map((entry) =>
        "lambda" in entry ? { ...entry, lambda: { sshKeyName: "tgp" } } : entry
      ),
      bootstrap: { kubeadm: { apiServerEndpoint, kubernetesVersion: "1.36.0" } },
      limits: { spendPerHour: "150" },
    },
  } as KubernetesObject;
}

function fillPool(object: Editable): KubernetesObject {
  return {
    ...object,
    spec: {
      ...object["spec"] as Record<string, unknown>,
      limits: { nodes: 6, spendPerHour: "150", spendPerDay: "500" },
      price: { maxPerGpuHour: "7.00" },
      disruption: { consolidateAfter: "1m" },
    },
  } as KubernetesObject;
}
