/**
 * Orders as GraphQL takes them.
 *
 * `terminateAfter`, which lets RunPod end a pod at a time, is not sent: it cannot be read back or moved,
 * and a claim has no end that is known when it is ordered, so that it would end a pod in the middle of
 * its work. Pods that nobody claims any more are found by name and mark instead, as at every cloud.
 *
 * @module
 */

import type { PodFindAndDeployOnDemandInput } from "../../../generated/runpod_graphql.ts";
import type { RunpodCloud, RunpodOrder } from "../api.ts";

/** What on-demand and spot orders share. */
export type SharedInput = Pick<
  PodFindAndDeployOnDemandInput,
  | "name"
  | "imageName"
  | "cloudType"
  | "gpuTypeId"
  | "gpuCount"
  | "dataCenterId"
  | "countryCode"
  | "supportPublicIp"
  | "containerDiskInGb"
  | "volumeInGb"
  | "dockerArgs"
  | "env"
  | "ports"
  | "startSsh"
>;

/** The input of an order. An unset field is left out: an unknown key is refused even when it is null. */
export function toSharedInput(order: RunpodOrder, cloud: RunpodCloud): SharedInput {
  const placeKey = cloud === "SECURE" ? "dataCenterId" : "countryCode";
  return {
    name: order.name,
    imageName: order.image,
    cloudType: cloud,
    gpuTypeId: order.shape.gpuId,
    gpuCount: order.shape.count,
    ...(order.place !== undefined && { [placeKey]: order.place }),
    // COMMUNITY hosts map TCP ports only where they have a public address.
    ...(order.ports.some((port) => port.endsWith("/tcp")) && { supportPublicIp: true }),
    containerDiskInGb: order.diskGb,
    volumeInGb: 0,
    ...(order.args !== undefined && { dockerArgs: order.args }),
    env: Object.entries(order.env).map(([key, value]) => ({ key, value })),
    ports: order.ports.join(","),
    startSsh: false,
  };
}
