/**
 * Builders of what the scheduler is given: pods, offers, pools, nodes.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import { type DurationMs, minutes } from "../../schemas/duration.ts";
import type { Pod } from "../../schemas/kubernetes.ts";
import { labels as labelKeys } from "../../schemas/labels.ts";
import { divideUsd, parseUsd } from "../../schemas/money.ts";
import { parseResources, type Resources } from "../../schemas/quantity.ts";
import { noUsage } from "../../scheduling/budget.ts";
import type {
  ExistingNode,
  NewNode,
  PlannedNode,
  SolveClass,
  SolveInput,
  SolvePool,
} from "../../scheduling/solver.ts";

/** What differs from a pending pod that asks for one GPU. */
export interface PodOptions {
  readonly namespace?: string;
  readonly requests?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly created?: string;
  readonly uid?: string;
  readonly spec?: Partial<Pod["spec"]>;
  readonly metadata?: Partial<Pod["metadata"]>;
  readonly status?: Pod["status"];
}

/** A pod that the scheduler found unschedulable. */
export function buildPod(name: string, options: PodOptions = {}): Pod {
  const { requests = { "nvidia.com/gpu": "1", cpu: "4", memory: "16Gi" } } = options;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: options.namespace ?? "default",
      uid: options.uid ?? `uid-${name}`,
      creationTimestamp: options.created ?? "2026-01-01T00:00:00Z",
      labels: options.labels ?? {},
      ...options.metadata,
    },
    spec: { containers: [{ name: "main", resources: { requests } }], ...options.spec },
    status: options.status ?? {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }],
    },
  };
}

/** Several pods that differ only in name. */
export function buildPods(count: number, prefix: string, options: PodOptions = {}): Pod[] {
  return Array.from(
    { length: count },
    (_, index) => buildPod(`${prefix}-${String(index).padStart(3, "0")}`, options),
  );
}

/** What differs from an available offer of one A10 at $0.75. */
export interface OfferOptions {
  readonly arch?: "amd64" | "arm64" | undefined;
  readonly account?: string;
  readonly provider?: string;
  readonly gpus?: number;
  readonly model?: string;
  readonly known?: boolean;
  readonly price?: string;
  readonly region?: string;
  readonly zone?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly available?: boolean;
  readonly suspect?: string;
  readonly notJoinable?: string;
  readonly capacityType?: Offer["capacityType"];
  readonly labels?: Readonly<Record<string, string>>;
  readonly increment?: DurationMs;
}

/** An offer; its machine type is named after GPU count and model. */
export function buildOffer(id: string, options: OfferOptions = {}): Offer {
  const gpus = options.gpus ?? 1;
  const model = options.model ?? "A10-24GB";
  const region = options.region ?? "us-east-1";
  const provider = options.provider ?? "lambda";
  const perHour = parseUsd(options.price ?? "0.75");
  const capacityType = options.capacityType ?? "on-demand";
  const resources = parseResources({
    cpu: options.cpu ?? String(26 * Math.max(1, gpus)),
    memory: options.memory ?? `${200 * Math.max(1, gpus)}Gi`,
    "ephemeral-storage": "1000Gi",
    pods: "110",
    ...(gpus > 0 ? { "nvidia.com/gpu": String(gpus) } : {}),
  });
  const regionLabel = `${provider}-${region}`;
  return {
    id,
    account: options.account ?? provider,
    provider,
    instanceType: gpus > 0 ? `gpu_${gpus}x_${model.toLowerCase()}` : "cpu",
    capacityType,
    location: { region, country: "us", continent: "na" },
    gpu: gpus > 0 ? { model, known: options.known ?? true, count: gpus, memoryGb: 24 } : undefined,
    arch: options.arch ?? "amd64",
    capacity: resources,
    allocatable: resources,
    labels: {
      [labelKeys.provider]: provider,
      [labelKeys.capacityType]: capacityType,
      [labelKeys.region]: regionLabel,
      [labelKeys.zone]: options.zone ?? regionLabel,
      [labelKeys.country]: "us",
      [labelKeys.arch]: options.arch ?? "amd64",
      ...(gpus > 0 ? { [labelKeys.gpuModel]: model, [labelKeys.gpuCount]: String(gpus) } : {}),
      ...options.labels,
    },
    price: {
      perHour,
      perGpuHour: gpus > 0 ? divideUsd(perHour, gpus) : perHour,
      currency: "USD",
      billingIncrement: options.increment ?? minutes(1),
      source: "api",
      readAt: 0,
      ...(options.suspect ? { suspect: options.suspect } : {}),
    },
    available: options.available ?? true,
    ...(options.notJoinable ? { notJoinable: options.notJoinable } : {}),
  };
}

/** A pool of class `default` without limits. */
export function buildPool(
  name = "gpu",
  spec: Partial<SolvePool["spec"]> = {},
  rest: Partial<SolvePool> = {},
): SolvePool {
  return { name, spec: { nodeClassRef: { name: "default" }, ...spec }, usage: noUsage, ...rest };
}

/** A class whose accounts are those that the offers name, all of priority 0. */
export function buildClass(
  offers: readonly Offer[],
  rest: Partial<SolveClass> = {},
): SolveClass {
  const accounts = [...new Set(offers.map(({ account }) => account))].sort();
  return {
    name: "default",
    limits: undefined,
    usage: noUsage,
    offers,
    accounts: accounts.map((name) => ({ name, priority: 0 })),
    excludedOffers: [],
    ...rest,
  };
}

/** An empty node. */
export function buildNode(
  name: string,
  allocatable: Readonly<Record<string, string>>,
  rest: Partial<ExistingNode> = {},
): ExistingNode {
  return {
    name,
    labels: {},
    taints: [],
    allocatable: parseResources({ pods: "110", ...allocatable }),
    used: {} satisfies Resources,
    pods: [],
    ...rest,
  };
}

/** An input with one pool and one class; pods and offers as given. */
export function buildInput(
  pods: readonly Pod[],
  offers: readonly Offer[],
  rest: Partial<SolveInput> = {},
): SolveInput {
  return {
    pods,
    nodes: [],
    planned: [],
    pools: [buildPool()],
    classes: [buildClass(offers)],
    daemons: [],
    ...rest,
  };
}

/** The claim of a new node as the next pass sees it before anything is launched. */
export function toPlanned(newNode: NewNode, name: string): PlannedNode {
  return {
    name,
    labels: newNode.labels,
    taints: newNode.taints,
    allocatable: newNode.resources,
    used: {},
    pods: [],
    requirements: newNode.requirements,
    labelsDecided: false,
    plannedPods: newNode.pods.map(({ uid }) => uid),
  };
}
