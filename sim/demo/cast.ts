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
  /** Whether somebody can serve it. */
  readonly served: boolean;
}

/** Eight trainers that fit one machine, a renderer, a model that needs a whole machine, and a dreamer. */
export const cast: readonly Actor[] = [
  ...Array.from({ length: 8 }, (_, index): Actor => ({
    name: `train-${index}`,
    gpus: 1,
    model: "H100-SXM5-80GB",
    runSeconds: 600,
    served: true,
  })),
  { name: "render", gpus: 1, model: "A10-24GB", runSeconds: 420, served: true },
  { name: "llm", gpus: 8, model: "B200-180GB", runSeconds: 780, served: true },
  { name: "dream", gpus: 16, model: undefined, runSeconds: 60, served: false },
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
