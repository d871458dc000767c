/**
 * Objects for tests of the controllers, each valid and small, with what matters replaced.
 *
 * @module
 */

import type { Instance, Offer, ProviderInfo } from "../../providers/contract.ts";
import { type Condition, formatTime } from "../../schemas/conditions.ts";
import { minutes, seconds } from "../../schemas/duration.ts";
import { divideUsd, parseUsd } from "../../schemas/money.ts";
import type { GPUNodeClaim, Launch, NodeClaimStatus } from "../../schemas/node_claim.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import type { GPUNodePool } from "../../schemas/node_pool.ts";
import type { Node, ObjectMeta, Pod } from "../../schemas/kubernetes.ts";
import { gibibytes, wholeQuantity } from "../../schemas/quantity.ts";

/** When tests begin, in epoch milliseconds. */
export const testStart: number = Date.UTC(2026, 0, 1);

/** An offer of one A10 in us-east-1 for 1.29 an hour. */
export function buildOffer(change: Partial<Offer> = {}): Offer {
  const gpu = change.gpu ?? { model: "A10-24GB", known: true, count: 1, memoryGb: 24 };
  const perHour = change.price?.perHour ?? parseUsd("1.29");
  const capacity = {
    cpu: wholeQuantity(30),
    memory: gibibytes(200),
    "nvidia.com/gpu": wholeQuantity(gpu.count),
    pods: wholeQuantity(110),
  };
  return {
    id: "of-a10east1",
    account: "lambda",
    provider: "lambda",
    instanceType: "gpu_1x_a10",
    capacityType: "on-demand",
    location: { region: "us-east-1", country: "us", continent: "na" },
    gpu,
    arch: "amd64",
    capacity,
    allocatable: capacity,
    labels: { "tgp.io/gpu-model": gpu.model, "kubernetes.io/arch": "amd64" },
    price: {
      perHour,
      perGpuHour: divideUsd(perHour, gpu.count),
      currency: "USD",
      billingIncrement: minutes(1),
      source: "api",
      readAt: testStart,
    },
    available: true,
    ...change,
  };
}

/** A machine of ours that runs. */
export function buildInstance(change: Partial<Instance> = {}): Instance {
  return {
    id: "i-1",
    name: "tgp-abc123-gpu-aaaaaa",
    state: "running",
    rawState: "active",
    ownership: { kind: "ours", claimName: "tgp-abc123-gpu-aaaaaa" },
    instanceType: "gpu_1x_a10",
    region: "us-east-1",
    addresses: ["203.0.113.7"],
    pricePerHour: parseUsd("1.29"),
    providerID: "lambda://us-east-1/i-1",
    launchedAt: testStart,
    ...change,
  };
}

/** Lambda's facts. */
export function buildInfo(change: Partial<ProviderInfo> = {}): ProviderInfo {
  return {
    provider: "lambda",
    displayName: "Lambda Cloud",
    joinsAs: "node",
    capacityTypes: ["on-demand"],
    canStop: false,
    hasTags: true,
    acceptsUserData: true,
    userDataFormat: "cloud-config",
    maxUserDataBytes: 1_000_000,
    billingStarts: "running",
    instancePrices: "listed",
    settle: minutes(5),
    callTimeout: seconds(60),
    ...change,
  };
}

/** An order for {@linkcode buildOffer}'s machine. */
export function buildLaunch(change: Partial<Launch> = {}): Launch {
  const offer = buildOffer();
  return {
    offer: {
      id: offer.id,
      provider: "lambda",
      account: "lambda",
      instanceType: offer.instanceType,
      region: "us-east-1",
      capacityType: "on-demand",
      gpuModel: "A10-24GB",
      gpuCount: 1,
      pricePerHour: offer.price.perHour,
      billingIncrement: minutes(1),
      capacity: offer.allocatable,
      labels: offer.labels,
    },
    machineName: "tgp-abc123-gpu-aaaaaa",
    intentTime: formatTime(testStart),
    sendBefore: formatTime(testStart + 30_000),
    outcome: "Launched",
    ...change,
  };
}

