/**
 * GPU pods and offers as small clouds sell them: 10 to 40 pods, 50 offers.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import type { Pod } from "../../schemas/kubernetes.ts";
import { labels as labelKeys } from "../../schemas/labels.ts";
import type { SolveInput } from "../../scheduling/solver.ts";
import { buildInput, buildOffer, buildPod } from "../support/scheduling.ts";
import { createRandom } from "./scheduling_diverse_mix.ts";

/** Model, dollars per GPU-hour, cores and GiB per GPU: about what the clouds ask in 2026. */
const models = [
  ["H100-SXM5-80GB", 2.7, 26, 200],
  ["A100-SXM4-80GB", 1.5, 30, 200],
  ["A100-SXM4-40GB", 1.2, 30, 180],
  ["L40S-48GB", 0.9, 16, 90],
  ["A10-24GB", 0.75, 30, 200],
  ["RTX-A6000-48GB", 0.6, 14, 80],
  ["GH200-96GB", 1.9, 64, 400],
  ["B200-180GB", 5, 24, 300],
] as const;

/** How the pods of a mix differ. */
export type MixKind = "fewShapes" | "allDistinct";

/** A mix; the same for the same seed. */
export function buildGpuMix(seed: number, kind: MixKind): SolveInput {
  const random = createRandom(seed);
  const between = (low: number, high: number) => low + (high - low) * random();
  const pick = <T>(list: readonly T[]): T => {
    const item = list[Math.floor(random() * list.length)];
    if (item === undefined) throw new RangeError("Cannot pick from an empty list");
    return item;
  };
  const offers: Offer[] = Array.from({ length: 50 }, (_, index) => {
    const [model, dollars, cpu, memory] = pick(models);
    const gpus = pick([1, 1, 2, 4, 8]);
    const discount = gpus === 1 ? 1.1 : gpus === 8 ? 0.95 : 1;
    return buildOffer(`of-${index}`, {
      model,
      gpus,
      price: (dollars * gpus * discount * between(0.85, 1.25)).toFixed(2),
      cpu: String(Math.round(cpu * gpus * between(0.8, 1.2))),
      memory: `${Math.round(memory * gpus * between(0.8, 1.2))}Gi`,
    });
  });
  const podCount = 10 + Math.floor(random() * 31);
  const shapeCount = kind === "allDistinct" ? podCount : 3 + Math.floor(random() * 6);
  const shapes = Array.from({ length: shapeCount }, () => {
    const gpus = pick([1, 1, 1, 2, 2, 4, 8]);
    return {
      requests: {
        "nvidia.com/gpu": String(gpus),
        cpu: String(Math.round(gpus * between(2, 16))),
        memory: `${Math.round(gpus * between(10, 130))}Gi`,
      },
      /** GPU models the pod accepts; all when empty. */
      choice: Array.from({ length: pick([0, 0, 1, 2]) }, () => pick(models)[0]),
    };
  });
  const pods: Pod[] = Array.from({ length: podCount }, (_, index) => {
    const { requests, choice } = kind === "allDistinct"
      ? shapes[index] ?? pick(shapes)
      : pick(shapes);
    return buildPod(`p-${String(index).padStart(2, "0")}`, {
      requests,
      spec: choice.length > 0 ? { affinity: { nodeAffinity: requiring(choice) } } : {},
    });
  });
  return buildInput(pods, offers);
}

function requiring(values: readonly string[]) {
  return {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{
        matchExpressions: [{ key: labelKeys.gpuModel, operator: "In" as const, values }],
      }],
    },
  };
}
