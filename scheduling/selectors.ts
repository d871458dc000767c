/**
 * Label selectors of pods.
 *
 * @module
 */

import { labelOf } from "./label_of.ts";
import type { LabelSelector } from "../schemas/kubernetes.ts";

/**
 * Whether labels match a selector. An empty selector matches everything; an absent one matches
 * nothing, as in pod affinity and topology spread.
 */
export function matchesSelector(
  selector: LabelSelector | undefined,
  labels: Readonly<Record<string, string>> = {},
): boolean {
  if (!selector) return false;
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (labelOf(labels, key) !== value) return false;
  }
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const label = labelOf(labels, key);
    switch (operator) {
      case "In":
        return label !== undefined && values.includes(label);
      case "NotIn":
        return label === undefined || !values.includes(label);
      case "Exists":
        return label !== undefined;
      case "DoesNotExist":
        return label === undefined;
    }
  });
}

/** The label keys that a selector looks at. */
export function selectorKeys(selector: LabelSelector | undefined): readonly string[] {
  return [
    ...Object.keys(selector?.matchLabels ?? {}),
    ...(selector?.matchExpressions ?? []).map(({ key }) => key),
  ];
}
