/**
 * JSON Patch (RFC 6902).
 *
 * @module
 */

import { ApiError, badRequest } from "../api_error.ts";
import { asString, equalJson, isArray, isObject, type Json, type JsonObject } from "../json.ts";

/** A patch that makes sense but does not fit the object. */
function unprocessable(message: string): ApiError {
  return new ApiError(
    422,
    "Invalid",
    `the server rejected our request due to an error in our request: ${message}`,
  );
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

function read(document: Json, path: readonly string[], pointer: string): Json {
  const value = path.reduce<Json | undefined>(childOf, document);
  if (value === undefined) throw unprocessable(`path ${pointer} does not exist`);
  return value;
}

type Change = (parent: Json, key: string) => Json;

/** A copy with `change` applied to the parent of the last step. */
function changeAt(value: Json, path: readonly string[], change: Change, pointer: string): Json {
  const [key = "", ...rest] = path;
  if (rest.length === 0) return change(value, key);
  const child = childOf(value, key);
  if (child === undefined) throw unprocessable(`path ${pointer} does not exist`);
  const next = changeAt(child, rest, change, pointer);
  if (isArray(value)) return value.with(Number(key), next);
  return { ...(isObject(value) ? value : {}), [key]: next };
}

function insert(added: Json, pointer: string): Change {
  return (parent, key) => {
    if (isArray(parent)) {
      const index = key === "-" ? parent.length : Number(key);
      if (!Number.isInteger(index) || index < 0 || index > parent.length) {
        throw unprocessable(`index of ${pointer} is out of range`);
      }
      return parent.toSpliced(index, 0, added);
    }
    if (!isObject(parent)) throw unprocessable(`path ${pointer} does not exist`);
    return { ...parent, [key]: added };
  };
}

function take(pointer: string): Change {
  return (parent, key) => {
    if (childOf(parent, key) === undefined) {
      throw unprocessable(`unable to remove nonexistent key: ${key}: missing value at ${pointer}`);
    }
    if (isArray(parent)) return parent.toSpliced(Number(key), 1);
    const { [key]: _taken, ...rest } = isObject(parent) ? parent : {};
    return rest;
  };
}

function swap(value: Json, pointer: string): Change {
  return (parent, key) => {
    if (childOf(parent, key) === undefined) {
      throw unprocessable(`replace operation does not apply: doc is missing key: ${pointer}`);
    }
    return isArray(parent) ? parent.with(Number(key), value) : {
      ...(isObject(parent) ? parent : {}),
      [key]: value,
    };
  };
}

function applyOne(document: Json, operation: JsonObject): Json {
  const pointer = asString(operation.path) ?? "";
  const path = parsePointer(pointer);
  const value = operation.value ?? null;
  const from = asString(operation.from) ?? "";
  const add = (target: Json, what: Json) =>
    path.length === 0 ? what : changeAt(target, path, insert(what, pointer), pointer);
  switch (operation.op) {
    case "add":
      return add(document, value);
    case "remove":
      return changeAt(document, path, take(pointer), pointer);
    case "replace":
      return path.length === 0 ? value : changeAt(document, path, swap(value, pointer), pointer);
    case "copy":
      return add(document, read(document, parsePointer(from), from));
    case "move": {
      const moved = read(document, parsePointer(from), from);
      return add(changeAt(document, parsePointer(from), take(from), from), moved);
    }
    case "test": {
      const found = path.reduce<Json | undefined>(childOf, document) ?? null;
      if (!equalJson(found, value)) {
        throw unprocessable(`testing path ${pointer} value failed`);
      }
      return document;
    }
    default:
      throw badRequest(`Unexpected kind: ${operation.op}`);
  }
}

/** The most operations in one patch. */
const mostOperations = 10_000;

/** Applies a patch. @throws {ApiError} 400 for one that is malformed, 422 for one that does not fit. */
export function applyJsonPatch(document: Json, patch: Json): Json {
  if (!isArray(patch) || !patch.every(isObject)) {
    throw badRequest("a JSON patch is a list of operations");
  }
  if (patch.length > mostOperations) {
    throw badRequest(`a JSON patch has at most ${mostOperations} operations`);
  }
  return patch.reduce<Json>(
    (value, operation) => applyOne(value, isObject(operation) ? operation : {}),
    document,
  );
}
