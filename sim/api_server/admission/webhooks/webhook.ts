/**
 * Validating webhooks as their configurations state them.
 *
 * @module
 */

import type { Core } from "../../core.ts";
import { asArray, asNumber, asObject, asString, type Json } from "../../json.ts";

/** What a rule matches; `*` stands for everything. */
export interface WebhookRule {
  readonly groups: readonly string[];
  readonly versions: readonly string[];
  readonly operations: readonly string[];
  /** `pods`, `pods/status`, `pods/*`, `*`, `*\/status`. */
  readonly resources: readonly string[];
  readonly scope: "Cluster" | "Namespaced" | "*";
}

/** One webhook. */
export interface Webhook {
  readonly name: string;
  readonly url: string;
  readonly rules: readonly WebhookRule[];
  readonly matchesVersions: "Exact" | "Equivalent";
  readonly namespaceSelector: Json;
  readonly objectSelector: Json;
  readonly conditions: readonly { readonly name: string; readonly expression: string }[];
  /** Whether a webhook that cannot be asked refuses or passes. */
  readonly failsClosed: boolean;
  readonly timeoutMs: number;
}

const storageKey = "validatingwebhookconfigurations.admissionregistration.k8s.io";

/** All webhooks there are, in the order in which they are asked: by configuration's name. */
export function listWebhooks({ store }: Core): readonly Webhook[] {
  return store.list(storageKey)
    .toSorted((left, right) => left.metadata.name < right.metadata.name ? -1 : 1)
    .flatMap(({ webhooks }) => asArray(webhooks).map(toWebhook));
}

function toWebhook(raw: Json): Webhook {
  const webhook = asObject(raw);
  return {
    name: asString(webhook.name) ?? "",
    url: toUrl(asObject(webhook.clientConfig)),
    rules: asArray(webhook.rules).map(toRule),
    matchesVersions: webhook.matchPolicy === "Exact" ? "Exact" : "Equivalent",
    namespaceSelector: asObject(webhook.namespaceSelector),
    objectSelector: asObject(webhook.objectSelector),
    conditions: asArray(webhook.matchConditions).map(asObject).map(({ name, expression }) => ({
      name: asString(name) ?? "",
      expression: asString(expression) ?? "",
    })),
    failsClosed: webhook.failurePolicy !== "Ignore",
    timeoutMs: (asNumber(webhook.timeoutSeconds) ?? 10) * 1000,
  };
}

function toRule(raw: Json): WebhookRule {
  const rule = asObject(raw);
  const texts = (value: Json | undefined) =>
    asArray(value).filter((one) => typeof one === "string");
  const scope = rule.scope === "Cluster" || rule.scope === "Namespaced" ? rule.scope : "*";
  return {
    groups: texts(rule.apiGroups),
    versions: texts(rule.apiVersions),
    operations: texts(rule.operations),
    resources: texts(rule.resources),
    scope,
  };
}

function toUrl({ url, service }: ReturnType<typeof asObject>): string {
  if (typeof url === "string") return url;
  const { name, namespace, path, port } = asObject(service);
  const place = asString(path) ?? "/";
  return `https://${asString(name)}.${asString(namespace)}.svc:${asNumber(port) ?? 443}${
    place.startsWith("/") ? "" : "/"
  }${place}`;
}
