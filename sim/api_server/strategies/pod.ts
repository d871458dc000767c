/**
 * Rules of Pods.
 *
 * Follows k8s.io/kubernetes `pkg/registry/core/pod/strategy.go` and `pkg/apis/core/validation`, v1.36.0.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import type { Cause } from "../api_error.ts";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  equalJson,
  getIn,
  type JsonObject,
  setIn,
} from "../json.ts";
import { validateResources } from "./pod_resources.ts";
import { defaultPodSpec } from "./pod_defaults.ts";
import type { Strategy, WriteContext } from "./strategy.ts";

function qosClass(spec: JsonObject): string {
  const containers = [...asArray(spec.containers), ...asArray(spec.initContainers)].map(asObject);
  const resources = containers.map((one) => asObject(one.resources));
  const stated = (one: JsonObject, name: string) =>
    getIn(one, "requests", name) !== undefined || getIn(one, "limits", name) !== undefined;
  if (!resources.some((one) => stated(one, "cpu") || stated(one, "memory"))) return "BestEffort";
  const guaranteed = resources.every((one) =>
    ["cpu", "memory"].every((name) => {
      const limit = getIn(one, "limits", name);
      return limit !== undefined && equalJson(limit, getIn(one, "requests", name));
    })
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}

/** What a pod with gates says of itself from the start. */
const gated = {
  type: "PodScheduled",
  status: "False",
  reason: "SchedulingGated",
  message: "Scheduling is blocked due to non-empty scheduling gates",
};

function defaults(pod: ApiObject): ApiObject {
  return setIn(pod, ["spec"], {
    enableServiceLinks: true,
    ...defaultPodSpec(asObject(pod.spec)),
  });
}

function required(field: string): Cause {
  return { reason: "FieldValueRequired", message: "Required value", field };
}

function validateSpec(spec: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const containers = asArray(spec.containers).map(asObject);
  if (containers.length === 0) causes.push(required("spec.containers"));
  for (const [index, container] of containers.entries()) {
    if (!container.name) causes.push(required(`spec.containers[${index}].name`));
    if (!container.image) causes.push(required(`spec.containers[${index}].image`));
    const resources = asObject(container.resources);
    causes.push(...validateResources(resources, `spec.containers[${index}].resources`));
  }
  return causes;
}

/** Spec fields that may change after creation. */
const mutableSpecFields = ["activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds"];

function comparable(pod: ApiObject): JsonObject {
  const spec: Record<string, unknown> = { ...asObject(pod.spec) };
  for (const field of mutableSpecFields) delete spec[field];
  const anonymous = (list: unknown) =>
    asArray(list).map((one) => {
      const { image: _image, ...rest } = asObject(one);
      return rest;
    });
  return {
    // Deleted members are gone; what is left is JSON.
    ...spec as JsonObject,
    containers: anonymous(spec.containers),
    initContainers: anonymous(spec.initContainers),
  };
}

function validate(
  pod: ApiObject,
  previous: ApiObject | undefined,
  context: WriteContext,
): readonly Cause[] {
  if (context.subresource !== undefined) return [];
  if (!previous) return validateSpec(asObject(pod.spec));
  const gatesBefore = asArray(getIn(previous, "spec", "schedulingGates")).length;
  const gated = gatesBefore > 0 ? { schedulingGates: undefined, nodeSelector: undefined } : {};
  if (equalJson({ ...comparable(pod), ...gated }, { ...comparable(previous), ...gated })) return [];
  return [{
    reason: "FieldValueForbidden",
    field: "spec",
    message: "Forbidden: pod updates may not change fields other than" +
      " `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`," +
      "`spec.tolerations` (only additions to existing tolerations)," +
      "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
  }];
}

/** See the module. */
export const podStrategy: Strategy = {
  defaults,
  prepareForCreate: (pod) => {
    const spec = asObject(pod.spec);
    const conditions = asArray(spec.schedulingGates).length > 0 ? { conditions: [gated] } : {};
    return { ...pod, status: { phase: "Pending", ...conditions, qosClass: qosClass(spec) } };
  },
  validate,
  selectableFields: (pod) => ({
    "spec.nodeName": asString(getIn(pod, "spec", "nodeName")) ?? "",
    "spec.restartPolicy": asString(getIn(pod, "spec", "restartPolicy")) ?? "",
    "spec.schedulerName": asString(getIn(pod, "spec", "schedulerName")) ?? "",
    "spec.serviceAccountName": asString(getIn(pod, "spec", "serviceAccountName")) ?? "",
    "spec.hostNetwork": String(getIn(pod, "spec", "hostNetwork") === true),
    "status.phase": asString(getIn(pod, "status", "phase")) ?? "",
    "status.podIP": asString(getIn(pod, "status", "podIP")) ?? "",
    "status.nominatedNodeName": asString(getIn(pod, "status", "nominatedNodeName")) ?? "",
  }),
  gracePeriodSeconds: (pod, requested) => {
    const phase = getIn(pod, "status", "phase");
    const bound = asString(getIn(pod, "spec", "nodeName")) ?? "";
    if (bound === "" || phase === "Succeeded" || phase === "Failed") return 0;
    const own = asNumber(getIn(pod, "spec", "terminationGracePeriodSeconds")) ?? 30;
    return Math.max(0, requested ?? own);
  },
};
