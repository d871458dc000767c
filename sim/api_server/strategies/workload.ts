/**
 * Rules of kinds whose status is always another's to write.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { asObject, getIn, type Json, setIn } from "../json.ts";
import { defaultPodSpec } from "./pod_defaults.ts";
import type { Strategy } from "./strategy.ts";

/** An object whose status is empty, as `{}`. */
function withEmptyStatus(object: ApiObject): ApiObject {
  return { ...object, status: {} };
}

/** Kinds that start with an empty status. */
export const statusStrategy: Strategy = { prepareForCreate: withEmptyStatus };

/** What the `apps` and `batch` defaulting fills in, as far as kubectl shows it. */
function defaultWorkload(object: ApiObject): ApiObject {
  const spec = asObject(object.spec);
  const counted = object.kind === "Deployment" || object.kind === "ReplicaSet" ||
    object.kind === "StatefulSet";
  const withReplicas: ApiObject = counted && spec.replicas === undefined
    ? setIn(object, ["spec", "replicas"], 1)
    : object;
  const podSpec: Json | undefined = getIn(object, "spec", "template", "spec");
  return podSpec === undefined ? withReplicas : setIn(
    withReplicas,
    ["spec", "template", "spec"],
    defaultPodSpec(asObject(podSpec)),
  );
}

/** Deployments and their like. */
export const workloadStrategy: Strategy = {
  defaults: defaultWorkload,
  prepareForCreate: withEmptyStatus,
};
