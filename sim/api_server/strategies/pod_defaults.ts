/**
 * What defaulting adds to pod specs.
 *
 * Follows `SetDefaults_PodSpec` and its like in k8s.io/kubernetes `pkg/apis/core/v1/defaults.go`,
 * v1.36.0, for the fields that are in use here.
 *
 * @module
 */

import { asArray, asObject, asString, type Json, type JsonObject } from "../json.ts";

function pullPolicy(image: string): string {
  const tag = image.split("/").at(-1)?.split(":")[1];
  return !image.includes("@") && (tag === undefined || tag === "latest")
    ? "Always"
    : "IfNotPresent";
}

/** Requests that are not stated are the limits. */
function defaultResources(resources: JsonObject): JsonObject {
  if (resources.limits === undefined) return resources;
  return {
    ...resources,
    requests: { ...asObject(resources.limits), ...asObject(resources.requests) },
  };
}

function defaultContainer(raw: Json): Json {
  const container = asObject(raw);
  return {
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: pullPolicy(asString(container.image) ?? ""),
    ...container,
    resources: defaultResources(asObject(container.resources)),
    ...(container.ports === undefined ? {} : {
      ports: asArray(container.ports).map((port) => ({ protocol: "TCP", ...asObject(port) })),
    }),
  };
}

/** A pod spec with its defaults. Idempotent. */
export function defaultPodSpec(spec: JsonObject): JsonObject {
  return {
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    securityContext: {},
    schedulerName: "default-scheduler",
    ...spec,
    ...(spec.containers === undefined
      ? {}
      : { containers: asArray(spec.containers).map(defaultContainer) }),
    ...(spec.initContainers === undefined
      ? {}
      : { initContainers: asArray(spec.initContainers).map(defaultContainer) }),
  };
}
