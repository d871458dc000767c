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

/**
 * Reads `manifests/examples/lambda.yaml` and fills in what it says to replace.
 *
 * @param apiServerEndpoint `host:port` that the simulated machines can reach.
 */
export async function readScene(
  manifests: URL,
  apiServerEndpoint: string,
): Promise<readonly KubernetesObject[]> {
  const objects = await readObjects(new URL("examples/lambda.yaml", manifests));
  return objects.filter(({ kind }) => kind !== "Pod").map((object) => {
    switch (object.kind) {
      case "Secret":
        return { ...object, stringData: { "api-key": defaultLambdaKey } };
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
      providers: spec.providers.map((entry) => ({ ...entry, lambda: { sshKeyName: "tgp" } })),
      bootstrap: { kubeadm: { apiServerEndpoint, kubernetesVersion: "1.36.0" } },
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
