/**
 * JSON Patch (RFC 6902), with the liberties of the library that the real server uses.
 *
 * @module
 */

import { ApiError, badRequest } from "../api_error.ts";
import { asString, equalJson, isArray, isObject, type Json, type JsonObject } from "../json.ts";

/** The most operations in one patch. */
const mostOperations = 10_000;

/** A patch that makes sense but does not fit the object. The real server does not say why, either. */
function unprocessable(): ApiError {
  const message = "the server rejected our request due to an error in our request";
  return new ApiError(422, "Invalid", message, {});
}

function parsePointer(pointer: string): readonly string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) throw badRequest(`json patch path ${pointer} must start with /`);
  return pointer.slice(1).split("/").map((part) =>
    part.replaceAll("~1", "/").replaceAll("~0", "~")
  );
}

function childOf(value: Json | undefined, key: string): Json | undefined {
  if (isArray(value)) return value[Number(key)];
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function read(document: Json, path: readonly string[]): Json {
  const value = path.reduce<Json | undefined>(childOf, document);
  if (value === undefined) throw unprocessable();
  return value;
}

type Change = (parent: Json, key: string) => Json;

/** A copy with `change` applied to the parent of the last step. */
function changeAt(value: Json, path: readonly string[], change: Change): Json {
  const [key = "", ...rest] = path;
  if (rest.length === 0) return change(value, key);
  const child = childOf(value, key);
  if (child === undefined) throw unprocessable();
  const next = changeAt(child, rest, change);
  if (isArray(value)) return value.with(Number(key), next);
  return { ...(isObject(value) ? value : {}), [key]: next };
}

function insert(added: Json): Change {
  return (parent, key) => {
    if (isObject(parent)) return { ...parent, [key]: added };
    if (!isArray(parent)) throw unprocessable();
    const index = key === "-" ? parent.length : Number(key);
    if (!Number.isInteger(index) || index < 0 || index > parent.length) throw unprocessable();
    return parent.toSpliced(index, 0, added);
  };
}

const take: Change = (parent, key) => {
  if (childOf(parent, key) === undefined) throw unprocessable();
  if (isArray(parent)) return parent.toSpliced(Number(key), 1);
  const { [key]: _taken, ...rest } = isObject(parent) ? parent : {};
  return rest;
};

/** Replacing a member that is not there sets it: the library's liberty, not the standard's. */
function swap(value: Json): Change {
  return (parent, key) => {
    if (isObject(parent)) return { ...parent, [key]: value };
    if (!isArray(parent) || parent[Number(key)] === undefined) throw unprocessable();
    return parent.with(Number(key), value);
  };
}

function applyOne(document: Json, operation: JsonObject): Json {
  const path = parsePointer(asString(operation.path) ?? "");
  const from = parsePointer(asString(operation.from) ?? "");
  const value = operation.value ?? null;
  const add = (target: Json, what: Json) =>
    path.length === 0 ? what : changeAt(target, path, insert(what));
  switch (operation.op) {
    case "add":
      return add(document, value);
    case "remove":
      return changeAt(document, path, take);
    case "replace":
      return path.length === 0 ? value : changeAt(document, path, swap(value));
    case "copy":
      return add(document, read(document, from));
    case "move":
      return add(changeAt(document, from, take), read(document, from));
    case "test": {
      const found = path.reduce<Json | undefined>(childOf, document) ?? null;
      if (!equalJson(found, value)) throw unprocessable();
      return document;
    }
    default:
      throw badRequest(`Unexpected kind: ${operation.op}`);
  }
}

/** Applies a patch. @throws {ApiError} 400 for one that is malformed, 422 for one that does not fit. */
export function applyJsonPatch(document: Json, patch: Json): Json {
  if (!isArray(patch)) throw badRequest("a JSON patch is a list of operations");
  if (patch.length > mostOperations) {
    throw badRequest(`a JSON patch has at most ${mostOperations} operations`);
  }
  return patch.reduce<Json>((value, operation) => {
    if (!isObject(operation)) throw badRequest("a JSON patch is a list of operations");
    return applyOne(value, operation);
  }, document);
}
