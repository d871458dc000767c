/**
 * Which resources are served now: the built-in ones, and those that stored CustomResourceDefinitions
 * declare.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { qualify } from "../api_error.ts";
import { asArray, asObject } from "../json.ts";
import { builtInSchemas, refTo, type Schema } from "../schema/schema.ts";
import type { Store } from "../storage/store.ts";
import { strategyOf } from "../strategies/built_in_strategies.ts";
import { columnsOf } from "../table/built_in_columns.ts";
import { type BuiltInResource, builtInResources } from "./built_in_resources.ts";
import { toCustomResources } from "./custom_resource.ts";
import { allVerbs, type ResourceDefinition, type Subresource } from "./resource_definition.ts";

/** Where CustomResourceDefinitions are stored. */
export const crdStorageKey = "customresourcedefinitions.apiextensions.k8s.io";

/** Bodies of subresources that are not the object itself. */
const subresourceKinds: Readonly<Record<string, Subresource>> = {
  binding: {
    name: "binding",
    verbs: ["create"],
    kind: { group: "", version: "v1", kind: "Binding" },
  },
  eviction: {
    name: "eviction",
    verbs: ["create"],
    kind: { group: "policy", version: "v1", kind: "Eviction" },
  },
  finalize: { name: "finalize", verbs: ["update"] },
};

function findSchema(row: BuiltInResource): Schema {
  const found = Object.entries(builtInSchemas).find(([, schema]) =>
    asArray(asObject(schema)["x-kubernetes-group-version-kind"]).map(asObject).some((one) =>
      one.group === row.group && one.version === row.version && one.kind === row.kind
    )
  );
  return found ? refTo(found[0]) : {};
}

function toDefinition(row: BuiltInResource): ResourceDefinition {
  const storageKey = qualify(row);
  return {
    ...row,
    listKind: `${row.kind}List`,
    singular: row.kind.toLowerCase(),
    verbs: allVerbs,
    subresources: row.subresources.map((name) =>
      subresourceKinds[name] ?? { name, verbs: ["get", "patch", "update"] }
    ),
    storageKey,
    custom: false,
    schema: findSchema(row),
    strategy: strategyOf(storageKey),
    columns: columnsOf(storageKey),
  };
}

/** The resources served now. */
export class Registry {
  readonly #definitions = new Map<string, ResourceDefinition>();
  readonly #byCrd = new Map<string, readonly ResourceDefinition[]>();

  /** Starts with the built-in resources and follows the CustomResourceDefinitions in `store`. */
  constructor(store: Store) {
    for (const row of builtInResources) this.#add(toDefinition(row));
    for (const crd of store.list(crdStorageKey)) this.#follow(crd);
    store.subscribe((change) => {
      if (change.storageKey !== crdStorageKey) return;
      this.#drop(change.object.metadata.name);
      if (change.type !== "DELETED") this.#follow(change.object);
    });
  }

  /** One resource, if it is served. */
  find(group: string, version: string, plural: string): ResourceDefinition | undefined {
    return this.#definitions.get(`${group}/${version}/${plural}`);
  }

  /** The resource that stores a kind, if it is served. */
  findKind(group: string, kind: string): ResourceDefinition | undefined {
    return this.all().find((one) => one.group === group && one.kind === kind);
  }

  /** The path of an object, by where it is stored. */
  pathOf(storageKey: string, namespace: string, name: string): string | undefined {
    const found = this.all().find((one) => one.storageKey === storageKey);
    if (!found) return undefined;
    const root = found.group ? `/apis/${found.group}/${found.version}` : `/api/${found.version}`;
    const place = found.namespaced ? `/namespaces/${namespace}` : "";
    return `${root}${place}/${found.plural}/${encodeURIComponent(name)}`;
  }

  /** Whether built-in resources are served in a group. */
  hasBuiltInGroup(group: string): boolean {
    return builtInResources.some((row) => row.group === group);
  }

  /** Every resource, built-in ones first. */
  all(): readonly ResourceDefinition[] {
    return [...this.#definitions.values()];
  }

  #add(definition: ResourceDefinition): void {
    const { group, version, plural } = definition;
    this.#definitions.set(`${group}/${version}/${plural}`, definition);
  }

  #follow(crd: ApiObject): void {
    const definitions = toCustomResources(crd);
    this.#byCrd.set(crd.metadata.name, definitions);
    for (const definition of definitions) this.#add(definition);
  }

  #drop(crdName: string): void {
    for (const { group, version, plural } of this.#byCrd.get(crdName) ?? []) {
      this.#definitions.delete(`${group}/${version}/${plural}`);
    }
    this.#byCrd.delete(crdName);
  }
}
