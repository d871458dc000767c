/**
 * The Node that a kubelet registers and reports on. Pure.
 *
 * @module
 */

import { formatTime } from "../../schemas/conditions.ts";
import type { Node, ObjectCondition, Taint } from "../../schemas/kubernetes.ts";
import { taints as taintKeys } from "../../schemas/labels.ts";
import { gpuResource } from "../../schemas/quantity.ts";
import type { KubeletFaults } from "./faults.ts";
import type { Machine } from "./machine.ts";
import type { JoinPlan } from "./user_data.ts";

/** What changes while a node comes up; times in epoch milliseconds. */
export interface NodeState {
  /** When the network came up; absent: not yet. */
  readonly networkSince?: number | undefined;
  /** GPUs that the device plugin found; absent: it has not started yet. */
  readonly gpuCount?: number | undefined;
  readonly registeredAt: number;
}

/** Hard eviction threshold for memory, which kubelet keeps back by default. */
const reservedMemoryMiB = 100;

/** The Node as a kubelet creates it: not ready, without GPUs. */
export function createNode(
  machine: Machine,
  plan: JoinPlan,
  faults: KubeletFaults,
  state: NodeState,
): Node {
  const name = faults.nodeName ?? plan.nodeName;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": machine.arch,
        ...plan.labels,
      },
      annotations: { "volumes.kubernetes.io/controller-managed-attach-detach": "true" },
    },
    spec: {
      taints: plan.taints.filter((taint) => !(faults.omitsUnregisteredTaint && isOurs(taint))),
      ...(faults.providerID === undefined ? {} : { providerID: faults.providerID }),
    },
    status: {
      ...createNodeStatus(machine, state, state.registeredAt),
      addresses: createAddresses(machine, name, faults),
      nodeInfo: createNodeInfo(machine, plan.version),
    },
  };
}

/** What a kubelet patches into its Node's status, by strategic merge. */
export function createNodeStatus(
  machine: Machine,
  state: NodeState,
  now: number,
): Pick<NonNullable<Node["status"]>, "capacity" | "allocatable" | "conditions"> {
  const memoryMiB = machine.memoryGiB * 1024;
  const capacity = {
    cpu: String(machine.cpuCount),
    memory: `${memoryMiB}Mi`,
    "ephemeral-storage": `${machine.storageGiB}Gi`,
    pods: "110",
    ...(state.gpuCount === undefined ? {} : { [gpuResource]: String(state.gpuCount) }),
  };
  const allocatable = { ...capacity, memory: `${memoryMiB - reservedMemoryMiB}Mi` };
  return { capacity, allocatable, conditions: createConditions(state, now) };
}

function createConditions(state: NodeState, now: number): ObjectCondition[] {
  const condition = (
    type: string,
    status: ObjectCondition["status"],
    since: number,
    reason: string,
    message: string,
  ): ObjectCondition => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: formatTime(now),
    lastTransitionTime: formatTime(since),
  });
  const { registeredAt, networkSince } = state;
  return [
    condition(
      "MemoryPressure",
      "False",
      registeredAt,
      "KubeletHasSufficientMemory",
      "kubelet has sufficient memory available",
    ),
    condition(
      "DiskPressure",
      "False",
      registeredAt,
      "KubeletHasNoDiskPressure",
      "kubelet has no disk pressure",
    ),
    condition(
      "PIDPressure",
      "False",
      registeredAt,
      "KubeletHasSufficientPID",
      "kubelet has sufficient PID available",
    ),
    networkSince === undefined
      ? condition(
        "Ready",
        "False",
        registeredAt,
        "KubeletNotReady",
        "container runtime network not ready: NetworkReady=false " +
          "reason:NetworkPluginNotReady message:Network plugin returns error: " +
          "cni plugin not initialized",
      )
      : condition("Ready", "True", networkSince, "KubeletReady", "kubelet is posting ready status"),
  ];
}

function createAddresses(
  machine: Machine,
  name: string,
  faults: KubeletFaults,
): { type: string; address: string }[] {
  const own = [machine.privateAddress ?? machine.publicAddress];
  const addresses = (faults.addresses ?? own).filter((address) => address !== undefined);
  return [
    ...addresses.map((address) => ({ type: "InternalIP", address })),
    { type: "Hostname", address: name },
  ];
}

/** A kubelet without cloud provider says what its machine says. */
function createNodeInfo(machine: Machine, version: string): Record<string, string> {
  return {
    machineID: machine.id,
    systemUUID: machine.id,
    bootID: machine.id,
    kernelVersion: "6.8.0-60-generic",
    osImage: "Ubuntu 24.04.2 LTS",
    containerRuntimeVersion: "containerd://1.7.27",
    kubeletVersion: `v${version}`,
    kubeProxyVersion: "",
    operatingSystem: "linux",
    architecture: machine.arch,
  };
}

function isOurs(taint: Taint): boolean {
  return taint.key === taintKeys.unregistered;
}
