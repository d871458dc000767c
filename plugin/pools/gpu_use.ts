/**
 * How many GPUs a pool has, by vendor: each has an extended resource of its own.
 *
 * Read without the schemas, as lists are; a test compares the names with theirs.
 *
 * @module
 */

import type { Fields } from "../../kube/fields.ts";

/** What the vendors' device plugins advertise. */
export const gpuResourceNames: readonly string[] = Object.freeze(["nvidia.com/gpu", "amd.com/gpu"]);

/** GPUs of one vendor. Amounts are Kubernetes quantities. */
export interface GpuUse {
  readonly resource: string;
  readonly current: string;
  readonly limit: string | undefined;
}

/** What a pool has and may have; vendors of which it has neither are left out. @throws {FieldError} */
export function readGpuUse(resources: Fields, limits: Fields): readonly GpuUse[] {
  return gpuResourceNames.flatMap((resource) => {
    const current = readQuantity(resources.raw(resource));
    const limit = readQuantity(limits.raw(resource));
    const none = current === undefined && limit === undefined;
    return none ? [] : [{ resource, current: current ?? "0", limit }];
  });
}

/** All of them together; most pools have one vendor's. */
export function sumGpuUse(uses: readonly GpuUse[]): string {
  const [first, ...others] = uses.map(({ current }) => current);
  if (first === undefined) return "0";
  return others.length === 0
    ? first
    : String([first, ...others].map(Number).reduce((a, b) => a + b));
}

/** A quantity may be written as an integer. */
function readQuantity(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
