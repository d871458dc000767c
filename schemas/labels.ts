/**
 * Keys of labels, taints, annotations and finalizers that this project owns or predicts.
 *
 * @module
 */

/** API group of the resources, and domain of every key below. */
export const apiGroup = "tgp.io";

/** API version of the resources. */
export const apiVersion = "tgp.io/v1";

/** Label keys that nodes, claims and offers carry. */
export const labels = {
  nodePool: "tgp.io/node-pool",
  nodeClass: "tgp.io/node-class",
  /** Set on a Node once it was matched to its claim. */
  registered: "tgp.io/registered",
  provider: "tgp.io/provider",
  /** The entry of the class's `providers[]` whose account pays. */
  account: "tgp.io/account",
  gpuModel: "tgp.io/gpu-model",
  gpuCount: "tgp.io/gpu-count",
  gpuMemoryGb: "tgp.io/gpu-memory-gb",
  capacityType: "tgp.io/capacity-type",
  country: "tgp.io/country",
  continent: "tgp.io/continent",
  /** On the Secrets made for one claim. */
  claim: "tgp.io/claim",
  instanceType: "node.kubernetes.io/instance-type",
  region: "topology.kubernetes.io/region",
  zone: "topology.kubernetes.io/zone",
  arch: "kubernetes.io/arch",
  os: "kubernetes.io/os",
  hostname: "kubernetes.io/hostname",
  /** Predicted labels of NVIDIA GPU feature discovery, so that pods which select them are served. */
  nvidiaProduct: "nvidia.com/gpu.product",
  nvidiaMemory: "nvidia.com/gpu.memory",
  nvidiaCount: "nvidia.com/gpu.count",
} as const;

/** Taint keys. */
export const taints = {
  /** A machine registers with it; the controller removes it when it has accepted the Node. */
  unregistered: "tgp.io/unregistered",
  /** The node is leaving. */
  disrupted: "tgp.io/disrupted",
} as const;

/** Annotation keys. */
export const annotations = {
  doNotDisrupt: "tgp.io/do-not-disrupt",
  /** On a claim: UIDs of the pods that it was planned for, separated by commas. */
  plannedPods: "tgp.io/planned-pods",
} as const;

/** Holds a claim until its machine is confirmed gone, and a Node until it is drained. */
export const terminationFinalizer = "tgp.io/termination";

/** The group of every bootstrap token this project makes; the approver looks for it. */
export const bootstrapGroup = "system:bootstrappers:tgp";

/** Where the controller keeps its own objects, unless told otherwise. */
export const defaultNamespace = "tgp-system";
