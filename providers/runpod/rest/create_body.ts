/**
 * Orders as REST v2 takes them.
 *
 * @module
 */

import type { components } from "../../../generated/runpod_rest.d.ts";
import type { RunpodCloud, RunpodOrder } from "../api.ts";

/** The body of a create. */
export type RunpodCreateBody = components["schemas"]["CreatePodRequest"];

/**
 * The body of a create. One GPU type and one place: RunPod never falls back, so that what is bought is
 * what was chosen.
 */
export function toCreateBody(order: RunpodOrder, cloud: RunpodCloud): RunpodCreateBody {
  return {
    name: order.name,
    image: order.image,
    ...(order.args !== undefined && { args: order.args }),
    cloud,
    gpu: { id: order.shape.gpuId, count: order.shape.count },
    ...(order.place !== undefined && { dataCenterIds: [order.place] }),
    disk: order.diskGb,
    ports: [...order.ports],
    env: { ...order.env },
  };
}
