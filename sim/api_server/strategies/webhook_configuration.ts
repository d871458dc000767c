/**
 * Rules of webhook configurations.
 *
 * Follows k8s.io/kubernetes `pkg/apis/admissionregistration` (`v1/defaults.go`, `validation`), v1.36.0.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import type { Cause } from "../api_error.ts";
import { asArray, asObject, getIn, isObject, type Json } from "../json.ts";
import type { Strategy } from "./strategy.ts";

function fillIn(raw: Json, kind: string): Json {
  const webhook = asObject(raw);
  const client = asObject(webhook.clientConfig);
  return {
    ...webhook,
    clientConfig: isObject(client.service)
      ? { ...client, service: { ...client.service, port: client.service.port ?? 443 } }
      : client,
    failurePolicy: webhook.failurePolicy ?? "Fail",
    matchPolicy: webhook.matchPolicy ?? "Equivalent",
    namespaceSelector: webhook.namespaceSelector ?? {},
    objectSelector: webhook.objectSelector ?? {},
    timeoutSeconds: webhook.timeoutSeconds ?? 10,
    ...(kind === "MutatingWebhookConfiguration"
      ? { reinvocationPolicy: webhook.reinvocationPolicy ?? "Never" }
      : {}),
    ...(webhook.rules === undefined ? {} : {
      rules: asArray(webhook.rules).map((rule) => ({
        ...asObject(rule),
        scope: asObject(rule).scope ?? "*",
      })),
    }),
  };
}

function validate({ webhooks }: ApiObject): readonly Cause[] {
  const causes: Cause[] = [];
  for (const [index, raw] of asArray(webhooks).entries()) {
    const webhook = asObject(raw);
    const field = (name: string) => `webhooks[${index}].${name}`;
    const invalid = (name: string, value: Json | undefined, why: string) =>
      causes.push({
        reason: "FieldValueInvalid",
        field: field(name),
        message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
      });
    const timeout = Number(webhook.timeoutSeconds);
    if (!(timeout >= 1 && timeout <= 30)) {
      invalid(
        "timeoutSeconds",
        webhook.timeoutSeconds,
        "the timeout value must be between 1 and 30 seconds",
      );
    }
    const { url, service } = asObject(webhook.clientConfig);
    if ((url === undefined) === (service === undefined)) {
      causes.push({
        reason: "FieldValueRequired",
        field: field("clientConfig"),
        message: "Required value: exactly one of url or service is required",
      });
    }
    if (webhook.sideEffects !== "None" && webhook.sideEffects !== "NoneOnDryRun") {
      causes.push({
        reason: "FieldValueNotSupported",
        field: field("sideEffects"),
        message: `Unsupported value: ${
          JSON.stringify(webhook.sideEffects)
        }: supported values: "None", "NoneOnDryRun"`,
      });
    }
    if (!asArray(getIn(webhook, "admissionReviewVersions")).includes("v1")) {
      invalid(
        "admissionReviewVersions",
        webhook.admissionReviewVersions,
        "must include at least one of v1, v1beta1",
      );
    }
  }
  return causes;
}

/** ValidatingWebhookConfigurations and MutatingWebhookConfigurations. */
export const webhookConfigurationStrategy: Strategy = {
  defaults: (configuration) =>
    configuration.webhooks === undefined ? configuration : {
      ...configuration,
      webhooks: asArray(configuration.webhooks).map((one) => fillIn(one, configuration.kind)),
    },
  validate,
};
