/**
 * Checks of REST v2's bodies, as the vendor makes them: form first (422), then rules (400).
 *
 * @module
 */

import { z } from "zod";
import { Refusal, UnfitBody } from "./errors.ts";
import type { PodOrder } from "./order.ts";

const cudaVersion = z.string().regex(/^\d+\.\d+$/);

const createSchema = z.strictObject({
  name: z.string().min(1),
  image: z.string().optional(),
  args: z.string().optional(),
  disk: z.int().min(1).optional(),
  env: z.record(z.string(), z.string()).optional(),
  ports: z.array(z.string()).optional(),
  registry: z.string().nullable().optional(),
  cloud: z.enum(["SECURE", "COMMUNITY"]).optional(),
  gpu: z.strictObject({
    id: z.string(),
    count: z.int().min(1).optional(),
    allowedCudaVersions: z.array(cudaVersion).optional(),
    minCudaVersion: cudaVersion.optional(),
  }).optional(),
  cpu: z.strictObject({ id: z.string().min(1), vcpuCount: z.int().min(2) }).optional(),
  dataCenterIds: z.array(z.string()).optional(),
  globalNetworking: z.boolean().optional(),
  mounts: z.strictObject({
    persistent: z.strictObject({ size: z.int().min(10), path: z.string() }).optional(),
    network: z.array(z.strictObject({ volumeId: z.string(), path: z.string() })).max(1).optional(),
  }).optional(),
  startJupyter: z.boolean().optional(),
  startSsh: z.boolean().optional(),
  templateId: z.string().min(1).optional(),
});

const actionSchema = z.strictObject({
  action: z.enum(["start", "stop", "restart", "terminate"]),
});

/** Disk of a pod that does not name one, in GB; the vendor documents no default. */
const defaultDiskGb = 20;

/** Reads the body of `POST /v2/pods`. @throws {UnfitBody | Refusal} */
export function readCreate(body: unknown, injectedEnv: Readonly<Record<string, string>>): PodOrder {
  const fields = parse(createSchema, body);
  if (fields.templateId !== undefined) {
    throw new Refusal("notFound", { detail: "template not found" });
  }
  if (fields.image === undefined) throw new UnfitBody(["$: missing property 'image'"]);
  const gpu = checkRules(fields);
  const containerDiskGb = fields.disk ?? defaultDiskGb;
  const volumeGb = fields.mounts?.persistent?.size ?? 0;
  return {
    name: fields.name,
    image: fields.image,
    args: fields.args ?? "",
    // Keys of SSH reach a pod only on demand; those of the body win.
    env: { ...(fields.startSsh === true && injectedEnv), ...fields.env },
    ports: fields.ports ?? [],
    gpuTypeId: gpu.id,
    gpuCount: gpu.count ?? 1,
    cloud: fields.cloud ?? "SECURE",
    dataCenterIds: fields.dataCenterIds ?? [],
    countryCodes: [],
    minMemoryGb: 0,
    minVcpuCount: 0,
    minDiskGb: containerDiskGb + volumeGb,
    cuda: { exactly: gpu.allowedCudaVersions ?? [], atLeast: gpu.minCudaVersion },
    containerDiskGb,
    volumeGb,
    volumePath: fields.mounts?.persistent?.path ?? "",
    globalNetworking: fields.globalNetworking ?? false,
    bidPerGpu: undefined,
    stopAt: undefined,
    terminateAt: undefined,
    endpointId: undefined,
  };
}

/** Reads the body of `POST /v2/pods/{id}/action`. @throws {UnfitBody} */
export function readAction(body: unknown): z.infer<typeof actionSchema>["action"] {
  return parse(actionSchema, body).action;
}

function checkRules(
  fields: z.infer<typeof createSchema>,
): NonNullable<z.infer<typeof createSchema>["gpu"]> {
  const { gpu, cpu, mounts, ports = [] } = fields;
  if ((gpu === undefined) === (cpu === undefined)) {
    throw badRequest("exactly one of gpu or cpu must be set");
  }
  // Machines without GPUs are not what this simulator is for: it has none.
  if (gpu === undefined) throw new Refusal("noInstances");
  if (gpu.minCudaVersion !== undefined && (gpu.allowedCudaVersions ?? []).length > 0) {
    throw badRequest("allowedCudaVersions and minCudaVersion are mutually exclusive");
  }
  if (mounts?.persistent !== undefined && mounts.network !== undefined) {
    throw badRequest("persistent and network mounts are mutually exclusive");
  }
  if (mounts?.network !== undefined) throw badRequest("network volume not found");
  const [unfit] = ports.filter((port) => !/^\d{1,5}\/(http|tcp)$/.test(port));
  if (unfit !== undefined) throw badRequest(`invalid port: ${unfit}`);
  return gpu;
}

function badRequest(detail: string): Refusal {
  return new Refusal("badRequest", { detail });
}

function parse<Fields>(schema: z.ZodType<Fields>, body: unknown): Fields {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new UnfitBody(result.error.issues.map(toLine));
}

/** `$.gpu: additional properties 'bogus' not allowed`. */
function toLine(issue: z.core.$ZodIssue): string {
  const place = ["$", ...issue.path.map(String)].join(".");
  if (issue.code !== "unrecognized_keys") return `${place}: ${issue.message}`;
  const names = issue.keys.map((key) => `'${key}'`).join(", ");
  return `${place}: additional properties ${names} not allowed`;
}
