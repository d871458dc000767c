/**
 * Who plays: the pods of the demo, and what must become of each.
 *
 * @module
 */

import type { KubernetesObject } from "../../schemas/kubernetes.ts";

/** A pod of the demo. */
export interface Actor {
  readonly name: string;
  readonly gpus: number;
  readonly model: string | undefined;
  /** Simulated seconds that its work takes. */
  readonly runSeconds: number;
  /** Cloud that must serve it, where only one can; `none` if nobody can. */
  readonly cloud: "lambda" | "paperspace" | "none";
}

/**
 * Eight trainers that fit one machine, a renderer, a model that needs a whole machine, two that only the
 * second cloud can serve, one that only containers could, and a dreamer.
 */
export const cast: readonly Actor[] = [
  ...Array.from({ length: 8 }, (_, index): Actor => ({
    name: `train-${index}`,
    gpus: 1,
    model: "H100-SXM5-80GB",
    runSeconds: 600,
    cloud: "lambda",
  })),
  { name: "render", gpus: 1, model: "A10-24GB", runSeconds: 420, cloud: "lambda" },
  { name: "llm", gpus: 8, model: "B200-180GB", runSeconds: 780, cloud: "lambda" },
  { name: "sketch", gpus: 1, model: "RTX-A4000-16GB", runSeconds: 300, cloud: "paperspace" },
  // Listed as available, but its first machine turns out to have no capacity after all.
  { name: "restore", gpus: 1, model: "RTX-A5000-24GB", runSeconds: 300, cloud: "paperspace" },
  // Sold as containers only.
  { name: "chat", gpus: 1, model: "RTX-4090-24GB", runSeconds: 60, cloud: "none" },
  { name: "dream", gpus: 16, model: undefined, runSeconds: 60, cloud: "none" },
];

/** The Pod of an actor. */
export function toPod(actor: Actor): KubernetesObject & { readonly spec: unknown } {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: actor.name,
      namespace: "default",
      annotations: { "sim.tgp.io/run-seconds": String(actor.runSeconds) },
    },
    spec: {
      restartPolicy: "Never",
      ...(actor.model === undefined ? {} : { nodeSelector: { "tgp.io/gpu-model": actor.model } }),
      containers: [{
        name: "main",
        image: "registry.example/cuda:12.8",
        resources: { limits: { "nvidia.com/gpu": String(actor.gpus) } },
      }],
    },
  };
}
