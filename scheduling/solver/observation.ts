/**
 * What is known about neighbours before anything is placed.
 *
 * @module
 */

import type { Pod } from "../../schemas/kubernetes.ts";
import type { PodClass } from "./pod_classes.ts";
import { type Relevance, type Site, Topology } from "./topology.ts";
import { readTopologyTerms, type TopologyTerm } from "./topology_terms.ts";

/** A pod that has a node. */
export interface Resident {
  readonly pod: Pod;
  readonly site: Site;
}

/** What to look at. */
export interface ObservationInput {
  readonly classes: readonly PodClass[];
  readonly residents: readonly Resident[];
  /** Labels of every node there is or could be: the domains that spreading knows. */
  readonly labelSets: readonly Readonly<Record<string, string>>[];
  /** Pod label keys that some term looks at. */
  readonly labelKeys: ReadonlySet<string>;
}

/** Knows every demand on neighbours, counts the pods there are, and lists the domains there could be. */
export function observeTopology(input: ObservationInput): Topology {
  const topology = new Topology();
  for (const { terms, alternatives } of input.classes) {
    for (const term of terms) topology.addTerm(term, alternatives);
  }
  const demanding = input.residents.map(({ pod }) => antiAffinitiesOf(pod));
  for (const term of demanding.flat()) topology.addTerm(term, []);
  if (topology.isEmpty) return topology;
  for (const labels of input.labelSets) topology.addDomains(labels);
  // Thousands of residents are few kinds of residents.
  const known = new Map<string, Relevance>();
  const keys = [...input.labelKeys].sort();
  for (const [index, { pod, site }] of input.residents.entries()) {
    const terms = demanding[index] ?? [];
    const { namespace, labels } = pod.metadata;
    const own = terms.length > 0 ? [pod.spec.affinity?.podAntiAffinity, labels] : [];
    const kind = JSON.stringify([namespace, keys.map((key) => labels?.[key]), own]);
    let relevance = known.get(kind);
    if (!relevance) {
      known.set(kind, relevance = topology.relevanceOf(pod, { terms, alternatives: [] }));
    }
    topology.record(relevance, site);
  }
  return topology;
}

/** Only anti-affinity keeps acting on newcomers once its pod has a node. */
function antiAffinitiesOf(pod: Pod): readonly TopologyTerm[] {
  if (!pod.spec.affinity?.podAntiAffinity) return [];
  const read = readTopologyTerms(pod);
  return "terms" in read ? read.terms.filter(({ kind }) => kind === "antiAffinity") : [];
}
