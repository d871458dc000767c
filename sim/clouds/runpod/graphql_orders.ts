/**
 * Orders as GraphQL brings them.
 *
 * @module
 */

import { z } from "zod";
import { Refusal } from "./errors.ts";
import type { Cloud, PodOrder } from "./order.ts";

const inputSchema = z.object({
  name: z.string().nullish(),
  imageName: z.string().nullish(),
  cloudType: z.enum(["SECURE", "COMMUNITY", "ALL"]).nullish(),
  computeType: z.enum(["GPU", "CPU"]).nullish(),
  gpuTypeId: z.string().nullish(),
  gpuCount: z.int().nullish(),
  dataCenterId: z.string().nullish(),
  countryCode: z.string().nullish(),
  minDisk: z.int().nullish(),
  minMemoryInGb: z.int().nullish(),
  minVcpuCount: z.int().nullish(),
  allowedCudaVersions: z.array(z.string()).nullish(),
  minCudaVersion: z.string().nullish(),
  containerDiskInGb: z.int().nullish(),
  volumeInGb: z.int().nullish(),
  volumeMountPath: z.string().nullish(),
  dockerArgs: z.string().nullish(),
  env: z.array(z.object({ key: z.string(), value: z.string() })).max(50).nullish(),
  ports: z.string().regex(/^(\d{1,5}\/(http|tcp)(,\d{1,5}\/(http|tcp))*)?$/).nullish(),
  stopAfter: z.iso.datetime({ offset: true }).nullish(),
  terminateAfter: z.iso.datetime({ offset: true }).nullish(),
  bidPerGpu: z.number().nullish(),
});

/** Disk of a pod that does not name one, in GB; the vendor documents no default. */
const defaultDiskGb = 20;

/**
 * Reads the input of a create. The vendor has no words for what is wrong with one that fits the schema.
 *
 * @throws {Refusal} `somethingWrong`.
 */
export function readOrder(input: unknown, injectedEnv: Readonly<Record<string, string>>): PodOrder {
  const read = inputSchema.safeParse(input ?? {});
  if (!read.success) throw new Refusal("somethingWrong");
  const fields = read.data;
  const { imageName, gpuTypeId, computeType } = fields;
  if (!imageName || !gpuTypeId || computeType === "CPU") throw new Refusal("somethingWrong");
  const containerDiskGb = fields.containerDiskInGb ?? defaultDiskGb;
  const volumeGb = fields.volumeInGb ?? 0;
  const env = fields.env?.map(({ key, value }) => [key, value]) ?? [];
  return {
    name: fields.name ?? "",
    image: imageName,
    args: fields.dockerArgs ?? "",
    env: { ...injectedEnv, ...Object.fromEntries(env) },
    ports: toList(fields.ports),
    gpuTypeId,
    gpuCount: fields.gpuCount ?? 1,
    cloud: toCloud(fields.cloudType ?? "ALL"),
    dataCenterIds: toList(fields.dataCenterId),
    countryCodes: toList(fields.countryCode),
    minMemoryGb: fields.minMemoryInGb ?? 0,
    minVcpuCount: fields.minVcpuCount ?? 0,
    minDiskGb: Math.max(fields.minDisk ?? 0, containerDiskGb + volumeGb),
    cuda: {
      exactly: fields.allowedCudaVersions ?? [],
      atLeast: fields.minCudaVersion ?? undefined,
    },
    containerDiskGb,
    volumeGb,
    volumePath: fields.volumeMountPath ?? "",
    globalNetworking: false,
    bidPerGpu: undefined,
    stopAt: toMoment(fields.stopAfter),
    terminateAt: toMoment(fields.terminateAfter),
    endpointId: undefined,
  };
}

/** The same for spot. @throws {Refusal} `somethingWrong`. */
export function readSpotOrder(
  input: unknown,
  injectedEnv: Readonly<Record<string, string>>,
): PodOrder {
  const order = readOrder(input, injectedEnv);
  const bid = inputSchema.safeParse(input).data?.bidPerGpu ?? undefined;
  if (bid === undefined || bid <= 0) throw new Refusal("somethingWrong");
  return { ...order, bidPerGpu: bid };
}

/** Comma-separated, as the vendor takes places and ports. */
function toList(text: string | null | undefined): string[] {
  return text ? text.split(",") : [];
}

function toCloud(word: Cloud | "ALL"): Cloud | undefined {
  return word === "ALL" ? undefined : word;
}

function toMoment(text: string | null | undefined): number | undefined {
  return text ? Date.parse(text) : undefined;
}
