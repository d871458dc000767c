/**
 * Karpenter's "diverse" scheduling benchmark as an input for our solver: its distribution of pods and
 * its 400 instance types (kubernetes-sigs/karpenter 2266468,
 * `pkg/controllers/provisioning/scheduling/scheduling_benchmark_test.go`, read 2026-08-20), made anew.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import { minutes } from "../../schemas/duration.ts";
import type { Pod } from "../../schemas/kubernetes.ts";
import { labels as labelKeys } from "../../schemas/labels.ts";
import type { MicroUsd } from "../../schemas/money.ts";
import { parseResources } from "../../schemas/quantity.ts";
import type { SolveInput } from "../../scheduling/solver.ts";
import { buildClass, buildPool } from "../support/scheduling.ts";

const cpus = ["100m", "250m", "500m", "1000m", "1500m"];
const memories = ["100Mi", "256Mi", "512Mi", "1024Mi", "2048Mi", "4096Mi"];
const values = ["a", "b", "c", "d", "e", "f", "g"];

/** The mix for a number of pods: five equal fifths, the remainder plain. */
export function buildDiverseMix(podCount: number, seed = 42): SolveInput {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]): T => {
    const item = list[Math.floor(random() * list.length)];
    if (item === undefined) throw new RangeError("Cannot pick from an empty list");
    return item;
  };
  const pods: Pod[] = [];
  const add = (labels: Record<string, string>, spec: Partial<Pod["spec"]> = {}) => {
    const requests = { cpu: pick(cpus), memory: pick(memories) };
    pods.push(toPod(pods.length, { labels, requests, spec }));
  };
  const fifth = Math.floor(podCount / 5);
  const spread = (topologyKey: string) => ({
    topologySpreadConstraints: [{
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "DoNotSchedule" as const,
      labelSelector: { matchLabels: { "my-label": pick(values) } },
    }],
  });
  for (let n = 0; n < podCount - 4 * fifth; n++) add({ "my-label": pick(values) });
  for (let n = 0; n < fifth; n++) add({ "my-label": pick(values) }, spread(labelKeys.zone));
  for (let n = 0; n < fifth; n++) add({ "my-label": pick(values) }, spread(labelKeys.hostname));
  for (let n = 0; n < fifth; n++) {
    const labels = { "my-affinity": pick(values) };
    add(labels, { affinity: { podAffinity: requiring(labels, labelKeys.zone) } });
  }
  for (let n = 0; n < fifth; n++) {
    const labels = { app: "nginx" };
    add(labels, { affinity: { podAntiAffinity: requiring(labels, labelKeys.hostname) } });
  }
  return {
    pods,
    nodes: [],
    planned: [],
    pools: [buildPool("default")],
    classes: [buildClass(buildInstanceTypes(400))],
    daemons: [],
  };
}

/**
 * The fake provider's types: type i has i+1 vCPU, 2(i+1) GiB and 10(i+1) pods, of which 100m and 10Mi are
 * reserved; $0.1 per vCPU and per 10⁹ bytes; spot in zones 1 and 2, on demand in zones 1 to 3.
 */
export function buildInstanceTypes(count: number): Offer[] {
  const places = [
    ["spot", "zone-1"],
    ["spot", "zone-2"],
    ["on-demand", "zone-1"],
    ["on-demand", "zone-2"],
    ["on-demand", "zone-3"],
  ] as const;
  return Array.from({ length: count }, (_, index) => {
    const size = index + 1;
    const capacity = parseResources({
      cpu: `${size}`,
      memory: `${2 * size}Gi`,
      pods: `${10 * size}`,
    });
    const allocatable = parseResources({
      cpu: `${1000 * size - 100}m`,
      memory: `${2048 * size - 10}Mi`,
      pods: `${10 * size}`,
    });
    const perHour = Math.round(1e5 * size + 1e5 * (2 * size * 1024 ** 3) / 1e9) as MicroUsd;
    return places.map(([capacityType, zone]): Offer => ({
      id: `of-${index}-${capacityType}-${zone}`,
      account: "fake",
      provider: "fake",
      instanceType: `fake-it-${index}`,
      capacityType,
      location: { region: zone, country: undefined, continent: undefined },
      gpu: undefined,
      arch: "amd64",
      capacity,
      allocatable,
      labels: {
        [labelKeys.instanceType]: `fake-it-${index}`,
        [labelKeys.capacityType]: capacityType,
        [labelKeys.zone]: zone,
      },
      price: {
        perHour,
        perGpuHour: perHour,
        currency: "USD",
        billingIncrement: minutes(1),
        source: "table",
        readAt: 0,
      },
      available: true,
    }));
  }).flat();
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function requiring(matchLabels: Record<string, string>, topologyKey: string) {
  return {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { labelSelector: { matchLabels }, topologyKey },
    ],
  };
}

function toPod(index: number, { labels, requests, spec }: {
  readonly labels: Record<string, string>;
  readonly requests: Record<string, string>;
  readonly spec: Partial<Pod["spec"]>;
}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `pod-${index}`,
      namespace: "default",
      uid: `uid-${String(index).padStart(6, "0")}`,
      creationTimestamp: "2026-01-01T00:00:00Z",
      labels,
    },
    spec: { containers: [{ name: "main", resources: { requests } }], ...spec },
    status: {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }],
    },
  };
}
