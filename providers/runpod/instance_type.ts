/**
 * Names of machine types at RunPod: so many GPUs of one type.
 *
 * RunPod has no names for machines: a pod is a GPU type and a count. Both together are our instance type,
 * so that an order can be taken apart again.
 *
 * @module
 */

/** So many GPUs of one type. */
export interface RunpodShape {
  /** RunPod's id of the GPU type: `NVIDIA GeForce RTX 4090`. */
  readonly gpuId: string;
  readonly count: number;
}

/** `2x NVIDIA GeForce RTX 4090`. */
export function toInstanceType({ gpuId, count }: RunpodShape): string {
  return `${count}x ${gpuId}`;
}

/** Takes an instance type apart; `undefined` if it is none of ours. */
export function parseInstanceType(text: string): RunpodShape | undefined {
  const [, count, gpuId] = /^([1-9]\d?)x (\S.{0,126})$/.exec(text) ?? [];
  return count === undefined || gpuId === undefined ? undefined : { gpuId, count: Number(count) };
}
