/**
 * Arbitrary inputs of the solver: small clusters, odd pods, tight limits.
 *
 * @module
 */

import fc from "fast-check";
import type { Offer } from "../../providers/contract.ts";
import type { Pod, Taint } from "../../schemas/kubernetes.ts";
import { labels as labelKeys } from "../../schemas/labels.ts";
import type { Limits } from "../../schemas/limits.ts";
import { parseUsd } from "../../schemas/money.ts";
import { parseQuantity } from "../../schemas/quantity.ts";
import { noUsage } from "../../scheduling/budget.ts";
import type { ExistingNode, SolveInput, SolvePool } from "../../scheduling/solver.ts";
import { buildClass, buildNode, buildOffer, buildPod, buildPool } from "./scheduling.ts";

const models = ["A10-24GB", "H100-SXM5-80GB", "L4-24GB"];
const regions = ["us-east-1", "us-west-1", "eu-1"];
const taint: Taint = { key: "gpu", value: "yes", effect: "NoSchedule" };
const toleration = { key: "gpu", operator: "Exists" as const };

/** An offer of one of two accounts; some cannot be bought. */
const offerArbitrary: fc.Arbitrary<Omit<Parameters<typeof buildOffer>[1] & object, never>> = fc
  .record({
    gpus: fc.constantFrom(0, 1, 1, 2, 4, 8),
    model: fc.constantFrom(...models),
    region: fc.constantFrom(...regions),
    account: fc.constantFrom("lambda", "other"),
    cents: fc.integer({ min: 5, max: 3000 }),
    cpu: fc.constantFrom("8", "16", "32", "64"),
    memory: fc.constantFrom("64Gi", "128Gi", "256Gi"),
    available: fc.constantFrom(true, true, true, true, false),
    known: fc.constantFrom(true, true, true, false),
    suspect: fc.constantFrom(undefined, undefined, undefined, "too cheap"),
    notJoinable: fc.constantFrom(undefined, undefined, undefined, undefined, "it runs containers"),
  }).map(({ cents, suspect, notJoinable, ...rest }) => ({
    ...rest,
    price: (cents / 100).toFixed(2),
    ...(suspect ? { suspect } : {}),
    ...(notJoinable ? { notJoinable } : {}),
  }));

const selfTerm = (app: string, topologyKey: string) => ({
  requiredDuringSchedulingIgnoredDuringExecution: [
    { labelSelector: { matchLabels: { app } }, topologyKey },
  ],
});

/** What pods may demand of nodes and neighbours. */
const specArbitrary: fc.Arbitrary<Partial<Pod["spec"]>> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  fc.constantFrom(...models).map((model) => ({ nodeSelector: { [labelKeys.gpuModel]: model } })),
  fc.constantFrom(...regions).map((region) => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: [{
                key: labelKeys.region,
                operator: "In" as const,
                values: [`lambda-${region}`],
              }],
            },
            {
              matchExpressions: [{
                key: labelKeys.gpuCount,
                operator: "Gt" as const,
                values: ["2"],
              }],
            },
          ],
        },
      },
    },
  })),
  fc.constantFrom(labelKeys.hostname, labelKeys.zone).chain((key) =>
    fc.constantFrom("web", "job").map((app) => ({
      affinity: { podAntiAffinity: selfTerm(app, key) },
    }))
  ),
  fc.constantFrom(labelKeys.hostname, labelKeys.zone).chain((key) =>
    fc.constantFrom("web", "job").map((app) => ({ affinity: { podAffinity: selfTerm(app, key) } }))
  ),
  fc.constantFrom(labelKeys.hostname, labelKeys.zone).map((topologyKey) => ({
    topologySpreadConstraints: [{
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "DoNotSchedule" as const,
      labelSelector: { matchLabels: { app: "web" } },
    }],
  })),
  fc.constant({
    containers: [{
      name: "main",
      resources: { requests: { "nvidia.com/gpu": "1", cpu: "1" } },
      ports: [{ containerPort: 80, hostPort: 80 }],
    }],
  }),
);

const podArbitrary = fc.record({
  gpus: fc.constantFrom(0, 1, 1, 1, 2, 4, 8),
  cpu: fc.constantFrom("500m", "1", "2", "6", "20"),
  memory: fc.constantFrom("1Gi", "4Gi", "12Gi", "60Gi"),
  app: fc.constantFrom("web", "job"),
  tolerates: fc.boolean(),
  priority: fc.constantFrom(0, 0, 100),
  spec: specArbitrary,
  copies: fc.integer({ min: 1, max: 4 }),
});

