/**
 * What pools and claims both say about nodes, and where each says it.
 *
 * @module
 */

import type { Taint } from "../../../schemas/kubernetes.ts";
import type { Limits } from "../../../schemas/limits.ts";
import type { Requirement } from "../../../schemas/meta.ts";
import type { MicroUsd } from "../../../schemas/money.ts";
import type { GPUNodeClaim } from "../../../schemas/node_claim.ts";
import type { GPUNodePool } from "../../../schemas/node_pool.ts";
import type { Resources } from "../../../schemas/quantity.ts";

/** Labels or annotations by key. */
export type StringMap = Readonly<Record<string, string>>;

/** A value, and its field path. */
export interface Stated<T> {
  readonly value: T;
  readonly path: string;
}

/** See the module. */
export interface NodeTerms {
  /** In a sentence: `this pool`. */
  readonly noun: string;
  readonly className: string;
  readonly requirements: Stated<readonly Requirement[]>;
  readonly labels: Stated<StringMap>;
  readonly annotations: Stated<StringMap>;
  readonly taints: Stated<readonly Taint[]>;
  readonly startupTaints: Stated<readonly Taint[]>;
  /** What the machine must at least have. */
  readonly resources: Resources;
  readonly maxPerHour: Stated<MicroUsd | undefined>;
  readonly maxPerGpuHour: Stated<MicroUsd | undefined>;
  /** Under `spec.limits`, where there are any. */
  readonly limits: Limits | undefined;
}

/** What a pool says. */
export function termsOfPool({ spec }: GPUNodePool): NodeTerms {
  const { metadata, spec: template } = spec.template ?? {};
  const at = "spec.template";
  return {
    noun: "this pool",
    className: spec.nodeClassRef.name,
    requirements: { value: template?.requirements ?? [], path: `${at}.spec.requirements` },
    labels: { value: metadata?.labels ?? {}, path: `${at}.metadata.labels` },
    annotations: { value: metadata?.annotations ?? {}, path: `${at}.metadata.annotations` },
    taints: { value: template?.taints ?? [], path: `${at}.spec.taints` },
    startupTaints: { value: template?.startupTaints ?? [], path: `${at}.spec.startupTaints` },
    resources: {},
    maxPerHour: { value: spec.price?.maxPerHour, path: "spec.price.maxPerHour" },
    maxPerGpuHour: { value: spec.price?.maxPerGpuHour, path: "spec.price.maxPerGpuHour" },
    limits: spec.limits,
  };
}

/** What a claim says. */
export function termsOfClaim({ spec }: GPUNodeClaim): NodeTerms {
  return {
    noun: "this claim",
    className: spec.nodeClassRef.name,
    requirements: { value: spec.requirements ?? [], path: "spec.requirements" },
    labels: { value: spec.labels ?? {}, path: "spec.labels" },
    annotations: { value: spec.annotations ?? {}, path: "spec.annotations" },
    taints: { value: spec.taints ?? [], path: "spec.taints" },
    startupTaints: { value: spec.startupTaints ?? [], path: "spec.startupTaints" },
    resources: spec.resources ?? {},
    maxPerHour: { value: spec.maxPricePerHour, path: "spec.maxPricePerHour" },
    maxPerGpuHour: { value: undefined, path: "spec" },
    limits: undefined,
  };
}