/** A claim of pool `gpu` and class `default`. */
export function buildClaim(
  status: NodeClaimStatus = {},
  change: {
    readonly metadata?: Partial<ObjectMeta>;
    readonly spec?: Partial<GPUNodeClaim["spec"]>;
  } = {},
): GPUNodeClaim {
  return {
    apiVersion: "tgp.io/v1",
    kind: "GPUNodeClaim",
    metadata: {
      name: "tgp-abc123-gpu-aaaaaa",
      uid: "claim-uid",
      resourceVersion: "1",
      generation: 1,
      creationTimestamp: formatTime(testStart),
      ...change.metadata,
    },
    spec: {
      nodeClassRef: { name: "default" },
      nodePoolRef: { name: "gpu" },
      resources: { "nvidia.com/gpu": wholeQuantity(1) },
      maxPricePerHour: parseUsd("2.00"),
      ...change.spec,
    },
    status,
  };
}

/** A step list from step names and offsets in seconds. */
export function buildSteps(
  offsets: Partial<Record<NonNullable<NodeClaimStatus["steps"]>[number]["step"], number>>,
): NonNullable<NodeClaimStatus["steps"]> {
  return (Object.entries(offsets) as [
    NonNullable<NodeClaimStatus["steps"]>[number]["step"],
    number,
  ][]).map(([step, offset]) => ({ step, time: formatTime(testStart + offset * 1000) }));
}

/** A pending pod that asks for one GPU. */
export function buildPod(
  change: {
    readonly metadata?: Partial<ObjectMeta>;
    readonly spec?: Partial<Pod["spec"]>;
    readonly status?: Pod["status"];
  } = {},
): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "pod", namespace: "default", uid: "pod-uid", ...change.metadata },
    spec: {
      containers: [{
        name: "main",
        image: "example/main:1",
        resources: { limits: { "nvidia.com/gpu": "1" } },
      }],
      ...change.spec,
    },
    status: change.status ?? {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }],
    },
  };
}

/** A ready node. */
export function buildNode(
  change: { readonly metadata?: Partial<ObjectMeta>; readonly ready?: boolean } = {},
): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "tgp-abc123-gpu-aaaaaa", uid: "node-uid", ...change.metadata },
    spec: { taints: [] },
    status: {
      allocatable: { cpu: "30", memory: "200Gi", "nvidia.com/gpu": "1", pods: "110" },
      conditions: [{ type: "Ready", status: change.ready === false ? "False" : "True" }],
      addresses: [{ type: "InternalIP", address: "203.0.113.7" }],
    },
  };
}

/** Pool `gpu` of class `default`. */
export function buildPool(
  change: {
    readonly metadata?: Partial<ObjectMeta>;
    readonly spec?: Partial<GPUNodePool["spec"]>;
    readonly status?: GPUNodePool["status"];
  } = {},
): GPUNodePool {
  return {
    apiVersion: "tgp.io/v1",
    kind: "GPUNodePool",
    metadata: { name: "gpu", uid: "pool-uid", generation: 1, ...change.metadata },
    spec: { nodeClassRef: { name: "default" }, ...change.spec },
    ...(change.status === undefined ? {} : { status: change.status }),
  };
}

/** Class `default` with one Lambda account and a bootstrap. */
export function buildClass(
  change: {
    readonly metadata?: Partial<ObjectMeta>;
    readonly spec?: Partial<GPUNodeClass["spec"]>;
    readonly status?: GPUNodeClass["status"];
  } = {},
): GPUNodeClass {
  return {
    apiVersion: "tgp.io/v1",
    kind: "GPUNodeClass",
    metadata: { name: "default", uid: "class-uid", generation: 1, ...change.metadata },
    spec: {
      providers: [{
        name: "lambda",
        credentialsRef: { name: "lambda-key", key: "apiKey" },
        lambda: { sshKeyName: "tgp" },
      }],
      bootstrap: {
        kubeadm: {
          apiServerEndpoint: "api.example.test:6443",
          caBundle: "Q0E=",
          kubernetesVersion: "1.36.1",
        },
      },
      ...change.spec,
    },
    ...(change.status === undefined ? {} : { status: change.status }),
  };
}

/** A condition that holds, since tests begin. */
export function buildCondition(type: string, reason: string = type): Condition {
  return { type, status: "True", reason, message: "", lastTransitionTime: formatTime(testStart) };
}
