/**
 * Why a pod does not fit on a node, in kube-scheduler's words.
 *
 * Written on its own, not with `scheduling/`, so that the box does not share that folder's mistakes.
 * Affinity between pods, topology spread, host ports and volumes are not looked at.
 *
 * Texts follow k8s.io/kubernetes `pkg/scheduler/framework/plugins`, v1.36.0.
 *
 * @module
 */

import type {
  Node,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  Pod,
  Taint,
  Toleration,
} from "../../schemas/kubernetes.ts";
import type { Resources } from "../../schemas/quantity.ts";

/** A node, and what is left on it. */
export interface NodeRoom {
  readonly node: Node;
  /** What the node offers. */
  readonly allocatable: Resources;
  /** What its pods ask for. */
  readonly used: Resources;
}

/** Whether a toleration covers a taint. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { key, effect, operator, value } = toleration;
  if (effect && effect !== taint.effect) return false;
  if (!key) return operator === "Exists";
  if (key !== taint.key) return false;
  return operator === "Exists" || (value ?? "") === (taint.value ?? "");
}

function findUntolerated(node: Node, tolerations: readonly Toleration[]): Taint | undefined {
  return node.spec?.taints?.find((taint) =>
    (taint.effect === "NoSchedule" || taint.effect === "NoExecute") &&
    !tolerations.some((toleration) => tolerates(toleration, taint))
  );
}

function meets(
  { operator, values = [] }: NodeSelectorRequirement,
  actual: string | undefined,
): boolean {
  const [first = ""] = values;
  switch (operator) {
    case "In":
      return actual !== undefined && values.includes(actual);
    case "NotIn":
      return actual === undefined || !values.includes(actual);
    case "Exists":
      return actual !== undefined;
    case "DoesNotExist":
      return actual === undefined;
    case "Gt":
      return actual !== undefined && Number.parseInt(actual) > Number.parseInt(first);
    case "Lt":
      return actual !== undefined && Number.parseInt(actual) < Number.parseInt(first);
  }
}

function matchesTerm({ metadata }: Node, term: NodeSelectorTerm): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length + matchFields.length === 0) return false;
  return matchExpressions.every((one) => meets(one, metadata.labels?.[one.key])) &&
    matchFields.every((one) => meets(one, one.key === "metadata.name" ? metadata.name : undefined));
}

function matchesSelectors({ spec }: Pod, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  const selector = Object.entries(spec.nodeSelector ?? {});
  if (!selector.every(([key, value]) => labels[key] === value)) return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || required.nodeSelectorTerms.some((term) => matchesTerm(node, term));
}

function missingResources(requests: Resources, { allocatable, used }: NodeRoom): string[] {
  return Object.entries(requests).filter(([name, amount]) =>
    amount > 0 && amount > (allocatable[name] ?? 0) - (used[name] ?? 0)
  ).map(([name]) => name === "pods" ? "Too many pods" : `Insufficient ${name}`);
}

/** Every reason why a pod does not fit; none when it does. The first filter that fails decides. */
export function findMisfits(pod: Pod, requests: Resources, room: NodeRoom): readonly string[] {
  const { node } = room;
  const tolerations = pod.spec.tolerations ?? [];
  const unschedulable: Taint = {
    key: "node.kubernetes.io/unschedulable",
    effect: "NoSchedule",
  };
  const tolerated = tolerations.some((toleration) => tolerates(toleration, unschedulable));
  if (node.spec?.unschedulable === true && !tolerated) return ["node(s) were unschedulable"];
  const taint = findUntolerated(node, tolerations);
  if (taint) return [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`];
  if (!matchesSelectors(pod, node)) return ["node(s) didn't match Pod's node affinity/selector"];
  return missingResources(requests, room);
}
