/**
 * Rules of CertificateSigningRequests.
 *
 * Follows k8s.io/kubernetes `pkg/registry/certificates/certificates/strategy.go`, v1.36.0.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import type { Cause } from "../api_error.ts";
import { asArray, asNumber, asObject, asString, getIn, setIn } from "../json.ts";
import { toTimestamp } from "../api_object.ts";
import { fromBase64 } from "../base64.ts";
import type { Strategy, WriteContext } from "./strategy.ts";

const decisions = new Set(["Approved", "Denied"]);

/** Stamps conditions that have no times. */
function stampConditions(csr: ApiObject, { nowMs }: WriteContext): ApiObject {
  const conditions = asArray(getIn(csr, "status", "conditions"));
  if (conditions.length === 0) return csr;
  const now = toTimestamp(nowMs);
  return setIn(
    csr,
    ["status", "conditions"],
    conditions.map((one) => ({ lastUpdateTime: now, lastTransitionTime: now, ...asObject(one) })),
  );
}

function isRequest(text: string): boolean {
  try {
    return /^-----BEGIN (NEW )?CERTIFICATE REQUEST-----/m.test(fromBase64(text));
  } catch {
    return false;
  }
}

function validate(csr: ApiObject): readonly Cause[] {
  const spec = asObject(csr.spec);
  const causes: Cause[] = [];
  const invalid = (field: string, message: string) =>
    causes.push({ reason: "FieldValueInvalid", field, message });
  const request = asString(spec.request) ?? "";
  if (!isRequest(request)) {
    invalid("spec.request", `Invalid value: PEM block type must be CERTIFICATE REQUEST`);
  }
  if (!asString(spec.signerName)) {
    causes.push({
      reason: "FieldValueRequired",
      message: "Required value",
      field: "spec.signerName",
    });
  }
  if (asArray(spec.usages).length === 0) {
    causes.push({
      reason: "FieldValueRequired",
      message: "Required value",
      field: "spec.usages",
    });
  }
  const seconds = asNumber(spec.expirationSeconds);
  if (seconds !== undefined && seconds < 600) {
    invalid(
      "spec.expirationSeconds",
      `Invalid value: ${seconds}: may not specify a duration less than 600 seconds (10 minutes)`,
    );
  }
  const types = asArray(getIn(csr, "status", "conditions")).map((one) => asObject(one).type);
  if (types.includes("Approved") && types.includes("Denied")) {
    invalid(
      "status.conditions",
      "Invalid value: Approved and Denied conditions are mutually exclusive",
    );
  }
  return causes;
}

/** Which parts of a request each path may write: approval the decision, status all else. */
function prepareForUpdate(
  next: ApiObject,
  previous: ApiObject,
  context: WriteContext,
): ApiObject {
  const fixed = { ...next, spec: previous.spec };
  const before = asArray(getIn(previous, "status", "conditions"));
  const after = asArray(getIn(next, "status", "conditions"));
  const decided = (list: readonly unknown[]) =>
    list.filter((one) => decisions.has(asString(asObject(one).type) ?? "")).map(asObject);
  const others = (list: readonly unknown[]) =>
    list.filter((one) => !decisions.has(asString(asObject(one).type) ?? "")).map(asObject);
  if (context.subresource === "approval") {
    const conditions = [...others(before), ...decided(after)];
    return stampConditions(
      setIn({ ...fixed, status: previous.status }, ["status", "conditions"], conditions),
      context,
    );
  }
  if (context.subresource === "status") {
    const conditions = [...decided(before), ...others(after)];
    if (conditions.length === 0) return fixed;
    return stampConditions(setIn(fixed, ["status", "conditions"], conditions), context);
  }
  return fixed;
}

/** See the module. */
export const csrStrategy: Strategy = {
  prepareForCreate: (csr, { user }) => ({
    ...csr,
    spec: { ...asObject(csr.spec), username: user.name, groups: user.groups },
    status: {},
  }),
  prepareForUpdate,
  validate,
  selectableFields: (csr) => ({
    "spec.signerName": asString(getIn(csr, "spec", "signerName")) ?? "",
  }),
};
