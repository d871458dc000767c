/**
 * Role-based access control, from the roles and bindings that are stored.
 *
 * Follows k8s.io/kubernetes `plugin/pkg/auth/authorizer/rbac`, v1.36.0.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { asArray, asObject, asString, asStringMap, getIn, type Json } from "../json.ts";
import { toLabelPredicate } from "../read/selectors.ts";
import type { AccessQuestion, ResourceRequest } from "../request_info.ts";
import type { Store } from "../storage/store.ts";
import type { User } from "./user.ts";

const clusterRoles = "clusterroles.rbac.authorization.k8s.io";
const clusterRoleBindings = "clusterrolebindings.rbac.authorization.k8s.io";
const roles = "roles.rbac.authorization.k8s.io";
const roleBindings = "rolebindings.rbac.authorization.k8s.io";

/** A question about a resource, whatever its verb. */
export type ResourceQuestion = Omit<ResourceRequest, "verb">;

/** One `PolicyRule`. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** Whether the stored roles let a user make a request. */
export function rbacAllows(store: Store, user: User, info: AccessQuestion): boolean {
  return rulesFor(store, user, info.kind === "resource" ? info.namespace : "").some((rule) =>
    ruleAllows(rule, info)
  );
}

/** Every rule that holds for a user in a namespace, or without one in the whole cluster. */
export function rulesFor(store: Store, user: User, namespace: string): readonly Rule[] {
  const everywhere = store.list(clusterRoleBindings).filter((one) => isSubject(one, user, ""));
  const here = namespace === ""
    ? []
    : store.list(roleBindings).filter((one) =>
      one.metadata.namespace === namespace && isSubject(one, user, namespace)
    );
  return [
    ...everywhere.flatMap((binding) => rulesOf(store, binding, "")),
    ...here.flatMap((binding) => rulesOf(store, binding, namespace)),
  ];
}

function isSubject(binding: ApiObject, user: User, namespace: string): boolean {
  return asArray(binding.subjects).map(asObject).some((subject) => {
    switch (subject.kind) {
      case "User":
        return subject.name === user.name;
      case "Group":
        return user.groups.includes(asString(subject.name) ?? "");
      case "ServiceAccount": {
        const place = asString(subject.namespace) ?? namespace;
        return user.name === `system:serviceaccount:${place}:${subject.name}`;
      }
      default:
        return false;
    }
  });
}

function rulesOf(store: Store, binding: ApiObject, namespace: string): readonly Rule[] {
  const name = asString(getIn(binding, "roleRef", "name")) ?? "";
  const role = getIn(binding, "roleRef", "kind") === "ClusterRole"
    ? store.get(clusterRoles, "", name)
    : store.get(roles, namespace, name);
  if (!role) return [];
  const aggregated = asArray(getIn(role, "aggregationRule", "clusterRoleSelectors"))
    .map(toLabelPredicate);
  const parts = aggregated.length === 0
    ? [role]
    : store.list(clusterRoles).filter((one) =>
      aggregated.some((selects) => selects(asStringMap(one.metadata.labels)))
    );
  return parts.flatMap((part) => asArray(part.rules).map(toRule));
}

function toRule(raw: Json): Rule {
  const rule = asObject(raw);
  const strings = (value: Json | undefined) =>
    asArray(value).filter((item) => typeof item === "string");
  return {
    verbs: strings(rule.verbs),
    apiGroups: strings(rule.apiGroups),
    resources: strings(rule.resources),
    resourceNames: strings(rule.resourceNames),
    nonResourceURLs: strings(rule.nonResourceURLs),
  };
}

function includes(list: readonly string[], value: string): boolean {
  return list.includes("*") || list.includes(value);
}

/** Whether one rule allows a request. */
export function ruleAllows(rule: Rule, info: AccessQuestion): boolean {
  if (!includes(rule.verbs, info.verb)) return false;
  if (info.kind === "path") {
    return rule.nonResourceURLs.some((url) =>
      url === "*" || url === info.path ||
      (url.endsWith("*") && info.path.startsWith(url.slice(0, -1)))
    );
  }
  const name = requestedName(info);
  const { plural, subresource } = info;
  const resource = subresource === "" ? plural : `${plural}/${subresource}`;
  const resources = includes(rule.resources, resource) ||
    (subresource !== "" && rule.resources.includes(`*/${subresource}`));
  return resources && includes(rule.apiGroups, info.group) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(name));
}

/** The one object that a request is about: lists and watches name it by a field selector. */
export function requestedName(info: ResourceQuestion): string {
  if (info.name !== "") return info.name;
  return selectedFields(info).get("metadata.name") ?? "";
}

/** The fields that a request's selector pins to one value. */
export function selectedFields({ query }: ResourceQuestion): ReadonlyMap<string, string> {
  const terms = (query.get("fieldSelector") ?? "").split(",").flatMap((term) => {
    const match = /^([^!=]+)==?(.+)$/.exec(term);
    return match ? [[match[1] ?? "", match[2] ?? ""] as const] : [];
  });
  return new Map(terms);
}
