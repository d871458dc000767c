/**
 * Pods that ask for GPUs.
 *
 * @module
 */

import { runSecondsAnnotation } from "../../sim/kubelet/pod_status.ts";

/** What a pod may want besides a GPU. */
export interface GpuPodOptions {
  /** @default {1} */
  readonly gpus?: number;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** After so many seconds its work is done. @default {it works for ever} */
  readonly runSeconds?: number;
}

/** A pod in namespace `default`, labelled `app` with its name, that ends soon when it is told to. */
export function gpuPod(name: string, options: GpuPodOptions = {}) {
  const { gpus = 1, nodeSelector, runSeconds } = options;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "default",
      labels: { app: name },
      ...(runSeconds === undefined
        ? {}
        : { annotations: { [runSecondsAnnotation]: String(runSeconds) } }),
    },
    spec: {
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 1,
      ...(nodeSelector === undefined ? {} : { nodeSelector }),
      containers: [{
        name: "main",
        image: "work",
        resources: { limits: { "nvidia.com/gpu": String(gpus) } },
      }],
    },
  };
}
