/**
 * Checking metadata.
 *
 * Texts follow k8s.io/apimachinery `pkg/api/validation/objectmeta.go` and `pkg/util/validation`, v0.36.0.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import type { Cause } from "../api_error.ts";
import type { ResourceDefinition } from "../resources/resource_definition.ts";

const labelPart = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomain = new RegExp(`^${labelPart}(\\.${labelPart})*$`);
const label = new RegExp(`^${labelPart}$`);
const qualifiedPart = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const subdomainText = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric" +
  " characters, '-' or '.', and must start and end with an alphanumeric character (e.g." +
  " 'example.com', regex used for validation is" +
  " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or" +
  " '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex" +
  " used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const qualifiedText =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must" +
  " start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex" +
  " used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const labelValueText =
  "a valid label must be an empty string or consist of alphanumeric characters," +
  " '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or" +
  " 'my_value',  or '12345', regex used for validation is" +
  " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** Kinds whose names may be anything that fits into a path. */
const pathNames = new Set(["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"]);

function invalidValue(field: string, value: string, why: string): Cause {
  return {
    reason: "FieldValueInvalid",
    message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
    field,
  };
}

function checkName(definition: ResourceDefinition, name: string): Cause[] {
  const field = "metadata.name";
  if (name === "") {
    const message = "Required value: name or generateName is required";
    return [{ reason: "FieldValueRequired", message, field }];
  }
  if (pathNames.has(definition.kind) && !definition.custom) {
    if (name === "." || name === ".." || /[/%]/.test(name)) {
      return [invalidValue(field, name, `may not be '.' or '..', or contain '/' or '%'`)];
    }
    return [];
  }
  const short = definition.kind === "Namespace" && !definition.custom;
  const most = short ? 63 : 253;
  const causes: Cause[] = [];
  if (name.length > most) {
    causes.push(invalidValue(field, name, `must be no more than ${most} characters`));
  }
  if (!(short ? label : subdomain).test(name)) {
    causes.push(invalidValue(field, name, short ? labelText : subdomainText));
  }
  return causes;
}

function checkQualifiedName(field: string, key: string): Cause[] {
  const [name = "", prefix, ...rest] = key.split("/").reverse();
  if (rest.length > 0) {
    return [
      invalidValue(
        field,
        key,
        "a qualified name must consist of a name part and an optional" +
          " DNS subdomain prefix",
      ),
    ];
  }
  const causes: Cause[] = [];
  if (prefix !== undefined && !subdomain.test(prefix)) {
    causes.push(invalidValue(field, key, `prefix part ${subdomainText}`));
  }
  if (name === "") causes.push(invalidValue(field, key, "name part must be non-empty"));
  if (name.length > 63) {
    causes.push(invalidValue(field, key, "name part must be no more than 63 characters"));
  }
  if (!qualifiedPart.test(name)) causes.push(invalidValue(field, key, qualifiedText));
  return causes;
}

function checkLabels(labels: Readonly<Record<string, string>>): Cause[] {
  const field = "metadata.labels";
  return Object.entries(labels).flatMap(([key, value]) => [
    ...checkQualifiedName(field, key),
    ...(value.length > 63 ? [invalidValue(field, value, "must be no more than 63 bytes")] : []),
    ...(labelValue.test(value) ? [] : [invalidValue(field, value, labelValueText)]),
  ]);
}

/** Every way in which an object's metadata is wrong. */
export function validateMetadata(
  definition: ResourceDefinition,
  next: ApiObject,
  previous: ApiObject | undefined,
): readonly Cause[] {
  const { metadata } = next;
  const causes: Cause[] = previous ? [] : checkName(definition, metadata.name);
  causes.push(...checkLabels(metadata.labels ?? {}));
  for (const key of Object.keys(metadata.annotations ?? {})) {
    causes.push(...checkQualifiedName("metadata.annotations", key.toLowerCase()));
  }
  for (const finalizer of metadata.finalizers ?? []) {
    causes.push(...checkQualifiedName("metadata.finalizers", finalizer));
  }
  if (previous?.metadata.deletionTimestamp) {
    const before = previous.metadata.finalizers ?? [];
    const added = (metadata.finalizers ?? []).filter((one) => !before.includes(one));
    if (added.length > 0) {
      causes.push({
        reason: "FieldValueForbidden",
        field: "metadata.finalizers",
        message: "Forbidden: no new finalizers can be added if the object is being deleted, found" +
          ` new finalizers []string{${added.map((one) => JSON.stringify(one)).join(", ")}}`,
      });
    }
  }
  return causes;
}
