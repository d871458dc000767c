/**
 * Rules of Events, Leases and Services.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import type { Cause } from "../api_error.ts";
import { asArray, asNumber, asObject, asString, getIn, setIn } from "../json.ts";
import type { Strategy } from "./strategy.ts";

/** Core Events. */
export const eventStrategy: Strategy = {
  validate: (event) => {
    const namespace = asString(getIn(event, "involvedObject", "namespace")) ?? "";
    const own = event.metadata.namespace ?? "";
    // Events of cluster-scoped objects live in the default namespace.
    if (namespace === own || (namespace === "" && own === "default")) return [];
    return [{
      reason: "FieldValueInvalid",
      field: "involvedObject.namespace",
      message: `Invalid value: ${JSON.stringify(namespace)}: does not match event.namespace`,
    }];
  },
  selectableFields: (event) => ({
    "involvedObject.kind": asString(getIn(event, "involvedObject", "kind")) ?? "",
    "involvedObject.namespace": asString(getIn(event, "involvedObject", "namespace")) ?? "",
    "involvedObject.name": asString(getIn(event, "involvedObject", "name")) ?? "",
    "involvedObject.uid": asString(getIn(event, "involvedObject", "uid")) ?? "",
    "involvedObject.apiVersion": asString(getIn(event, "involvedObject", "apiVersion")) ?? "",
    "involvedObject.resourceVersion": asString(getIn(event, "involvedObject", "resourceVersion")) ??
      "",
    "involvedObject.fieldPath": asString(getIn(event, "involvedObject", "fieldPath")) ?? "",
    reason: asString(event.reason) ?? "",
    reportingComponent: asString(event.reportingComponent) ?? "",
    source: asString(getIn(event, "source", "component")) ||
      (asString(event.reportingComponent) ?? ""),
    type: asString(event.type) ?? "",
  }),
};

/** coordination.k8s.io Leases. */
export const leaseStrategy: Strategy = {
  validate: ({ spec }) => {
    const { leaseDurationSeconds, leaseTransitions } = asObject(spec);
    const causes: Cause[] = [];
    const duration = asNumber(leaseDurationSeconds);
    if (duration !== undefined && duration <= 0) {
      const message = `Invalid value: ${duration}: must be greater than 0`;
      causes.push({ reason: "FieldValueInvalid", message, field: "spec.leaseDurationSeconds" });
    }
    const transitions = asNumber(leaseTransitions);
    if (transitions !== undefined && transitions < 0) {
      const message = `Invalid value: ${transitions}: must be greater than or equal to 0`;
      causes.push({ reason: "FieldValueInvalid", message, field: "spec.leaseTransitions" });
    }
    return causes;
  },
};

function defaultPort(raw: unknown) {
  const port = asObject(raw);
  return { protocol: "TCP", ...port, targetPort: port.targetPort ?? port.port ?? 0 };
}

/** An address of the service range, from the object's name: any will do, nothing routes to it. */
function toClusterIp({ metadata }: ApiObject): string {
  let hash = 7;
  for (const char of `${metadata.namespace}/${metadata.name}`) {
    hash = (hash * 31 + char.charCodeAt(0)) % 65_000;
  }
  return `10.96.${Math.floor(hash / 254)}.${(hash % 254) + 1}`;
}

/** Core Services. */
export const serviceStrategy: Strategy = {
  defaults: (service) => {
    const spec = asObject(service.spec);
    return setIn(service, ["spec"], {
      type: "ClusterIP",
      sessionAffinity: "None",
      internalTrafficPolicy: "Cluster",
      ...spec,
      ...(spec.ports === undefined ? {} : { ports: asArray(spec.ports).map(defaultPort) }),
    });
  },
  prepareForCreate: (service) => {
    const clusterIp = asString(getIn(service, "spec", "clusterIP")) ?? toClusterIp(service);
    return { ...setIn(service, ["spec", "clusterIP"], clusterIp), status: { loadBalancer: {} } };
  },
  prepareForUpdate: (next, previous) =>
    getIn(next, "spec", "clusterIP") === undefined
      ? setIn(next, ["spec", "clusterIP"], getIn(previous, "spec", "clusterIP"))
      : next,
};
