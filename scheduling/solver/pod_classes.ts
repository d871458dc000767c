/**
 * Pending pods, put together where the solver cannot tell them apart.
 *
 * @module
 */

import type { Pod } from "../../schemas/kubernetes.ts";
import { labels as labelKeys } from "../../schemas/labels.ts";
import type { Resources } from "../../schemas/quantity.ts";
import { nodeAlternatives } from "../node_constraints.ts";
import type { PodRef } from "../plan.ts";
import { podRequests } from "../pod_requests.ts";
import type { Requirements } from "../requirements.ts";
import { isDevice } from "./dimensions.ts";
import { type HostPort, hostPortsOf } from "./host_ports.ts";
import { keysOfTerms, readTopologyTerms, type TopologyTerm } from "./topology_terms.ts";

/** Pods that are alike in everything a decision depends on. */
export interface PodClass {
  /** In order of creation, then UID. */
  readonly pods: readonly PodRef[];
  /** Any one of them. */
  readonly sample: Pod;
  readonly priority: number;
  readonly requests: Resources;
  readonly alternatives: readonly Requirements[];
  readonly terms: readonly TopologyTerm[];
  readonly hostPorts: readonly HostPort[];
  /** Whether it asks for a device (a GPU), by request or by naming a label of GPU machines. */
  readonly wantsDevice: boolean;
  /** Equal for classes that the same pools and offers suit, resources aside. */
  readonly nodeKey: string;
}

/** Pods that cannot be served by anybody, with the reason. */
export interface RefusedPods {
  readonly pods: readonly PodRef[];
  readonly refusal: string;
}

/** Pending pods in classes. */
export interface GroupedPods {
  /** In the order in which they are served. */
  readonly classes: readonly PodClass[];
  readonly refused: readonly RefusedPods[];
}

/** Label keys by which a pod says that it wants a GPU machine without asking for a GPU. */
const gpuLabelKeys: readonly string[] = [
  labelKeys.nodePool,
  labelKeys.gpuModel,
  labelKeys.gpuCount,
  labelKeys.gpuMemoryGb,
  labelKeys.nvidiaProduct,
  labelKeys.nvidiaMemory,
  labelKeys.nvidiaCount,
  labelKeys.instanceType,
];

/** Label keys by which pods are selected. */
export interface SelectingKeys {
  /** By pools: they decide which machines suit a pod. */
  readonly pools: ReadonlySet<string>;
  /** By other pods. */
  readonly neighbours: ReadonlySet<string>;
}

/**
 * Groups pods and sorts the groups: higher priority first, then more GPUs, more cpu, more memory,
 * earlier creation, smaller UID.
 */
export function groupPods(pods: readonly Pod[], selecting: SelectingKeys): GroupedPods {
  const groups = new Map<string, Pod[]>();
  const keys = [...new Set([...selecting.pools, ...selecting.neighbours])].sort();
  const poolKeys = [...selecting.pools].sort();
  for (const pod of pods) {
    const key = fingerprint(pod, keys);
    const group = groups.get(key);
    if (group) group.push(pod);
    else groups.set(key, [pod]);
  }
  const classes: PodClass[] = [];
  const refused: RefusedPods[] = [];
  for (const group of groups.values()) {
    group.sort(compareByAge);
    const result = toClass(group, poolKeys);
    if ("refusal" in result) refused.push(result);
    else classes.push(result);
  }
  classes.sort(compareClasses);
  refused.sort((left, right) => compareRefs(left.pods[0], right.pods[0]));
  return { classes, refused };
}

/** The label keys that the pods' own terms look at. */
export function labelKeysOfTerms(pods: readonly Pod[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const pod of pods) {
    if (!pod.spec.affinity && !pod.spec.topologySpreadConstraints) continue;
    const read = readTopologyTerms(pod);
    if ("refusal" in read) continue;
    for (const key of keysOfTerms(read.terms)) keys.add(key);
  }
  return keys;
}

