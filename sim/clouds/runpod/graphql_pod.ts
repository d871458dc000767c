/**
 * Pods as GraphQL shows them.
 *
 * @module
 */

import type { RunpodBehaviour } from "./behaviour.ts";
import { toCreationText, toDateText } from "./date_texts.ts";
import { mappedPortsAt } from "./mapped_ports.ts";
import { isOn, lastRun, type Pod, stateAt, uptimeSecondsAt } from "./pod.ts";
import { countryOf } from "./places.ts";

type Fields = Readonly<Record<string, unknown>>;

const microsPerDollar = 1_000_000;

/** A pod. */
export function renderGraphqlPod(pod: Pod, now: number, behaviour: RunpodBehaviour): Fields {
  const { order, placement } = pod;
  const costPerHr = pod.costPerHour / microsPerDollar;
  const runtime = renderRuntime(pod, now, behaviour);
  return {
    id: pod.id,
    name: order.name,
    desiredStatus: behaviour.inventedState ?? desiredStatusOf(pod),
    lastStatusChange: `${pod.change.cause}: ${toDateText(pod.change.at)}`,
    podType: order.bidPerGpu === undefined ? "RESERVED" : "INTERRUPTABLE",
    createdAt: toCreationText(pod.createdAt, behaviour.createdAtFormat),
    lastStartedAt: toCreationText(lastRun(pod).startedAt, behaviour.createdAtFormat),
    imageName: order.image,
    dockerArgs: order.args,
    env: Object.entries(pod.env).map(([key, value]) => `${key}=${value}`),
    ports: order.ports.join(","),
    gpuCount: order.gpuCount,
    vcpuCount: placement.host.vcpuPerGpu * order.gpuCount,
    memoryInGb: placement.host.memoryPerGpuGb * order.gpuCount,
    containerDiskInGb: order.containerDiskGb,
    volumeInGb: order.volumeGb,
    volumeMountPath: order.volumePath,
    costPerHr,
    adjustedCostPerHr: costPerHr,
    aiApiId: order.endpointId ?? null,
    locked: false,
    machineId: pod.machineId,
    machine: renderMachine(pod),
    runtime,
    latestTelemetry: runtime && {
      state: isOn(pod) ? "running" : "exited",
      time: new Date(now).toISOString(),
      lastStateTransitionTimestamp: Math.floor(pod.change.at / 1_000),
    },
  };
}

/** What is wanted, not what is. */
function desiredStatusOf(pod: Pod): string {
  if (pod.terminatedAt !== undefined) return "TERMINATED";
  return isOn(pod) ? "RUNNING" : "EXITED";
}

function renderMachine({ hostId, order, placement }: Pod): Fields {
  const { type, cloud, place } = placement;
  return {
    podHostId: hostId,
    gpuDisplayName: type.name,
    gpuTypeId: order.gpuTypeId,
    dataCenterId: cloud === "SECURE" ? place : null,
    location: countryOf(place),
    secureCloud: cloud === "SECURE",
  };
}

function renderRuntime(pod: Pod, now: number, behaviour: RunpodBehaviour): Fields | null {
  const { endedAt, containerAt } = lastRun(pod);
  const seenAt = endedAt ?? now;
  const isStale = endedAt !== undefined && now < endedAt + behaviour.staleRuntimeMs;
  const ran = containerAt !== undefined && containerAt <= seenAt;
  if (!ran || !(isStale || stateAt(pod, now) === "RUNNING")) return null;
  const ports = mappedPortsAt(pod, seenAt);
  return {
    uptimeInSeconds: uptimeSecondsAt(pod, seenAt),
    container: { cpuPercent: 7, memoryPercent: 3 },
    gpus: pod.gpuIds.map((id) => ({ id, gpuUtilPercent: 0, memoryUtilPercent: 0 })),
    ports: ports.length === 0 ? null : ports,
  };
}
