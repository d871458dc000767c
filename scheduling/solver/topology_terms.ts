/**
 * What a pod demands of its neighbours: hard topology spread, required pod affinity and anti-affinity.
 *
 * @module
 */

import type {
  LabelSelector,
  Pod,
  PodAffinityTerm,
  TopologySpreadConstraint,
} from "../../schemas/kubernetes.ts";
import { selectorKeys } from "../selectors.ts";

/** One demand. Pods are counted per domain: per value of the node label `key`. */
export interface TopologyTerm {
  readonly kind: "spread" | "affinity" | "antiAffinity";
  /** Label key of the domain. */
  readonly key: string;
  readonly selector: LabelSelector | undefined;
  /** Namespaces of the pods that count; `undefined` for all. */
  readonly namespaces: readonly string[] | undefined;
  /** Spread only. @default 1 */
  readonly maxSkew: number;
  /** Spread only: below this many domains the emptiest counts as empty. @default 1 */
  readonly minDomains: number;
  /** Spread only: whether only nodes that suit the pod's own node affinity count. */
  readonly onlySuitableNodes: boolean;
}

/** The demands of a pod, or why they cannot be honoured. */
export type TopologyTerms =
  | { readonly terms: readonly TopologyTerm[] }
  | { readonly refusal: string };

/** Reads a pod's hard demands. Wishes (preferred terms, `ScheduleAnyway`) are not read. */
export function readTopologyTerms(pod: Pod): TopologyTerms {
  const { affinity, topologySpreadConstraints = [] } = pod.spec;
  const required = (terms: readonly PodAffinityTerm[] = []) => terms;
  const together = required(affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution);
  const apart = required(
    affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution,
  );
  const hard = topologySpreadConstraints.filter((constraint) =>
    constraint.whenUnsatisfiable === "DoNotSchedule"
  );
  if ([...together, ...apart].some(selectsNamespaces)) {
    return {
      refusal: "Its pod affinity selects namespaces by label, which is not supported: list them",
    };
  }
  if (hard.some((constraint) => constraint.nodeTaintsPolicy === "Honor")) {
    return {
      refusal: "Its topology spread has nodeTaintsPolicy Honor, which is not supported: drop it",
    };
  }
  return {
    terms: [
      ...hard.map((constraint) => fromSpread(pod, constraint)),
      ...together.map((term) => fromAffinity(pod, term, "affinity")),
      ...apart.map((term) => fromAffinity(pod, term, "antiAffinity")),
    ],
  };
}

/** The pod label keys that decide whether a pod counts for the terms. */
export function keysOfTerms(terms: readonly TopologyTerm[]): readonly string[] {
  return terms.flatMap(({ selector }) => selectorKeys(selector));
}

function selectsNamespaces({ namespaceSelector }: PodAffinityTerm): boolean {
  return namespaceSelector !== undefined && !isEmptySelector(namespaceSelector);
}

function isEmptySelector(selector: LabelSelector): boolean {
  return selectorKeys(selector).length === 0;
}

function fromSpread(pod: Pod, constraint: TopologySpreadConstraint): TopologyTerm {
  return {
    kind: "spread",
    key: constraint.topologyKey,
    selector: narrow(pod, constraint.labelSelector, constraint.matchLabelKeys, []),
    namespaces: [namespaceOf(pod)],
    maxSkew: constraint.maxSkew,
    minDomains: constraint.minDomains ?? 1,
    onlySuitableNodes: constraint.nodeAffinityPolicy !== "Ignore",
  };
}

function fromAffinity(
  pod: Pod,
  term: PodAffinityTerm,
  kind: "affinity" | "antiAffinity",
): TopologyTerm {
  const listed = term.namespaces ?? [];
  const own = listed.length > 0 ? [...listed].sort() : [namespaceOf(pod)];
  return {
    kind,
    key: term.topologyKey,
    selector: narrow(pod, term.labelSelector, term.matchLabelKeys, term.mismatchLabelKeys),
    // An empty namespace selector means every namespace.
    namespaces: term.namespaceSelector ? undefined : own,
    maxSkew: 1,
    minDomains: 1,
    onlySuitableNodes: false,
  };
}

/** The selector with the pod's own values of the given keys demanded or excluded. */
function narrow(
  pod: Pod,
  selector: LabelSelector | undefined,
  matching: readonly string[] = [],
  mismatching: readonly string[] = [],
): LabelSelector | undefined {
  if (!selector || matching.length + mismatching.length === 0) return selector;
  const own = pod.metadata.labels ?? {};
  const expressions = (keys: readonly string[], operator: "In" | "NotIn") =>
    keys.flatMap((key) => {
      const value = own[key];
      return value === undefined ? [] : [{ key, operator, values: [value] }];
    });
  return {
    ...selector,
    matchExpressions: [
      ...selector.matchExpressions ?? [],
      ...expressions(matching, "In"),
      ...expressions(mismatching, "NotIn"),
    ],
  };
}

function namespaceOf(pod: Pod): string {
  return pod.metadata.namespace ?? "default";
}
