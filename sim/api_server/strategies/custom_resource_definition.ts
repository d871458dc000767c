/**
 * Rules of CustomResourceDefinitions.
 *
 * Follows k8s.io/apiextensions-apiserver `pkg/registry/customresourcedefinition` and its naming
 * controller, v0.36.0. Names are accepted and the resource is established at once.
 *
 * @module
 */

import { type ApiObject, toTimestamp, withMetadata } from "../api_object.ts";
import type { Cause } from "../api_error.ts";
import {
  asArray,
  asObject,
  asString,
  getIn,
  isArray,
  isObject,
  type Json,
  type JsonObject,
} from "../json.ts";
import type { Strategy, WriteContext } from "./strategy.ts";

/** Holds a definition until its objects are gone. */
export const crdCleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

function defaults(crd: ApiObject): ApiObject {
  const spec = asObject(crd.spec);
  const names = asObject(spec.names);
  const kind = asString(names.kind) ?? "";
  return {
    ...crd,
    spec: {
      ...spec,
      conversion: spec.conversion ?? { strategy: "None" },
      names: {
        ...names,
        singular: names.singular || kind.toLowerCase(),
        listKind: names.listKind || `${kind}List`,
      },
    },
  };
}

function storedVersions(spec: JsonObject): readonly string[] {
  return asArray(spec.versions).map(asObject).filter((one) => one.storage === true)
    .flatMap((one) => asString(one.name) ?? []);
}

function accepted(crd: ApiObject, since: string): JsonObject {
  const spec = asObject(crd.spec);
  const condition = (type: string, reason: string, message: string) => ({
    type,
    status: "True",
    lastTransitionTime: since,
    reason,
    message,
  });
  return {
    conditions: [
      condition("NamesAccepted", "NoConflicts", "no conflicts found"),
      condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    ],
    acceptedNames: spec.names,
    storedVersions: storedVersions(spec),
  };
}

function validate(
  crd: ApiObject,
  _previous: ApiObject | undefined,
  { findRuleFault }: WriteContext,
): readonly Cause[] {
  const spec = asObject(crd.spec);
  const causes: Cause[] = [];
  const fail = (field: string, message: string) =>
    causes.push({ reason: "FieldValueInvalid", field, message });
  const wanted = `${asString(getIn(spec, "names", "plural"))}.${asString(spec.group)}`;
  if (crd.metadata.name !== wanted) {
    fail(
      "metadata.name",
      `Invalid value: ${
        JSON.stringify(crd.metadata.name)
      }: must be spec.names.plural+"."+spec.group`,
    );
  }
  if (spec.scope !== "Cluster" && spec.scope !== "Namespaced") {
    causes.push({
      reason: "FieldValueNotSupported",
      field: "spec.scope",
      message: `Unsupported value: ${
        JSON.stringify(spec.scope ?? "")
      }: supported values: "Cluster", "Namespaced"`,
    });
  }
  if (storedVersions(spec).length !== 1) {
    fail("spec.versions", `Invalid value: must have exactly one version marked as storage version`);
  }
  for (const [index, version] of asArray(spec.versions).map(asObject).entries()) {
    const path = `spec.versions[${index}].schema.openAPIV3Schema`;
    if (getIn(version, "schema", "openAPIV3Schema") === undefined) {
      causes.push({
        reason: "FieldValueRequired",
        field: path,
        message: "Required value: schemas are required",
      });
    }
  }
  for (const { rule, path } of listRules(spec.versions, "spec.versions")) {
    const fault = findRuleFault(rule);
    if (fault !== undefined) {
      fail(`${path}.rule`, `Invalid value: ${JSON.stringify(rule)}: compilation failed: ${fault}`);
    }
  }
  return causes;
}

/** Every CEL rule in a schema, wherever it is. */
function listRules(
  value: Json | undefined,
  path: string,
): readonly { readonly rule: string; readonly path: string }[] {
  if (isArray(value)) return value.flatMap((item, index) => listRules(item, `${path}[${index}]`));
  if (!isObject(value)) return [];
  const own = asArray(value["x-kubernetes-validations"]).map((one, index) => ({
    rule: asString(asObject(one).rule) ?? "",
    path: `${path}.x-kubernetes-validations[${index}]`,
  }));
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, child]) => listRules(child, `${path}.${key}`)),
  ];
}

function prepare(crd: ApiObject, { nowMs }: WriteContext): ApiObject {
  return { ...crd, status: accepted(crd, toTimestamp(nowMs)) };
}

/** See the module. */
export const crdStrategy: Strategy = {
  defaults,
  validate,
  prepareForCreate: (crd, context) =>
    withMetadata(prepare(crd, context), {
      finalizers: [...crd.metadata.finalizers ?? [], crdCleanupFinalizer],
    }),
  prepareForUpdate: (next, previous, context) => {
    if (context.subresource !== undefined) return next;
    const since = asArray(getIn(previous, "status", "conditions")).map(asObject)[0];
    const status = accepted(
      next,
      asString(since?.lastTransitionTime) ?? toTimestamp(context.nowMs),
    );
    return { ...next, status: { ...asObject(previous.status), ...status } };
  },
};
