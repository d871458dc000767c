/**
 * A GPUNodePool as far as a list shows it.
 *
 * Read field by field and not by the full schema: loading that would double the time of the command.
 *
 * @module
 */

import { Fields } from "../../kube/fields.ts";
import type { ResourceType } from "../../kube/resource.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { apiGroup } from "../../schemas/labels.ts";
import { type ConditionView, readConditions } from "../output/conditions.ts";
import { readIdentity } from "../output/read_identity.ts";
import { type GpuUse, readGpuUse } from "./gpu_use.ts";

/** See the module. Amounts are decimal strings of US dollars, quantities Kubernetes strings. */
export interface PoolView extends KubernetesObject {
  readonly nodeClass: string | undefined;
  readonly nodes: number;
  readonly readyNodes: number;
  readonly gpus: readonly GpuUse[];
  readonly pendingPods: number;
  readonly spendPerHour: string | undefined;
  readonly spentToday: string | undefined;
  readonly limits: {
    readonly nodes: number | undefined;
    readonly spendPerHour: string | undefined;
    readonly spendPerDay: string | undefined;
  };
  readonly weight: number | undefined;
  readonly paused: boolean;
  readonly conditions: readonly ConditionView[];
}

/** GPUNodePools, as lists show them. */
export const poolViews: ResourceType<PoolView> = {
  group: apiGroup,
  version: "v1",
  kind: "GPUNodePool",
  plural: "gpunodepools",
  namespaced: false,
  parse: parsePoolView,
};

/** @throws {FieldError} If a field has another type than the API server promises. */
function parsePoolView(raw: unknown): PoolView {
  const object = new Fields(raw);
  const spec = object.fields("spec");
  const status = object.fields("status");
  const limits = spec.fields("limits");
  return {
    ...readIdentity(object),
    nodeClass: spec.fields("nodeClassRef").string("name"),
    nodes: readNumber(status.raw("nodes")) ?? 0,
    readyNodes: readNumber(status.raw("readyNodes")) ?? 0,
    gpus: readGpuUse(status.fields("resources"), limits.fields("resources")),
    pendingPods: readNumber(status.raw("pendingPods")) ?? 0,
    spendPerHour: status.string("spendPerHour"),
    spentToday: status.string("spentToday"),
    limits: {
      nodes: readNumber(limits.raw("nodes")),
      spendPerHour: limits.string("spendPerHour"),
      spendPerDay: limits.string("spendPerDay"),
    },
    weight: readNumber(spec.raw("weight")),
    paused: spec.boolean("paused") ?? false,
    conditions: readConditions(status),
  };
}

function readNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
