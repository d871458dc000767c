/**
 * What admission adds to a new pod: tolerations for node problems, its priority, its service account.
 *
 * Follows DefaultTolerationSeconds, Priority and ServiceAccount of k8s.io/kubernetes `plugin/pkg/admission`,
 * v1.36.0; no token is mounted.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { forbidden } from "../api_error.ts";
import type { Core, ResourceCall } from "../core.ts";
import { asArray, asNumber, asObject, asString, type JsonObject } from "../json.ts";

/** Five minutes (`--default-not-ready-toleration-seconds`). */
const tolerationSeconds = 300;
const nodeProblems = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/** The two classes that every cluster has. */
const systemPriorities: Readonly<Record<string, number>> = {
  "system-cluster-critical": 2_000_000_000,
  "system-node-critical": 2_000_001_000,
};

/** Completes a new pod. @throws {ApiError} 403 for a priority class that is not there. */
export function completePod(core: Core, call: ResourceCall, pod: ApiObject): ApiObject {
  const spec = asObject(pod.spec);
  const serviceAccountName = asString(spec.serviceAccountName) || "default";
  return {
    ...pod,
    spec: {
      ...spec,
      ...priorityOf(core, call, pod),
      serviceAccountName,
      serviceAccount: serviceAccountName,
      tolerations: withNodeProblems(spec),
    },
  };
}

function withNodeProblems(spec: JsonObject) {
  const stated = asArray(spec.tolerations);
  const covers = (key: string) =>
    stated.map(asObject).some((one) =>
      (!one.key || one.key === key) && (!one.effect || one.effect === "NoExecute")
    );
  const added = nodeProblems.filter((key) => !covers(key)).map((key) => ({
    key,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds,
  }));
  return [...stated, ...added];
}

function priorityOf({ store }: Core, { definition }: ResourceCall, pod: ApiObject): JsonObject {
  const classes = store.list("priorityclasses.scheduling.k8s.io");
  const name = asString(asObject(pod.spec).priorityClassName);
  const found = classes.find((one) =>
    name ? one.metadata.name === name : one.globalDefault === true
  );
  const preemptionPolicy = asString(found?.preemptionPolicy) ?? "PreemptLowerPriority";
  if (!name) {
    const byDefault = found ? { priorityClassName: found.metadata.name } : {};
    return { ...byDefault, priority: asNumber(found?.value) ?? 0, preemptionPolicy };
  }
  const priority = asNumber(found?.value) ?? systemPriorities[name];
  if (priority === undefined) {
    throw forbidden(
      definition,
      pod.metadata.name,
      `no PriorityClass with name ${name} was found`,
    );
  }
  return { priority, preemptionPolicy };
}
