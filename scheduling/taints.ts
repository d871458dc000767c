/**
 * Tolerations against taints, as the Kubernetes scheduler compares them.
 *
 * @module
 */

import type { Taint, Toleration } from "../schemas/kubernetes.ts";

/** Whether one toleration covers one taint: effect and key empty or equal, then value by operator. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === "Exists") return true;
  return (toleration.operator ?? "Equal") === "Equal" &&
    (toleration.value ?? "") === (taint.value ?? "");
}

/**
 * The first taint that keeps pods with these tolerations away. `PreferNoSchedule` is a wish and keeps
 * nobody away.
 */
export function findUntolerated(
  taints: readonly Taint[],
  tolerations: readonly Toleration[] = [],
): Taint | undefined {
  return taints.find((taint) =>
    taint.effect !== "PreferNoSchedule" &&
    !tolerations.some((toleration) => tolerates(toleration, taint))
  );
}

/** `key=value:effect`, as kubectl writes taints. */
export function formatTaint({ key, value, effect }: Taint): string {
  return value ? `${key}=${value}:${effect}` : `${key}:${effect}`;
}
