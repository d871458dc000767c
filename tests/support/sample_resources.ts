/**
 * One object of each kind with every field there is, on the wire: the starting point of mutations.
 *
 * @module
 */

import type { ResourceKind } from "../../schemas/definitions.ts";

/** Spec and status of one kind. */
export interface SampleResource {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status: Readonly<Record<string, unknown>>;
}

const time = "2026-11-24T10:00:00Z";
const taint = { key: "example.com/team", value: "ml", effect: "NoSchedule" };
const startupTaint = { key: "example.com/agent", value: "absent", effect: "NoExecute" };
const limits = {
  nodes: 4,
  resources: { "nvidia.com/gpu": 8, cpu: "64", memory: "2Ti" },
  spendPerHour: "20",
  spendPerDay: "100.50",
};
const conditions = ["Ready", "Other"].map((type) => ({
  type,
  status: "True",
  observedGeneration: 1,
  lastTransitionTime: time,
  reason: "Ready",
  message: "Everything is there",
}));

const lambda = {
  name: "lambda",
  provider: "lambdalabs",
  priority: -1,
  enabled: true,
  credentialsRef: { name: "keys", key: "lambda", namespace: "tgp-system" },
  regions: ["us-east-1", "us-west-2"],
  timeouts: { launch: "15m", registration: "10m30s", initialization: "1h" },
  discountPercent: 10,
  lambda: {
    sshKeyName: "laptop",
    imageFamily: "lambda-stack-24-04",
    filesystems: ["data", "models"],
    firewallRulesetIDs: ["c4d291f47f9d436fa39f58493ce3b50d"],
  },
};

const paperspace = {
  templateID: "tkni3aa4",
  networkID: "nabc123",
  publicIPType: "Static",
  diskSizeGb: 250,
};
const runpod = { protocol: "REST", cloudType: "Community" };

const requirements = [
  { key: "tgp.io/gpu-model", operator: "In", values: ["H100-SXM5-80GB", "A100-SXM4-80GB"] },
  { key: "tgp.io/gpu-count", operator: "Gt", values: ["1"] },
  { key: "tgp.io/country", operator: "Exists" },
];

const nodeClass: SampleResource = {
  spec: {
    providers: [
      lambda,
      {
        name: "lambda-image",
        provider: "lambda",
        credentialsRef: { name: "keys", key: "other" },
        lambda: { sshKeyName: "k", imageID: "5c2a6ad4-8b7f-4a5e-9d3c-0f1e2d3c4b5a" },
      },
      {
        name: "paperspace",
        credentialsRef: { name: "keys", key: "paperspace" },
        paperspace,
      },
      {
        name: "runpod",
        credentialsRef: { name: "keys", key: "runpod" },
        runpod,
      },
    ],
    bootstrap: {
      kubeadm: {
        apiServerEndpoint: "kubernetes.example.com:6443",
        caBundle: "Zm9v",
        kubernetesVersion: "1.36.1",
        gpuMode: "Operator",
      },
    },
    limits,
  },
  status: {
    observedGeneration: 1,
    conditions,
    providers: [{
      name: "lambda",
      provider: "lambda",
      available: true,
      reason: "Ready",
      message: "Machines can be bought",
      credentialFingerprint: "0123456789ab",
      fingerprintInUse: "0123456789ab",
      account: "team",
      offers: 12,
      availableOffers: 3,
      cheapestPerHour: "0.75",
      breakers: [{ operation: "launch", state: "Open" }],
    }],
    lastCheckedTime: time,
  },
};

const nodePool: SampleResource = {
  spec: {
    nodeClassRef: { name: "default" },
    podSelector: {
      matchLabels: { team: "ml" },
      matchExpressions: [{ key: "tier", operator: "NotIn", values: ["web"] }],
    },
    template: {
      metadata: {
        labels: { "example.com/team": "ml" },
        annotations: { "example.com/note": "rented", "tgp.io/do-not-disrupt": "true" },
      },
      spec: {
        requirements,
        taints: [taint],
        startupTaints: [startupTaint],
        terminationGracePeriod: "1h",
      },
    },
    limits,
    price: { maxPerHour: "35", maxPerGpuHour: "4.50" },
    weight: 10,
    disruption: { consolidationPolicy: "WhenEmpty", consolidateAfter: "5m" },
    paused: false,
  },
  status: {
    observedGeneration: 1,
    conditions,
    nodes: 2,
    readyNodes: 1,
    resources: { "nvidia.com/gpu": "12", cpu: "1500m" },
    spendPerHour: "35.47",
    spentToday: "412.10",
    pendingPods: 4,
  },
};

const nodeClaim: SampleResource = {
  spec: {
    nodeClassRef: { name: "default" },
    nodePoolRef: { name: "train" },
    requirements,
    resources: { "nvidia.com/gpu": 8, memory: "500Gi" },
    labels: { "example.com/team": "ml" },
    annotations: { "example.com/note": "rented" },
    taints: [taint],
    startupTaints: [startupTaint],
    maxPricePerHour: "30",
    terminationGracePeriod: "1h",
    consolidationPolicy: "Never",
    consolidateAfter: "5m",
  },
  status: {
    observedGeneration: 1,
    conditions,
    launch: {
      offer: {
        id: "of-abcdefgh",
        provider: "lambda",
        account: "lambda",
        instanceType: "gpu_8x_h100_sxm5",
        region: "us-east-1",
        capacityType: "on-demand",
        gpuModel: "H100-SXM5-80GB",
        gpuCount: 8,
        pricePerHour: "22.32",
        billingIncrement: "1m",
        capacity: { "nvidia.com/gpu": "8" },
        labels: { "tgp.io/gpu-model": "H100-SXM5-80GB" },
      },
      machineName: "tgp-a1b2c3-train-x9fk2q",
      accountID: "team",
      entry: {
        ...lambda,
        lambda: { ...lambda.lambda, imageID: "5c2a6ad4-8b7f-4a5e-9d3c-0f1e2d3c4b5a" },
        paperspace,
        runpod,
      },
      credentialFingerprint: "0123456789ab",
      intentTime: time,
      sendBefore: "2026-11-24T10:00:30Z",
      outcome: "Launched",
      message: "ok",
    },
    offers: ["of-abcdefgh", "of-ijklmnop"],
    refusedOffers: [{
      id: "of-ijklmnop",
      description: "8x H100-SXM5-80GB (gpu_8x_h100_sxm5) in us-west-2 from lambda",
      reason: "outOfCapacity",
      message: "Not enough capacity",
      time,
    }],
    providerID: "lambda:///0920582c7ff041399e34823a0be62549",
    instanceID: "0920582c7ff041399e34823a0be62549",
    instanceState: "active",
    addresses: ["198.51.100.2", "10.0.0.2"],
    prices: [{ from: time, perHour: "22.32", source: "Offer" }],
    nodeName: "tgp-a1b2c3-train-x9fk2q",
    nodeUID: "b3c1a7f0-0000-4000-8000-000000000001",
    approvedCSRs: 1,
    steps: [{ step: "Ordered", time }, { step: "Accepted", time }],
    lastPodTime: time,
    end: { reason: "Empty", message: "No pod has used the node for 5m" },
  },
};

/** By kind. */
export const sampleResources: Readonly<Record<ResourceKind, SampleResource>> = {
  GPUNodeClass: nodeClass,
  GPUNodePool: nodePool,
  GPUNodeClaim: nodeClaim,
};