/** Which pod this is. */
function refOf({ metadata }: Pod): PodRef {
  return {
    namespace: metadata.namespace ?? "default",
    name: metadata.name,
    uid: metadata.uid ?? `${metadata.namespace ?? "default"}/${metadata.name}`,
  };
}

/** Everything in a pod that a decision depends on; equal text means equal treatment. */
function fingerprint({ metadata, spec }: Pod, keys: readonly string[]): string {
  const containers = spec.containers.map(({ resources, ports }) => [resources, ports]);
  const parts: unknown[] = [spec.priority, containers];
  // Most pods have none of the rest; leaving it out keeps a batch of tens of thousands cheap.
  parts.push(spec.initContainers?.map((c) => [c.resources, c.restartPolicy, c.ports]));
  parts.push(spec.nodeSelector, spec.tolerations, spec.overhead, spec.resources);
  parts.push(spec.resourceClaims?.length, spec.topologySpreadConstraints);
  if (spec.affinity) {
    const { nodeAffinity, podAffinity, podAntiAffinity } = spec.affinity;
    parts.push(
      nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution,
      podAffinity?.requiredDuringSchedulingIgnoredDuringExecution,
      podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution,
    );
  }
  parts.push(metadata.namespace);
  for (const key of keys) parts.push(metadata.labels?.[key]);
  return JSON.stringify(parts);
}

function toClass(pods: readonly Pod[], poolKeys: readonly string[]): PodClass | RefusedPods {
  const refs = pods.map(refOf);
  const [sample] = pods;
  if (!sample) return { pods: refs, refusal: "" };
  if (sample.spec.resourceClaims && sample.spec.resourceClaims.length > 0) {
    return {
      pods: refs,
      refusal:
        "It uses resource claims (dynamic resource allocation), which are not supported: request nvidia.com/gpu",
    };
  }
  try {
    const read = readTopologyTerms(sample);
    if ("refusal" in read) return { pods: refs, refusal: read.refusal };
    const requests = podRequests(sample);
    const alternatives = nodeAlternatives(sample);
    if (alternatives.length === 0) {
      return {
        pods: refs,
        refusal: "Its required node affinity has no term that a node could meet",
      };
    }
    const wantsDevice = Object.keys(requests).some(isDevice) ||
      alternatives.some((requirements) => gpuLabelKeys.some((key) => requirements.has(key)));
    const { nodeSelector, tolerations, affinity } = sample.spec;
    return {
      pods: refs,
      sample,
      priority: sample.spec.priority ?? 0,
      requests,
      alternatives,
      terms: read.terms,
      hostPorts: hostPortsOf(sample),
      wantsDevice,
      nodeKey: JSON.stringify([
        nodeSelector,
        tolerations,
        affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution,
        wantsDevice,
        poolKeys.map((key) => sample.metadata.labels?.[key]),
      ]),
    };
  } catch (error) {
    // Quantities and operators that the API server lets pass but nobody can compute with.
    if (error instanceof RangeError) return { pods: refs, refusal: error.message };
    throw error;
  }
}

function compareByAge(left: Pod, right: Pod): number {
  return compareText(
    left.metadata.creationTimestamp ?? "",
    right.metadata.creationTimestamp ?? "",
  ) ||
    compareText(refOf(left).uid, refOf(right).uid);
}

function compareClasses(left: PodClass, right: PodClass): number {
  return right.priority - left.priority ||
    devicesOf(right) - devicesOf(left) ||
    (right.requests["cpu"] ?? 0) - (left.requests["cpu"] ?? 0) ||
    (right.requests["memory"] ?? 0) - (left.requests["memory"] ?? 0) ||
    compareByAge(left.sample, right.sample);
}

function devicesOf({ requests }: PodClass): number {
  let devices = 0;
  for (const [name, amount] of Object.entries(requests)) if (isDevice(name)) devices += amount;
  return devices;
}

function compareRefs(left: PodRef | undefined, right: PodRef | undefined): number {
  return compareText(left?.uid ?? "", right?.uid ?? "");
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
