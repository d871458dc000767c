/**
 * Classes, pools and claims for tests of the plugin, status included.
 *
 * @module
 */

import type { Kube } from "../../kube/kube.ts";
import { secrets } from "../../kube/resource.ts";
import type { KubernetesObject, Secret } from "../../schemas/kubernetes.ts";
import { nodeClaims, nodeClasses, nodePools } from "../../kube/tgp_resources.ts";

type Part = Readonly<Record<string, unknown>>;

/** Creates a pool. */
export async function createPool(
  kube: Kube,
  name: string,
  spec: Part = {},
  status?: Part,
): Promise<void> {
  await kube.create(
    nodePools,
    object("GPUNodePool", name, {
      nodeClassRef: { name: "default" },
      ...spec,
    }),
  );
  if (status) {
    await kube.patch(nodePools, { name }, { status }, { subresource: "status" });
  }
}

/** Creates a claim. */
export async function createClaim(
  kube: Kube,
  name: string,
  pool: string | undefined,
  status?: Part,
): Promise<void> {
  await kube.create(
    nodeClaims,
    object("GPUNodeClaim", name, {
      nodeClassRef: { name: "default" },
      ...(pool === undefined ? {} : { nodePoolRef: { name: pool } }),
    }),
  );
  if (status) {
    await kube.patch(nodeClaims, { name }, { status }, { subresource: "status" });
  }
}

/** Creates the class `default` with one Lambda account. */
export function createClass(kube: Kube, status?: Part): Promise<void> {
  return createClassOf(kube, "default", [{
    name: "lambda",
    credentialsRef: { name: "keys", key: "lambda" },
    lambda: { sshKeyName: "k" },
  }], status);
}

/** Creates a class with these accounts. */
export async function createClassOf(
  kube: Kube,
  name: string,
  providers: readonly Part[],
  status?: Part,
): Promise<void> {
  await kube.create(nodeClasses, object("GPUNodeClass", name, { providers }));
  if (status) await kube.patch(nodeClasses, { name }, { status }, { subresource: "status" });
}

/** Creates a Secret in the controller's namespace. */
export async function createSecret(
  kube: Kube,
  name: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const secret: Secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "tgp-system" },
    data: Object.fromEntries(
      Object.entries(values).map(([key, text]) => [key, new TextEncoder().encode(text).toBase64()]),
    ),
  };
  await kube.create(secrets, secret);
}

/** A condition since 2026-01-01. */
export function condition(type: string, status: string, reason: string, message = ""): Part {
  return { type, status, reason, message, lastTransitionTime: "2026-01-01T00:00:00Z" };
}

/** The order of a claim for an 8x H100 machine. */
export const launch: Part = {
  machineName: "tgp-a1b2c3-train-x9fk2q",
  intentTime: "2026-01-01T00:00:00Z",
  sendBefore: "2026-01-01T00:00:30Z",
  outcome: "Launched",
  offer: {
    id: "of-abcdefgh",
    provider: "lambda",
    account: "lambda",
    instanceType: "gpu_8x_h100_sxm5",
    region: "us-south-2",
    capacityType: "on-demand",
    gpuModel: "H100-SXM5-80GB",
    gpuCount: 8,
    pricePerHour: "23.92",
    billingIncrement: "1m",
    capacity: { "nvidia.com/gpu": "8" },
    labels: {},
  },
};

/** Steps of a claim, one per minute since 2026-01-01. */
export function steps(...names: readonly string[]): readonly Part[] {
  return names.map((step, minute) => ({
    step,
    time: `2026-01-01T00:${String(minute).padStart(2, "0")}:00Z`,
  }));
}

function object(kind: string, name: string, spec: Part): KubernetesObject & { spec: Part } {
  return { apiVersion: "tgp.io/v1", kind, metadata: { name }, spec };
}
