/**
 * Counting for PodDisruptionBudgets: how many of their pods may be evicted now.
 *
 * Pods are counted as they are; a workload's wish for more of them is not asked.
 *
 * Follows k8s.io/kubernetes `pkg/controller/disruption/disruption.go`, v1.36.0.
 *
 * @module
 */

import { type ApiObject, toTimestamp } from "../api_server/api_object.ts";
import {
  asArray,
  asObject,
  asStringMap,
  equalJson,
  getIn,
  type Json,
  type JsonObject,
} from "../api_server/json.ts";
import { toLabelPredicate } from "../api_server/read/selectors.ts";
import { pods as podType } from "../../kube/resource.ts";
import type { Pod } from "../../schemas/kubernetes.ts";
import { type Controller, type ControlRequest, earlier } from "./controller.ts";
import { hasEnded, parseTimeMs } from "./pods.ts";

const resource = "poddisruptionbudgets.policy";

/** An eviction that did not end its pod by then is forgotten. */
const disruptionTimeoutMs = 120_000;

/** See the module. */
export const disruptionBudgets: Controller = {
  name: "kube-controller-manager",
  watches: ["pods", resource],
  decide: (view, nowMs) => {
    const requests: ControlRequest[] = [];
    let againAtMs: number | undefined;
    for (const budget of view.list(resource)) {
      const pods = view.list("pods").map(podType.parse);
      const { status, untilMs } = count(budget, pods, nowMs);
      againAtMs = earlier(againAtMs, untilMs);
      if (equalJson(status, budget.status)) continue;
      requests.push(toRequest(budget, status));
    }
    return { requests, againAtMs };
  },
};

function isHealthy({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ===
    true;
}

/** A count or a percentage of a total, rounded up. */
function toCount(value: Json | undefined, total: number): number {
  if (typeof value === "string" && value.endsWith("%")) {
    return Math.ceil(total * Number.parseFloat(value) / 100);
  }
  return Number(value ?? 0);
}

/** The disruptions that have been granted and not yet happened. */
function ongoing(budget: ApiObject, pods: readonly Pod[], nowMs: number): Record<string, string> {
  const granted = asStringMap(getIn(budget, "status", "disruptedPods"));
  return Object.fromEntries(
    Object.entries(granted).filter(([name, since]) =>
      nowMs - parseTimeMs(since) < disruptionTimeoutMs &&
      pods.some(({ metadata }) => metadata.name === name && !metadata.deletionTimestamp)
    ),
  );
}

function count(budget: ApiObject, all: readonly Pod[], nowMs: number) {
  const selects = toLabelPredicate(getIn(budget, "spec", "selector"));
  const pods = all.filter((pod) =>
    pod.metadata.namespace === budget.metadata.namespace && selects(pod.metadata.labels ?? {}) &&
    !hasEnded(pod)
  );
  const { minAvailable, maxUnavailable } = asObject(budget.spec);
  const expectedPods = pods.length;
  const desiredHealthy = maxUnavailable === undefined
    ? toCount(minAvailable, expectedPods)
    : Math.max(0, expectedPods - toCount(maxUnavailable, expectedPods));
  const disruptedPods = ongoing(budget, pods, nowMs);
  const currentHealthy =
    pods.filter((pod) =>
      isHealthy(pod) && !pod.metadata.deletionTimestamp && !(pod.metadata.name in disruptedPods)
    ).length;
  const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const granted = Object.values(disruptedPods).map((since) =>
    parseTimeMs(since) + disruptionTimeoutMs
  );
  const status: JsonObject = {
    observedGeneration: budget.metadata.generation,
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    ...(granted.length > 0 ? { disruptedPods } : {}),
    conditions: [toCondition(budget, disruptionsAllowed > 0, nowMs)],
  };
  return { status, untilMs: granted.length > 0 ? Math.min(...granted) : undefined };
}

function toCondition(budget: ApiObject, allowed: boolean, nowMs: number): JsonObject {
  const status = allowed ? "True" : "False";
  const before = asArray(getIn(budget, "status", "conditions")).map(asObject)[0];
  return {
    type: "DisruptionAllowed",
    status,
    reason: allowed ? "SufficientPods" : "InsufficientPods",
    message: "",
    observedGeneration: budget.metadata.generation,
    lastTransitionTime: before?.status === status ? before.lastTransitionTime : toTimestamp(nowMs),
  };
}

function toRequest({ metadata }: ApiObject, status: JsonObject): ControlRequest {
  const { resourceVersion, namespace, name } = metadata;
  const before = status.disruptedPods === undefined ? { disruptedPods: null } : {};
  return {
    method: "PATCH",
    path: `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets/${name}/status`,
    body: { metadata: { resourceVersion }, status: { ...before, ...status } },
  };
}