const limitsArbitrary: fc.Arbitrary<Limits | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.record({
    nodes: fc.integer({ min: 1, max: 4 }),
    spendPerHour: fc.integer({ min: 1, max: 40 }).map((dollars) => parseUsd(String(dollars))),
    spendPerDay: fc.integer({ min: 1, max: 60 }).map((dollars) => parseUsd(String(dollars))),
    resources: fc.integer({ min: 1, max: 12 }).map((gpus) => ({
      "nvidia.com/gpu": parseQuantity(gpus),
    })),
  }, { requiredKeys: [] }),
);

const poolArbitrary = fc.record({
  weight: fc.constantFrom(10, 10, 20),
  tainted: fc.constantFrom(false, false, false, true),
  paused: fc.constantFrom(false, false, false, false, true),
  limits: limitsArbitrary,
  maxPerHour: fc.constantFrom(undefined, undefined, 10, 25),
  model: fc.constantFrom(undefined, undefined, ...models),
  usedNodes: fc.integer({ min: 0, max: 2 }),
});

/** Inputs of the solver. */
export const inputArbitrary: fc.Arbitrary<SolveInput> = fc.record({
  offers: fc.array(offerArbitrary, { minLength: 1, maxLength: 24, size: "+1" }),
  pods: fc.array(podArbitrary, { minLength: 1, maxLength: 6, size: "+1" }),
  pools: fc.array(poolArbitrary, { minLength: 1, maxLength: 3 }),
  classLimits: limitsArbitrary,
  otherPriority: fc.constantFrom(0, 0, 5),
  nodes: fc.array(
    fc.record({
      gpus: fc.constantFrom(0, 1, 4),
      tainted: fc.boolean(),
      region: fc.constantFrom(...regions),
    }),
    { maxLength: 3 },
  ),
}).map(({ offers, pods, pools, classLimits, otherPriority, nodes }) => {
  const listed: Offer[] = offers.map((offer, index) => buildOffer(`of-${index}`, offer));
  const built: Pod[] = pods.flatMap((shape, shapeIndex) =>
    Array.from({ length: shape.copies }, (_, copy) =>
      buildPod(`p${shapeIndex}-${copy}`, {
        requests: {
          cpu: shape.cpu,
          memory: shape.memory,
          ...(shape.gpus > 0 ? { "nvidia.com/gpu": String(shape.gpus) } : {}),
        },
        labels: { app: shape.app },
        spec: {
          priority: shape.priority,
          ...(shape.tolerates ? { tolerations: [toleration] } : {}),
          ...shape.spec,
        },
      }))
  );
  const existing: ExistingNode[] = nodes.map(({ gpus, tainted, region }, index) =>
    buildNode(`node-${index}`, { cpu: "16", memory: "64Gi", "nvidia.com/gpu": String(gpus) }, {
      labels: { [labelKeys.zone]: `lambda-${region}`, [labelKeys.region]: `lambda-${region}` },
      taints: tainted ? [taint] : [],
    })
  );
  return {
    pods: built,
    nodes: existing,
    planned: [],
    pools: pools.map(toPool),
    classes: [buildClass(listed, {
      limits: classLimits,
      accounts: [{ name: "lambda", priority: 0 }, { name: "other", priority: otherPriority }],
    })],
    daemons: [],
  };
});

function toPool(
  { weight, tainted, paused, limits, maxPerHour, model, usedNodes }: {
    readonly weight: number;
    readonly tainted: boolean;
    readonly paused: boolean;
    readonly limits: Limits | undefined;
    readonly maxPerHour: number | undefined;
    readonly model: string | undefined;
    readonly usedNodes: number;
  },
  index: number,
): SolvePool {
  return buildPool(`pool-${index}`, {
    weight,
    paused,
    ...(limits ? { limits } : {}),
    ...(maxPerHour ? { price: { maxPerHour: parseUsd(String(maxPerHour)) } } : {}),
    template: {
      spec: {
        ...(tainted ? { taints: [taint] } : {}),
        ...(model
          ? { requirements: [{ key: labelKeys.gpuModel, operator: "In", values: [model] }] }
          : {}),
      },
    },
  }, {
    usage: { ...noUsage, nodes: usedNodes, perHour: parseUsd(String(usedNodes)) },
  });
}
