/**
 * Objects in the form a client accepts.
 *
 * @module
 */

import type { Accepted } from "../accept.ts";
import type { ApiObject } from "../api_object.ts";
import type { Core, ResourceCall } from "../core.ts";
import type { JsonObject } from "../json.ts";
import { apiVersionOf } from "../resources/resource_definition.ts";
import { type IncludeObject, toPartialMetadata, toTable } from "../table/table.ts";
import type { Page } from "./list.ts";

/** How objects of one call are shown. */
export interface Presentation {
  /** JSON text of one object. */
  readonly one: (object: ApiObject) => string;
  /** JSON text of a page. */
  readonly page: (page: Page) => string;
  /** JSON text of an object in a watch event. */
  readonly event: (object: ApiObject) => string;
}

function includeObject(query: URLSearchParams): IncludeObject {
  const value = query.get("includeObject");
  return value === "None" || value === "Object" ? value : "Metadata";
}

/** The presentation that an `Accept` header asks for. */
export function createPresentation(
  core: Core,
  call: ResourceCall,
  accepted: Accepted,
): Presentation {
  if (accepted.as === "Table") return createTables(core, call);
  if (accepted.as?.startsWith("PartialObjectMetadata")) return partialMetadata;
  const { definition } = call;
  return {
    one: core.encode,
    event: core.encode,
    page: (page) => {
      const apiVersion = apiVersionOf(definition);
      const head = JSON.stringify({
        kind: definition.listKind,
        apiVersion,
        metadata: toListMeta(page),
      });
      // Items of built-in lists do not repeat their kind on the wire; custom ones do.
      const items = definition.custom
        ? page.items.map(core.encode)
        : page.items.map((object) => withoutKind(core.encode(object), object));
      return `${head.slice(0, -1)},"items":[${items.join(",")}]}`;
    },
  };
}

/** Cuts the leading `"kind":…,"apiVersion":…` off an object's text, which every stored object starts with. */
function withoutKind(text: string, { kind, apiVersion }: ApiObject): string {
  const prefix = `{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(apiVersion)},`;
  return text.startsWith(prefix) ? `{${text.slice(prefix.length)}` : text;
}

function createTables(core: Core, call: ResourceCall): Presentation {
  const { columns } = call.definition;
  const include = includeObject(call.info.query);
  const table = (objects: readonly ApiObject[], metadata: JsonObject, withColumns: boolean) =>
    JSON.stringify(toTable(objects, metadata, {
      columns,
      includeObject: include,
      withColumns,
      nowMs: core.clock.now(),
    }));
  let announced = false;
  return {
    one: (object) => table([object], versionOf(object), true),
    page: (page) => table(page.items, toListMeta(page), true),
    event: (object) => {
      const text = table([object], versionOf(object), !announced);
      announced = true;
      return text;
    },
  };
}

function versionOf({ metadata }: ApiObject): JsonObject {
  return { resourceVersion: metadata.resourceVersion ?? "" };
}

const partialMetadata: Presentation = {
  one: (object) => JSON.stringify(toPartialMetadata(object)),
  event: (object) => JSON.stringify(toPartialMetadata(object)),
  page: (page) =>
    JSON.stringify({
      kind: "PartialObjectMetadataList",
      apiVersion: "meta.k8s.io/v1",
      metadata: toListMeta(page),
      items: page.items.map(toPartialMetadata),
    }),
};

function toListMeta(page: Page): JsonObject {
  return {
    resourceVersion: page.resourceVersion,
    ...(page.continueToken === undefined ? {} : { continue: page.continueToken }),
    ...(page.remainingItemCount === undefined
      ? {}
      : { remainingItemCount: page.remainingItemCount }),
  };
}
