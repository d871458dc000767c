/**
 * Reading Kubernetes' protobuf: kubectl sends built-in kinds in it.
 *
 * Answers are always JSON; every client that sends protobuf accepts that, too.
 *
 * @module
 */

import { toBase64Bytes } from "../base64.ts";
import { badRequest } from "../api_error.ts";
import { toMicroTimestamp, toTimestamp } from "../api_object.ts";
import type { Json, JsonObject } from "../json.ts";
import wire from "./built_in_wire.json" with { type: "json" };
import { ProtobufReader } from "./protobuf_reader.ts";

/** The media type. */
export const protobufType = "application/vnd.kubernetes.protobuf";

/** Fields by number: JSON name (empty for inlined structs) and type. */
const messages = wire as unknown as Readonly<
  Record<string, Readonly<Record<string, readonly [string, string]>>>
>;

/** The bytes that every protobuf body starts with: `k8s` and a zero. */
const magic = [0x6b, 0x38, 0x73, 0x00];

const text = new TextDecoder();

/**
 * Decodes a body: an envelope with kind and version, around the object.
 *
 * @throws {ApiError} 400 for what is none, and for kinds that this server does not know.
 */
export function decodeProtobuf(body: Uint8Array): JsonObject {
  if (!magic.every((byte, index) => body[index] === byte)) {
    throw badRequest("provided data does not appear to be a protobuf message");
  }
  const envelope = new Map<number, Uint8Array>();
  for (const { number, bytes } of new ProtobufReader(body.subarray(magic.length))) {
    if (bytes) envelope.set(number, bytes);
  }
  const { apiVersion = "", kind = "" } = readTypeMeta(envelope.get(1));
  const [group = "", version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const name = `${group === "" ? "core" : group.split(".")[0]}/${version}.${kind}`;
  const known = messages[name] ? name : `meta/v1.${kind}`;
  if (!messages[known]) {
    throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}"`);
  }
  return { apiVersion, kind, ...readMessage(envelope.get(2) ?? new Uint8Array(), known) };
}

function readTypeMeta(bytes: Uint8Array | undefined): { apiVersion?: string; kind?: string } {
  const values = [...new ProtobufReader(bytes ?? new Uint8Array())].map(({ number, bytes }) =>
    [number === 1 ? "apiVersion" : "kind", text.decode(bytes)] as const
  );
  return Object.fromEntries(values);
}

function readMessage(bytes: Uint8Array, name: string): JsonObject {
  const fields = messages[name] ?? {};
  const result: Record<string, Json> = {};
  for (const { number, bytes: content, varint } of new ProtobufReader(bytes)) {
    const [json, type] = fields[String(number)] ?? [];
    if (json === undefined || type === undefined) continue;
    const raw = { bytes: content ?? new Uint8Array(), varint: varint ?? 0n };
    if (json === "") {
      Object.assign(result, readMessage(raw.bytes, type.slice(1)));
    } else if (type.startsWith("[]")) {
      const list = result[json];
      result[json] = [...(Array.isArray(list) ? list : []), readValue(raw, type.slice(2))];
    } else if (type.startsWith("{}")) {
      result[json] = { ...toMap(result[json]), ...readEntry(raw.bytes, type.slice(2)) };
    } else {
      const value = readValue(raw, type.replace("*", ""));
      // Go writes fields that are no pointers also when they hold nothing, and JSON leaves those out.
      if (type.startsWith("*") || !isZero(value)) result[json] = value;
    }
  }
  return result;
}

function toMap(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as JsonObject
    : {};
}

function isZero(value: Json): boolean {
  return value === null || value === "" || value === 0 || value === false ||
    (typeof value === "object" && Object.keys(value).length === 0);
}

function readEntry(bytes: Uint8Array, type: string): JsonObject {
  let key = "";
  let value: Json = readValue({ bytes: new Uint8Array(), varint: 0n }, type);
  for (const { number, bytes: content, varint } of new ProtobufReader(bytes)) {
    const raw = { bytes: content ?? new Uint8Array(), varint: varint ?? 0n };
    if (number === 1) key = text.decode(raw.bytes);
    else if (number === 2) value = readValue(raw, type);
  }
  return { [key]: value };
}

interface Raw {
  readonly bytes: Uint8Array;
  readonly varint: bigint;
}

function readValue({ bytes, varint }: Raw, type: string): Json {
  if (type.startsWith("#")) return readMessage(bytes, type.slice(1));
  switch (type) {
    case "string":
      return text.decode(bytes);
    case "bytes":
      return toBase64Bytes(bytes);
    case "bool":
      return varint !== 0n;
    case "int":
      return Number(BigInt.asIntN(64, varint));
    case "double":
      return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat64(0, true);
    case "quantity":
      return readFields(bytes).texts.get(1) ?? "0";
    case "intOrString": {
      const { numbers, texts } = readFields(bytes);
      return numbers.get(1) === 1 ? texts.get(3) ?? "" : numbers.get(2) ?? 0;
    }
    case "time":
    case "microTime":
      return readTime(bytes, type);
    case "raw":
      return JSON.parse(readFields(bytes).texts.get(1) ?? "null");
    default:
      return null;
  }
}

function readTime(bytes: Uint8Array, type: "time" | "microTime"): Json {
  if (bytes.byteLength === 0) return null;
  const { numbers } = readFields(bytes);
  const epochMs = (numbers.get(1) ?? 0) * 1000 + (numbers.get(2) ?? 0) / 1_000_000;
  return type === "time" ? toTimestamp(epochMs) : toMicroTimestamp(epochMs);
}

function readFields(bytes: Uint8Array) {
  const numbers = new Map<number, number>();
  const texts = new Map<number, string>();
  for (const { number, bytes: content, varint } of new ProtobufReader(bytes)) {
    if (content) texts.set(number, text.decode(content));
    if (varint !== undefined) numbers.set(number, Number(BigInt.asIntN(64, varint)));
  }
  return { numbers, texts };
}
