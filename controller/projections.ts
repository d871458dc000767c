/**
 * Pods and Nodes cut down to the fields in use, as they are decoded: most of a cluster's memory would
 * otherwise be managed fields and volumes that nobody reads.
 *
 * @module
 */

import { nodes, pods, type ResourceType } from "../kube/resource.ts";
import type { Container, Node, ObjectMeta, Pod } from "../schemas/kubernetes.ts";

/** Pods without what scheduling and draining do not read. */
export const projectedPods: ResourceType<Pod> = { ...pods, parse: (raw) => toPod(pods.parse(raw)) };

/** Nodes without images and other lists. */
export const projectedNodes: ResourceType<Node> = {
  ...nodes,
  parse: (raw) => toNode(nodes.parse(raw)),
};

function toPod(pod: Pod): Pod {
  const { spec, status } = pod;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: toMeta(pod.metadata),
    spec: {
      nodeName: spec.nodeName,
      schedulerName: spec.schedulerName,
      nodeSelector: spec.nodeSelector,
      affinity: spec.affinity,
      topologySpreadConstraints: spec.topologySpreadConstraints,
      tolerations: spec.tolerations,
      priority: spec.priority,
      preemptionPolicy: spec.preemptionPolicy,
      overhead: spec.overhead,
      resources: spec.resources,
      schedulingGates: spec.schedulingGates,
      terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds,
      containers: spec.containers.map(toContainer),
      initContainers: spec.initContainers?.map(toContainer),
    },
    status: status && {
      phase: status.phase,
      nominatedNodeName: status.nominatedNodeName,
      conditions: status.conditions?.filter(({ type }) => type === "PodScheduled"),
    },
  };
}

function toContainer({ name, restartPolicy, ports, resources }: Container): Container {
  return { name, restartPolicy, ports: ports?.filter(({ hostPort }) => hostPort), resources };
}

function toNode({ metadata, spec, status }: Node): Node {
  const kubeletVersion = status?.nodeInfo?.["kubeletVersion"];
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: toMeta(metadata),
    spec: spec && {
      providerID: spec.providerID,
      unschedulable: spec.unschedulable,
      taints: spec.taints,
    },
    status: status && {
      capacity: status.capacity,
      allocatable: status.allocatable,
      conditions: status.conditions?.filter(({ type }) => type === "Ready"),
      addresses: status.addresses,
      nodeInfo: kubeletVersion === undefined ? undefined : { kubeletVersion },
    },
  };
}

function toMeta(meta: ObjectMeta): ObjectMeta {
  const annotations = Object.entries(meta.annotations ?? {}).filter(([key]) =>
    key.startsWith("tgp.io/") || key === "kubernetes.io/config.mirror"
  );
  return {
    name: meta.name,
    namespace: meta.namespace,
    uid: meta.uid,
    resourceVersion: meta.resourceVersion,
    creationTimestamp: meta.creationTimestamp,
    deletionTimestamp: meta.deletionTimestamp,
    labels: meta.labels,
    annotations: Object.fromEntries(annotations),
    finalizers: meta.finalizers,
    ownerReferences: meta.ownerReferences,
  };
}
