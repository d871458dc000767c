/**
 * Which webhooks are asked about a write.
 *
 * Follows k8s.io/apiserver `pkg/admission/plugin/webhook` (`predicates`, `matchconditions`), v0.36.0.
 *
 * @module
 */

import type { ApiObject } from "../../api_object.ts";
import type { Core, ResourceCall } from "../../core.ts";
import { asObject, asStringMap, getIn, type Json, type JsonObject } from "../../json.ts";
import { toLabelPredicate } from "../../read/selectors.ts";
import type { ResourceDefinition } from "../../resources/resource_definition.ts";
import type { Webhook, WebhookRule } from "./webhook.ts";

/** A write that webhooks may be asked about. */
export interface ReviewedWrite {
  /** `undefined` for deletions. */
  readonly next: ApiObject | undefined;
  /** `undefined` for creations. */
  readonly previous: ApiObject | undefined;
}

/** What a write is to Kubernetes. */
export function operationOf({ next, previous }: ReviewedWrite): "CREATE" | "UPDATE" | "DELETE" {
  return next === undefined ? "DELETE" : previous === undefined ? "CREATE" : "UPDATE";
}

/**
 * The resource, in the version that the webhook's rules speak of, if it is to be asked at all. No
 * webhook is asked about webhooks: one that fails could never be removed.
 */
export function findMatch(
  core: Core,
  call: ResourceCall,
  webhook: Webhook,
  write?: ReviewedWrite,
): ResourceDefinition | undefined {
  const { definition } = call;
  if (definition.group === "admissionregistration.k8s.io") return undefined;
  const equivalents = webhook.matchesVersions === "Exact"
    ? []
    : core.registry.all().filter((one) =>
      one !== definition && one.storageKey === definition.storageKey
    );
  const matched = [definition, ...equivalents].find((candidate) =>
    webhook.rules.some((rule) => matchesRule(rule, call, candidate, write))
  );
  if (matched === undefined || write === undefined) return matched;
  return selects(core, call, webhook, write) ? matched : undefined;
}

function matchesRule(
  { groups, versions, resources, operations, scope }: WebhookRule,
  { namespace, info: { subresource } }: ResourceCall,
  { group, version, plural }: ResourceDefinition,
  write: ReviewedWrite | undefined,
): boolean {
  const has = (list: readonly string[], value: string) =>
    list.includes("*") || list.includes(value);
  if (!has(groups, group) || !has(versions, version)) return false;
  if (write !== undefined && !has(operations, operationOf(write))) return false;
  if (scope !== "*" && (scope === "Cluster") !== (namespace === "")) return false;
  return resources.some((wanted) => {
    const [resource, sub = ""] = wanted.split("/");
    if (wanted === "*/*") return true;
    return (resource === "*" || resource === plural) &&
      (sub === subresource || (sub === "*" && wanted.includes("/")));
  });
}

/** Either state of the object may carry the labels that are selected. */
function selects(
  { store }: Core,
  { namespace, definition }: ResourceCall,
  { namespaceSelector, objectSelector }: Webhook,
  { next, previous }: ReviewedWrite,
): boolean {
  const ofObject = toLabelPredicate(objectSelector);
  const states = [next, previous].filter((object) => object !== undefined);
  if (!states.some(({ metadata }) => ofObject(asStringMap(metadata.labels)))) return false;
  const lies = definition.kind === "Namespace" && definition.group === ""
    ? next ?? previous
    : store.get("namespaces", "", namespace);
  return lies === undefined ||
    toLabelPredicate(namespaceSelector)(asStringMap(lies.metadata.labels));
}

/** The first of a webhook's conditions that does not hold. @throws If one cannot be worked out. */
export function findFailedCondition(
  { rules }: Core,
  { conditions }: Webhook,
  request: JsonObject,
): string | undefined {
  const scope: Readonly<Record<string, Json>> = {
    request: asObject(request),
    object: getIn(request, "object") ?? null,
    oldObject: getIn(request, "oldObject") ?? null,
  };
  return conditions.find(({ expression }) => rules.evaluate(expression, scope) !== true)?.name;
}
