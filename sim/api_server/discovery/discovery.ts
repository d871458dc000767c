/**
 * Discovery: which resources there are, in the aggregated and in the legacy form.
 *
 * @module
 */

import type { Accepted } from "../accept.ts";
import type { JsonObject } from "../json.ts";
import type { Registry } from "../resources/registry.ts";
import { apiVersionOf, type ResourceDefinition } from "../resources/resource_definition.ts";

/** Resources that answer questions instead of storing objects. */
const reviews = [
  ["authorization.k8s.io", "SelfSubjectAccessReview", "selfsubjectaccessreviews"],
  ["authorization.k8s.io", "SelfSubjectRulesReview", "selfsubjectrulesreviews"],
  ["authorization.k8s.io", "SubjectAccessReview", "subjectaccessreviews"],
  ["authentication.k8s.io", "SelfSubjectReview", "selfsubjectreviews"],
] as const;

/** What discovery says of one resource. */
type Listed = Pick<
  ResourceDefinition,
  | "group"
  | "version"
  | "kind"
  | "plural"
  | "singular"
  | "namespaced"
  | "shortNames"
  | "categories"
  | "verbs"
  | "subresources"
>;

/** Every resource that discovery lists. */
export function listResources(registry: Registry): readonly Listed[] {
  const virtual = reviews.map(([group, kind, plural]): Listed => ({
    group,
    version: "v1",
    kind,
    plural,
    singular: kind.toLowerCase(),
    namespaced: false,
    shortNames: [],
    categories: [],
    verbs: ["create"],
    subresources: [],
  }));
  return [...registry.all(), ...virtual];
}

/** Resources by group, and in it by version, in order of appearance. */
function byGroup(resources: readonly Listed[]): Map<string, Map<string, Listed[]>> {
  const groups = new Map<string, Map<string, Listed[]>>();
  for (const resource of resources) {
    const versions = groups.get(resource.group) ?? new Map<string, Listed[]>();
    groups.set(resource.group, versions);
    versions.set(resource.version, [...versions.get(resource.version) ?? [], resource]);
  }
  return groups;
}

function toGroup(name: string, versions: Iterable<string>): JsonObject {
  const listed = [...versions].map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: listed, preferredVersion: listed[0] };
}

/**
 * Answers a discovery path.
 *
 * @returns `undefined` for paths that are none of discovery's.
 */
export function discover(
  registry: Registry,
  path: string,
  accepted: Accepted,
): JsonObject | undefined {
  const groups = byGroup(listResources(registry));
  const [root, group, version, ...rest] = path.split("/").filter((part) => part !== "");
  if (rest.length > 0) return undefined;
  const aggregated = accepted.as === "APIGroupDiscoveryList";
  if (root === "api") {
    if (version !== undefined) return undefined;
    if (group === "v1") return toResourceList(groups.get("")?.get("v1") ?? []);
    if (group !== undefined) return undefined;
    if (aggregated) return toAggregated(new Map([...groups].filter(([name]) => name === "")));
    return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
  }
  if (root !== "apis") return undefined;
  const named = new Map([...groups].filter(([name]) => name !== ""));
  if (group === undefined) {
    if (aggregated) return toAggregated(named);
    const list = [...named].map(([name, versions]) => toGroup(name, versions.keys()));
    return { kind: "APIGroupList", apiVersion: "v1", groups: list };
  }
  const versions = named.get(group);
  if (!versions) return undefined;
  if (version === undefined) {
    return { kind: "APIGroup", apiVersion: "v1", ...toGroup(group, versions.keys()) };
  }
  const resources = versions.get(version);
  return resources && toResourceList(resources);
}

function toResourceList(resources: readonly Listed[]): JsonObject {
  const [first] = resources;
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: first ? apiVersionOf(first) : "v1",
    resources: resources.flatMap((resource) => [
      {
        name: resource.plural,
        singularName: resource.singular,
        namespaced: resource.namespaced,
        kind: resource.kind,
        verbs: resource.verbs,
        ...(resource.shortNames.length > 0 ? { shortNames: resource.shortNames } : {}),
        ...(resource.categories.length > 0 ? { categories: resource.categories } : {}),
      },
      ...resource.subresources.map(({ name, verbs, kind }) => ({
        name: `${resource.plural}/${name}`,
        singularName: "",
        namespaced: resource.namespaced,
        kind: kind?.kind ?? resource.kind,
        ...(kind ? { group: kind.group, version: kind.version } : {}),
        verbs,
      })),
    ]),
  };
}

function toAggregated(groups: ReadonlyMap<string, ReadonlyMap<string, readonly Listed[]>>) {
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: [...groups].map(([name, versions]) => ({
      metadata: name === "" ? {} : { name },
      versions: [...versions].map(([version, resources]) => ({
        version,
        freshness: "Current",
        resources: resources.map(toAggregatedResource),
      })),
    })),
  };
}

function toAggregatedResource(resource: Listed): JsonObject {
  const { group, version, kind } = resource;
  const ownKind = { group, version, kind };
  return {
    resource: resource.plural,
    responseKind: ownKind,
    scope: resource.namespaced ? "Namespaced" : "Cluster",
    singularResource: resource.singular,
    verbs: resource.verbs,
    ...(resource.shortNames.length > 0 ? { shortNames: resource.shortNames } : {}),
    ...(resource.categories.length > 0 ? { categories: resource.categories } : {}),
    ...(resource.subresources.length > 0
      ? {
        subresources: resource.subresources.map((one) => ({
          subresource: one.name,
          responseKind: one.kind ?? ownKind,
          verbs: one.verbs,
        })),
      }
      : {}),
  };
}
