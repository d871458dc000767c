/**
 * How long one admission decision takes: from the decoded review to the verdict, and from the text of the
 * request to the text of the answer.
 *
 * The class lists three clouds (a review of 1 KB), the pool has requirements, limits and caps. The cluster
 * has a thousand offers, twenty pools and a hundred claims. Times are those that a tenth of the runs stay
 * below, since what is measured is smaller than what a busy machine adds.
 *
 * Run: `deno run tests/bench/admission_decision.ts`
 *
 * @module
 */

import assert from "node:assert/strict";
import { parseReview } from "../../controller/admission/admission_review.ts";
import { createKnownOffers } from "../../controller/admission/context/known_offers.ts";
import { judgeReview } from "../../controller/admission/judge_review.ts";
import { toReviewResponse } from "../../controller/admission/review_response.ts";
import type { Offer } from "../../providers/contract.ts";
import {
  createTestContext,
  readClass,
  readPool,
  type ReviewParts,
  toObject,
  toReview,
} from "../support/admission.ts";
import { createClaimAt } from "../support/admission_claims.ts";
import { buildOffer } from "../support/scheduling.ts";
import { lowDecileOf, type Measurement, report } from "./report.ts";

/** Most that a decision may take, in microseconds. */
const limitMicros = 10;
const warmRuns = 200;
const runs = 400;
/** Decisions per run: the clock's steps are coarse. */
const perRun = 50;

const classSpec = {
  providers: [
    {
      name: "lambda",
      priority: 0,
      credentialsRef: { name: "cloud-credentials", key: "lambda" },
      regions: ["us-east-1", "us-west-2"],
      lambda: { sshKeyName: "my-key" },
    },
    {
      name: "paperspace",
      priority: 10,
      credentialsRef: { name: "cloud-credentials", key: "paperspace" },
      paperspace: { publicIPType: "Dynamic", diskSizeGb: 100 },
    },
    {
      name: "runpod",
      priority: 20,
      credentialsRef: { name: "cloud-credentials", key: "runpod" },
    },
  ],
  bootstrap: {
    kubeadm: { apiServerEndpoint: "kubernetes.example.com:6443", kubernetesVersion: "1.36.1" },
  },
  limits: { spendPerHour: "400" },
};

const poolSpec = {
  nodeClassRef: { name: "default" },
  template: {
    metadata: { labels: { "example.com/team": "research" } },
    spec: {
      requirements: [
        { key: "tgp.io/gpu-model", operator: "In", values: ["H100-SXM5-80GB", "A100-SXM4-80GB"] },
        { key: "tgp.io/country", operator: "In", values: ["us"] },
      ],
      taints: [{ key: "example.com/team", value: "research", effect: "NoSchedule" }],
    },
  },
  limits: { nodes: 8, resources: { "nvidia.com/gpu": 16 }, spendPerHour: "60" },
  price: { maxPerGpuHour: "4.50" },
};

function makeOffers(): readonly Offer[] {
  const models = ["A10-24GB", "L40S-48GB", "A100-SXM4-80GB", "H100-SXM5-80GB", "H200-SXM5-141GB"];
  return Array.from({ length: 1_000 }, (_, index) =>
    buildOffer(`of-${index}`, {
      model: models[index % models.length] ?? "A10-24GB",
      gpus: 2 ** (index % 4),
      region: `us-east-${index % 25}`,
      price: String((0.5 + (index % 97) * 0.11).toFixed(2)),
    }));
}

const context = createTestContext({
  classes: [readClass(classSpec)],
  pools: Array.from({ length: 20 }, (_, index) => readPool(poolSpec, { name: `pool-${index}` }))
    .map((pool, index) => ({ ...pool, spec: { ...pool.spec, weight: index + 1 } })),
  claims: Array.from({ length: 100 }, (_, index) => createClaimAt("2.50", `pool-${index % 20}`)),
  offers: makeOffers(),
  secrets: { "cloud-credentials": ["lambda", "paperspace", "runpod"] },
});

/** Decisions by what they are about. */
const reviews: Readonly<Record<string, ReviewParts>> = {
  "class of three clouds": {
    kind: "GPUNodeClass",
    object: toObject("GPUNodeClass", "default", classSpec),
  },
  "pool": { object: toObject("GPUNodePool", "pool-7", { ...poolSpec, weight: 8 }) },
  "pool without requirements": {
    object: toObject("GPUNodePool", "gpu", {
      nodeClassRef: { name: "default" },
      limits: { spendPerHour: "60" },
      weight: 100,
    }),
  },
  "unchanged spec": {
    operation: "UPDATE",
    object: toObject("GPUNodePool", "pool-7", poolSpec, { labels: { a: "b" } }),
    oldObject: toObject("GPUNodePool", "pool-7", poolSpec),
  },
};

/** Microseconds per call. */
function time(work: () => void): number {
  const times: number[] = [];
  for (let round = 0; round < warmRuns + runs; round++) {
    const startMs = performance.now();
    for (let count = 0; count < perRun; count++) work();
    if (round >= warmRuns) times.push((performance.now() - startMs) * 1000 / perRun);
  }
  return lowDecileOf(times);
}

if (import.meta.main) {
  const measurements: Measurement[] = [];
  for (const [what, parts] of Object.entries(reviews)) {
    const text = JSON.stringify(toReview(parts));
    const request = parseReview(text);
    assert.equal(judgeReview(request, context).kind, "allowed", what);
    const whole = time(() => {
      const read = parseReview(text);
      JSON.stringify(toReviewResponse(read, judgeReview(read, context)));
    });
    measurements.push({
      what,
      measured: time(() => judgeReview(request, context)),
      limit: limitMicros,
      unit: "µs",
      note: `${text.length} bytes; ${whole.toFixed(1)} µs from text to text`,
    });
  }
  const offers = makeOffers();
  measurements.push({
    what: "offers of a class, made ready once per reading",
    measured: time(() => void createKnownOffers(offers)) / 1000,
    limit: 20,
    unit: "ms",
    note: `${offers.length} offers`,
  });
  report("admission_decision", measurements);
}
