/**
 * Pods, GPU types and data centers as REST v2 writes them.
 *
 * @module
 */

import type { RunpodBehaviour } from "./behaviour.ts";
import { toCreationText } from "./date_texts.ts";
import { type MappedPort, mappedPortsAt } from "./mapped_ports.ts";
import { isOn, lastRun, type Pod, type PodState, stateAt, uptimeSecondsAt } from "./pod.ts";

/** JSON under construction. */
export type Json = Readonly<Record<string, unknown>>;

/** Transitions that a status allows, as documented. */
export const actionsOf: Readonly<Record<PodState, readonly string[]>> = Object.freeze({
  PROVISIONING: ["stop", "terminate"],
  STARTING: ["stop", "terminate"],
  RUNNING: ["stop", "restart", "terminate"],
  EXITED: ["start", "terminate"],
  ERROR: ["start", "terminate"],
  TERMINATED: [],
});

/** A pod. */
export function renderPod(pod: Pod, now: number, behaviour: RunpodBehaviour): Json {
  const { order, placement } = pod;
  const state = stateAt(pod, now);
  const run = lastRun(pod);
  return {
    id: pod.id,
    name: order.name,
    image: order.image,
    args: order.args,
    disk: order.containerDiskGb,
    ports: order.ports,
    env: pod.env,
    registry: null,
    status: behaviour.inventedState ?? state,
    actions: actionsOf[state],
    mounts: order.volumeGb > 0
      ? { persistent: { size: order.volumeGb, path: order.volumePath } }
      : {},
    gpu: { id: order.gpuTypeId, count: order.gpuCount },
    cloud: placement.cloud,
    dataCenterId: placement.cloud === "SECURE" ? placement.place : null,
    cudaVersion: placement.host.cudaVersion,
    ssh: renderSsh(pod, now),
    template: null,
    cost: isOn(pod) ? pod.costPerHour / 1_000_000 : 0,
    locked: false,
    globalNetworking: renderNetwork(pod),
    runtime: state === "RUNNING" ? renderRuntime(pod, now) : null,
    createdAt: toCreationText(pod.createdAt, behaviour.createdAtFormat),
    startedAt: run.containerAt !== undefined && run.containerAt <= now
      ? toCreationText(run.containerAt, behaviour.createdAtFormat)
      : null,
    ...(behaviour.unknownFields && { invented: { by: ["nobody"] } }),
  };
}

function renderRuntime(pod: Pod, now: number): Json {
  return {
    uptime: uptimeSecondsAt(pod, now),
    gpus: pod.gpuIds.map(() => ({ util: 0, memoryUtil: 0 })),
    cpu: { util: 7 },
    memory: { util: 3 },
    ports: mappedPortsAt(pod, now).map(({ privatePort, publicPort, type, ip }) => ({
      private: privatePort,
      public: publicPort,
      type,
      ip,
    })),
  };
}

function renderSsh(pod: Pod, now: number): Json {
  const host = "ssh.runpod.io";
  const username = pod.hostId;
  const direct = stateAt(pod, now) === "RUNNING"
    ? mappedPortsAt(pod, now).find(({ privatePort, type }) => privatePort === 22 && type === "tcp")
    : undefined;
  return {
    proxy: { host, port: 22, username, command: `ssh ${username}@${host}` },
    direct: direct === undefined ? null : renderDirectSsh(direct),
  };
}

function renderDirectSsh({ ip, publicPort }: MappedPort): Json {
  return {
    host: ip,
    port: publicPort,
    username: "root",
    command: `ssh root@${ip} -p ${publicPort}`,
  };
}

function renderNetwork(pod: Pod): Json {
  if (!pod.order.globalNetworking) return { enabled: false };
  return { enabled: true, ip: pod.privateIp, internalDns: `${pod.id}.runpod.internal` };
}
