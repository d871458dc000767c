/**
 * What the controller asks for as an order to RunPod.
 *
 * @module
 */

import type { CapacityType, LaunchRequest } from "../contract.ts";
import { findNameProblem } from "../ownership.ts";
import type { RunpodCloud, RunpodOrder } from "./api.ts";
import { parseInstanceType } from "./instance_type.ts";
import { runpodMarks } from "./map.ts";
import { isCountry, toRunpodPlace } from "./regions.ts";

/** Most environment variables and HTTP ports of a pod (vendor's documentation, read 2026-11-24). */
const limits = Object.freeze({ env: 50, httpPorts: 10 });

/** What an account can order. */
export interface OrderContext {
  readonly clusterId: string;
  readonly cloud: RunpodCloud;
  readonly capacityTypes: readonly CapacityType[];
  /** Whether the protocol can name the country on COMMUNITY. */
  readonly placesByCountry: boolean;
}

/** The order, or in words why it cannot be written. */
export function toOrder(
  request: LaunchRequest,
  context: OrderContext,
): RunpodOrder | { readonly problem: string } {
  const { workload, capacityType, name } = request;
  const nameProblem = findNameProblem(name);
  if (nameProblem !== undefined) return { problem: nameProblem };
  if (workload.kind !== "container") {
    return { problem: "RunPod rents containers, not machines that user data could start" };
  }
  if (!context.capacityTypes.includes(capacityType)) {
    return {
      problem: `this account rents ${context.capacityTypes.join(", ")}, not ${capacityType}`,
    };
  }
  const shape = parseInstanceType(request.instanceType);
  if (shape === undefined) {
    return {
      problem: `instance type "${request.instanceType}" is not a count and a GPU type, ` +
        'such as "2x NVIDIA GeForce RTX 4090"',
    };
  }
  const place = request.region === "" ? undefined : toRunpodPlace(request.region);
  const env = {
    ...workload.env,
    [runpodMarks.cluster]: context.clusterId,
    [runpodMarks.claim]: name,
    [runpodMarks.claimUid]: request.claimUid,
    [runpodMarks.pool]: request.nodePool,
  };
  const problem = findPlaceProblem(place, context) ?? findContainerProblem({ ...workload, env });
  if (problem !== undefined) return { problem };
  return {
    name,
    image: workload.image,
    args: toArgs(workload.args),
    shape,
    place,
    env,
    ports: workload.ports,
    diskGb: workload.diskGb,
    spot: capacityType === "spot",
  };
}

function findPlaceProblem(
  place: string | undefined,
  { cloud, placesByCountry }: OrderContext,
): string | undefined {
  if (place === undefined) return undefined;
  if (cloud === "COMMUNITY" && !placesByCountry) {
    return `REST cannot place a Community pod in "${place}"; leave out regions or set runpod.protocol to GraphQL`;
  }
  return (cloud === "COMMUNITY") === isCountry(place)
    ? undefined
    : `"${place}" is no place of ${cloud === "SECURE" ? "Secure" : "Community"} Cloud`;
}

function findContainerProblem(
  { image, env, ports, diskGb }: Pick<RunpodOrder, "image" | "env" | "ports" | "diskGb">,
): string | undefined {
  if (image.trim() === "") return "the container has no image";
  const names = Object.keys(env);
  if (names.length > limits.env) {
    return `the container has ${names.length} environment variables, with TGP's own; RunPod takes ${limits.env}`;
  }
  const name = names.find((text) => !/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(text));
  if (name !== undefined) return `"${name}" is not a name of an environment variable`;
  const port = ports.find((text) => !/^\d{1,5}\/(tcp|http)$/.test(text));
  if (port !== undefined) return `port "${port}" is not a number with /tcp or /http`;
  const httpPorts = ports.filter((text) => text.endsWith("/http")).length;
  if (httpPorts > limits.httpPorts) {
    return `the container has ${httpPorts} HTTP ports; RunPod takes ${limits.httpPorts}`;
  }
  if (!Number.isInteger(diskGb) || diskGb < 1) return `disk of ${diskGb} GB is not a whole number`;
  return undefined;
}

/**
 * Arguments as RunPod's one text. Plain words are documented; whatever a shell might read differently
 * goes in the JSON form that dstack relies on.
 */
function toArgs(args: readonly string[]): string | undefined {
  if (args.length === 0) return undefined;
  return args.every((arg) => /^[\w@%+=:,./-]+$/.test(arg))
    ? args.join(" ")
    : JSON.stringify({ cmd: args });
}
