/**
 * What daemons will take from a new machine: one model pod per DaemonSet. Pure.
 *
 * @module
 */

import type { NodeSelectorTerm, Pod } from "../../schemas/kubernetes.ts";

/** One pod of each DaemonSet, freed from the node it is bound to. */
export function collectDaemons(pods: readonly Pod[]): readonly Pod[] {
  const models = new Map<string, Pod>();
  for (const pod of pods) {
    const owner = pod.metadata.ownerReferences?.find(({ kind }) => kind === "DaemonSet");
    if (owner && !models.has(owner.uid)) models.set(owner.uid, toModel(pod));
  }
  return [...models.values()];
}

/** The DaemonSet controller ties each pod to its node by `matchFields`; what else it asks for stays. */
function toModel(pod: Pod): Pod {
  const { nodeName: _nodeName, affinity, ...spec } = pod.spec;
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
    ?.nodeSelectorTerms;
  const free = terms?.map(({ matchFields: _fields, ...term }): NodeSelectorTerm => term)
    .filter(({ matchExpressions }) => matchExpressions && matchExpressions.length > 0);
  if (!free || free.length === 0) return { ...pod, spec };
  return {
    ...pod,
    spec: {
      ...spec,
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: free },
        },
      },
    },
  };
}
