/**
 * Reading request bodies.
 *
 * @module
 */

import { load } from "js-yaml";
import type { ApiObject } from "../api_object.ts";
import { badRequest, unsupportedMediaType } from "../api_error.ts";
import type { ResourceCall } from "../core.ts";
import { asObject, isObject, type Json, type JsonObject } from "../json.ts";
import { apiVersionOf } from "../resources/resource_definition.ts";

/** Parses a body of JSON or YAML. @throws {ApiError} 415 for other types, 400 for a broken one. */
export function parseBody(contentType: string | null, text: string): Json {
  const type = (contentType ?? "application/json").split(";")[0]?.trim().toLowerCase() ?? "";
  try {
    if (type === "application/json" || type.endsWith("+json") || type === "") {
      return JSON.parse(text);
    }
    // YAML's own types (dates, binaries) have no place in JSON: a round trip flattens them.
    if (type.endsWith("yaml")) return JSON.parse(JSON.stringify(load(text) ?? null));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badRequest(`error decoding the request body: ${why}`);
  }
  throw unsupportedMediaType([
    "application/json",
    "application/yaml",
    "application/vnd.kubernetes.protobuf",
  ]);
}

/** Parses the body of a call as an object. @throws {ApiError} 400 when it is none. */
export async function readObject(call: ResourceCall): Promise<JsonObject> {
  const text = await call.request.text();
  const body = parseBody(call.request.headers.get("Content-Type"), text);
  if (!isObject(body)) throw badRequest("the request body must be an object");
  return body;
}

/**
 * A body as an object of the call's kind: with that kind, in the call's namespace.
 *
 * @throws {ApiError} 400 when it says that it is something else, or lies somewhere else.
 */
export function toCallObject(call: ResourceCall, body: JsonObject): ApiObject {
  const { definition, namespace } = call;
  const apiVersion = apiVersionOf(definition);
  const statedVersion = body.apiVersion || apiVersion;
  const statedKind = body.kind || definition.kind;
  if (statedVersion !== apiVersion || statedKind !== definition.kind) {
    throw badRequest(
      `${statedKind} in version "${statedVersion}" cannot be handled as a ${definition.kind}`,
    );
  }
  if (body.metadata !== undefined && body.metadata !== null && !isObject(body.metadata)) {
    throw badRequest("metadata must be an object");
  }
  // A namespace on an object that lies in none is passed over.
  const { namespace: stated, ...metadata } = asObject(body.metadata);
  if (
    definition.namespaced && typeof stated === "string" && stated !== "" && stated !== namespace
  ) {
    throw badRequest(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
  const { kind: _kind, apiVersion: _apiVersion, metadata: _metadata, ...rest } = body;
  return {
    kind: definition.kind,
    apiVersion,
    // The name's type is checked with the rest of the schema; an absent one comes from the URL or is
    // generated.
    metadata: {
      ...metadata,
      name: typeof metadata.name === "string" ? metadata.name : "",
      ...(definition.namespaced ? { namespace } : {}),
    } as ApiObject["metadata"],
    ...rest,
  };
}
