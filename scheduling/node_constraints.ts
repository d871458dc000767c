/**
 * Which nodes a pod allows by its node selector and required node affinity.
 *
 * @module
 */

import type { NodeSelectorRequirement, Pod } from "../schemas/kubernetes.ts";
import { intersect, parseRequirements, type Requirements } from "./requirements.ts";

/**
 * The one field that a node selector term can match, kept among the requirements under this name,
 * which cannot be a label key because a key without a slash has no dots before letters of a field.
 */
export const nodeNameField = "metadata.name";

/**
 * Stands for the name and hostname of a node that does not exist yet: different from every name that
 * a pod could list, since a label value cannot contain it.
 */
export const freshNodeName = "<new node>";

/**
 * The alternatives that a pod gives; a node suits it if it meets all requirements of one of them.
 * No alternative at all means that no node ever suits (an affinity without usable terms).
 *
 * Preferred affinity is not read: a wish never costs money here, and the scheduler weighs wishes
 * among the nodes there are.
 *
 * @throws {RangeError} If Gt or Lt do not have exactly one integer.
 */
export function nodeAlternatives(pod: Pod): readonly Requirements[] {
  const selector = Object.entries(pod.spec.nodeSelector ?? {});
  const base = parseRequirements(
    selector.map(([key, value]) => ({ key, operator: "In", values: [value] })),
  );
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (!required) return [base];
  return required.nodeSelectorTerms.flatMap(({ matchExpressions = [], matchFields = [] }) => {
    const expressions: readonly NodeSelectorRequirement[] = [...matchExpressions, ...matchFields];
    // In Kubernetes a term without expressions matches no node.
    return expressions.length === 0 ? [] : [intersect(base, parseRequirements(expressions))];
  });
}
