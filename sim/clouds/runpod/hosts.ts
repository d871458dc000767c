/**
 * The machines behind the simulated RunPod's GPUs, which differ from place to place.
 *
 * @module
 */

import type { SimGpuType } from "./gpu_types.ts";

/** What a pod gets on the hosts of a place. */
export interface Host {
  readonly vcpuPerGpu: number;
  readonly memoryPerGpuGb: number;
  /** Free disk for one pod. */
  readonly diskGb: number;
  /** Null for makers that have none. */
  readonly cudaVersion: string | null;
}

/** CUDA versions of hosts; a place's hosts have one of them. */
export const simCudaVersions: readonly string[] = Object.freeze(["12.8", "13.0"]);

/**
 * The hosts of a type in a place. The catalogue never tells that hosts of one type differ; pods do.
 *
 * @param place Data center or country.
 */
export function hostAt(type: SimGpuType, place: string): Host {
  const kind = [...place].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const isRoomy = kind % 3 === 0;
  return {
    vcpuPerGpu: type.vcpuPerGpu,
    memoryPerGpuGb: isRoomy ? Math.round(type.memoryPerGpuGb * 1.5) : type.memoryPerGpuGb,
    diskGb: isRoomy ? 4_000 : 2_000,
    cudaVersion: type.id.startsWith("AMD") ? null : simCudaVersions[kind % 2] ?? null,
  };
}
