/**
 * Rules of Secrets and ConfigMaps.
 *
 * Follows k8s.io/kubernetes `pkg/registry/core/secret/strategy.go` and `ValidateSecret`, v1.36.0.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import type { Cause } from "../api_error.ts";
import { asObject, asString, asStringMap, equalJson, setIn } from "../json.ts";
import { toBase64 } from "../base64.ts";
import type { Strategy } from "./strategy.ts";

/** Data in all of an object's keys together: 1 MiB, the limit of both kinds. */
const mostBytes = 1024 * 1024;

const keyPattern = /^[-._a-zA-Z0-9]+$/;

/** Keys that a type of Secret must have. */
const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

/** Plain strings become data, and are never read back. */
function defaults(secret: ApiObject): ApiObject {
  const added = Object.entries(asStringMap(secret.stringData)).map((
    [key, text],
  ) => [key, toBase64(text)]);
  const data = { ...asObject(secret.data), ...Object.fromEntries(added) };
  return {
    ...setIn(secret, ["stringData"], undefined),
    ...(secret.data === undefined && added.length === 0 ? {} : { data }),
    type: asString(secret.type) || "Opaque",
  };
}

function checkKeys(field: string, keys: readonly string[]): Cause[] {
  return keys.filter((key) => !keyPattern.test(key) || key === "." || key === "..").map((key) => ({
    reason: "FieldValueInvalid",
    field: `${field}[${key}]`,
    message:
      `Invalid value: ${JSON.stringify(key)}: a valid config key must consist of alphanumeric` +
      " characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for" +
      " validation is '[-._a-zA-Z0-9]+')",
  }));
}

function checkSize(field: string, ...maps: readonly unknown[]): Cause[] {
  const size = maps.flatMap((map) => Object.values(asStringMap(map))).reduce(
    (sum, text) => sum + text.length,
    0,
  );
  if (size <= mostBytes * 4 / 3) return [];
  const message = `Too long: may not be more than ${mostBytes} bytes`;
  return [{ reason: "FieldValueTooLong", message, field }];
}

/** What may not change once an object is marked immutable. */
function checkImmutable(
  next: ApiObject,
  previous: ApiObject | undefined,
  fields: readonly string[],
): Cause[] {
  if (previous?.immutable !== true) return [];
  const changed = fields.filter((field) => !equalJson(next[field] ?? {}, previous[field] ?? {}));
  if (next.immutable !== true) changed.unshift("immutable");
  return changed.map((field) => ({
    reason: "FieldValueForbidden",
    field,
    message: "Forbidden: field is immutable when `immutable` is set",
  }));
}

function validateSecret(secret: ApiObject, previous: ApiObject | undefined): readonly Cause[] {
  const causes = [
    ...checkKeys("data", Object.keys(asObject(secret.data))),
    ...checkSize("data", secret.data),
    ...checkImmutable(secret, previous, ["data"]),
  ];
  const type = asString(secret.type) ?? "";
  if (previous && previous.type !== type) {
    const message = `Invalid value: ${JSON.stringify(type)}: field is immutable`;
    causes.push({ reason: "FieldValueInvalid", message, field: "type" });
  }
  for (const key of requiredKeys[type] ?? []) {
    if (asObject(secret.data)[key] === undefined) {
      const message = "Required value";
      causes.push({ reason: "FieldValueRequired", message, field: `data[${key}]` });
    }
  }
  return causes;
}

/** Core Secrets. */
export const secretStrategy: Strategy = {
  defaults,
  validate: validateSecret,
  selectableFields: (secret) => ({ type: asString(secret.type) ?? "" }),
};

/** Core ConfigMaps. */
export const configMapStrategy: Strategy = {
  validate: (next, previous) => [
    ...checkKeys("data", Object.keys(asObject(next.data))),
    ...checkKeys("binaryData", Object.keys(asObject(next.binaryData))),
    ...checkSize("", next.data, next.binaryData),
    ...checkImmutable(next, previous, ["data", "binaryData"]),
  ],
};
