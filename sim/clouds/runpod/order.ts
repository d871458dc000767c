/**
 * An order for a pod, whichever protocol it came by.
 *
 * @module
 */

/** The vendor's two clouds. */
export type Cloud = "SECURE" | "COMMUNITY";

/** CUDA versions that are asked for, as `major.minor`; none given: any. */
export interface CudaRule {
  readonly exactly: readonly string[];
  readonly atLeast: string | undefined;
}

/** What a machine must have and where it must stand. */
export interface Wish {
  readonly gpuTypeId: string;
  readonly gpuCount: number;
  /** Absent: either. */
  readonly cloud: Cloud | undefined;
  /** Empty: any. */
  readonly dataCenterIds: readonly string[];
  /** Empty: any. */
  readonly countryCodes: readonly string[];
  /** For the whole pod. */
  readonly minMemoryGb: number;
  /** For the whole pod. */
  readonly minVcpuCount: number;
  readonly minDiskGb: number;
  readonly cuda: CudaRule;
}

/** A well-formed order. */
export interface PodOrder extends Wish {
  readonly name: string;
  readonly image: string;
  readonly args: string;
  readonly env: Readonly<Record<string, string>>;
  /** `22/tcp`. */
  readonly ports: readonly string[];
  readonly containerDiskGb: number;
  readonly volumeGb: number;
  readonly volumePath: string;
  readonly globalNetworking: boolean;
  /** USD per GPU-hour; given for spot only. */
  readonly bidPerGpu: number | undefined;
  /** When the pod stops by itself, in epoch milliseconds. */
  readonly stopAt: number | undefined;
  /** When the pod ends by itself, in epoch milliseconds. */
  readonly terminateAt: number | undefined;
  /** Id of the endpoint whose worker it is. */
  readonly endpointId: string | undefined;
}

/** A wish for one GPU of a type, anywhere, changed. */
export function wishFor(gpuTypeId: string, change: Partial<Omit<Wish, "gpuTypeId">> = {}): Wish {
  return {
    gpuCount: 1,
    cloud: undefined,
    dataCenterIds: [],
    countryCodes: [],
    minMemoryGb: 0,
    minVcpuCount: 0,
    minDiskGb: 0,
    cuda: { exactly: [], atLeast: undefined },
    ...change,
    gpuTypeId,
  };
}

/** Whether a host's CUDA version is one that is asked for; versions compare by number: 12.11 > 12.2. */
export function suitsCuda({ exactly, atLeast }: CudaRule, version: string | null): boolean {
  if (exactly.length === 0 && atLeast === undefined) return true;
  if (version === null) return false;
  if (exactly.length > 0) return exactly.includes(version);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = (atLeast ?? "").split(".").map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
