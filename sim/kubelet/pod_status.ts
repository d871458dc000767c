/**
 * What a kubelet says about a pod. Pure; times in epoch milliseconds.
 *
 * @module
 */

import { formatTime } from "../../schemas/conditions.ts";
import type { ObjectCondition, Pod } from "../../schemas/kubernetes.ts";

/** On a Pod: its containers end by themselves, successfully, after so many seconds. */
export const runSecondsAnnotation = "sim.tgp.io/run-seconds";

/** How long a pod's containers run, in milliseconds; `undefined`: until they are stopped. */
export function readRunMs(pod: Pod): number | undefined {
  const text = pod.metadata.annotations?.[runSecondsAnnotation];
  const seconds = Number(text);
  return text === undefined || !(seconds >= 0) ? undefined : seconds * 1000;
}

/** Whether a pod has ended; nothing but its deletion is left to do. */
export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

/** Status of a pod whose containers run. */
export function runningStatus(
  pod: Pod,
  addresses: { readonly pod: string; readonly host: string },
  now: number,
): Record<string, unknown> {
  return {
    phase: "Running",
    startTime: formatTime(now),
    podIP: addresses.pod,
    podIPs: [{ ip: addresses.pod }],
    hostIP: addresses.host,
    hostIPs: [{ ip: addresses.host }],
    conditions: createConditions("True", undefined, now),
    containerStatuses: containerStatuses(pod, { running: { startedAt: formatTime(now) } }, true),
  };
}

/** Status of a pod whose containers have ended; 143 is what SIGTERM leaves. */
export function endedStatus(
  pod: Pod,
  exitCode: 0 | 143,
  startedAt: number | undefined,
  now: number,
): Record<string, unknown> {
  const reason = exitCode === 0 ? "Completed" : "Error";
  const terminated = {
    exitCode,
    reason,
    startedAt: formatTime(startedAt ?? now),
    finishedAt: formatTime(now),
  };
  return {
    phase: exitCode === 0 ? "Succeeded" : "Failed",
    conditions: createConditions("False", exitCode === 0 ? "PodCompleted" : "PodFailed", now),
    containerStatuses: containerStatuses(pod, { terminated }, false),
  };
}

/** Merged by type: conditions of others, such as the scheduler's, stay. */
function createConditions(
  ready: "True" | "False",
  reason: string | undefined,
  now: number,
): ObjectCondition[] {
  const condition = (type: string, status: "True" | "False"): ObjectCondition => ({
    type,
    status,
    lastTransitionTime: formatTime(now),
    ...(status === "False" && reason !== undefined ? { reason } : {}),
  });
  return [
    condition("PodReadyToStartContainers", ready),
    condition("Initialized", "True"),
    condition("Ready", ready),
    condition("ContainersReady", ready),
  ];
}

function containerStatuses(
  pod: Pod,
  state: Record<string, unknown>,
  ready: boolean,
): Record<string, unknown>[] {
  return pod.spec.containers.map(({ name, image }) => ({
    name,
    image: image ?? "",
    imageID: "",
    ready,
    started: ready,
    restartCount: 0,
    state,
  }));
}
