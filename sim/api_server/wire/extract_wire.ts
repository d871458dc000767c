/**
 * Makes `built_in_wire.json`, the protobuf field numbers of built-in kinds, from Kubernetes' Go types.
 *
 *     deno run -R -W sim/api_server/wire/extract_wire.ts <k8s.io/api> <k8s.io/apimachinery>
 *
 * The folders are the Go modules of those names (v0.36.0, Apache-2.0, taken 2026-11-24). The Go sources
 * are read, not the `.proto` files beside them, because only they tell which structs are inlined in JSON
 * and which fields are pointers: the others are always on the wire, also when they hold nothing.
 *
 * @module
 */

import { builtInResources } from "../resources/built_in_resources.ts";

const apiPackages = [
  "admissionregistration",
  "apps",
  "authentication",
  "authorization",
  "batch",
  "certificates",
  "coordination",
  "core",
  "discovery",
  "networking",
  "node",
  "policy",
  "rbac",
  "scheduling",
  "storage",
];

/** Roots beside the served kinds: what clients send to subresources and reviews. */
const alsoKept = [
  "authentication/v1.SelfSubjectReview",
  "authorization/v1.SelfSubjectAccessReview",
  "authorization/v1.SelfSubjectRulesReview",
  "authorization/v1.SubjectAccessReview",
  "core/v1.Binding",
  "meta/v1.DeleteOptions",
  "policy/v1.Eviction",
];

/** Types with an encoding of their own. */
const special: Readonly<Record<string, string>> = {
  "types.UID": "string",
  "resource.Quantity": "quantity",
  "intstr.IntOrString": "intOrString",
  "runtime.RawExtension": "raw",
  "meta/v1.Time": "time",
  "meta/v1.MicroTime": "microTime",
  "meta/v1.FieldsV1": "raw",
};

const scalars: Readonly<Record<string, string>> = {
  string: "string",
  bool: "bool",
  int: "int",
  int32: "int",
  int64: "int",
  uint32: "int",
  uint64: "int",
  float64: "double",
  byte: "byte",
};

interface GoPackage {
  readonly name: string;
  readonly source: string;
  readonly aliases: ReadonlyMap<string, string>;
}

/** Fields of a message: number → [JSON name, or empty for inlined ones; type]. */
type Message = Record<string, readonly [string, string]>;

function readPackage(name: string, path: string): GoPackage {
  const source = Deno.readTextFileSync(path);
  const aliases = new Map<string, string>();
  for (const [, alias, target = ""] of source.matchAll(/^\t(\w+)? ?"(k8s\.io\/[^"]+)"/gm)) {
    const known = target.match(/k8s\.io\/api\/(\w+\/v1)$/)?.[1] ??
      (target.endsWith("/apis/meta/v1") ? "meta/v1" : target.split("/").at(-1) ?? "");
    aliases.set(alias ?? target.split("/").at(-1) ?? "", known);
  }
  return { name, source, aliases };
}

/** The types that are other names for something. */
function readNamedTypes(packages: readonly GoPackage[]): Map<string, string> {
  const named = new Map<string, string>();
  for (const one of packages) {
    for (const [, name, target = ""] of one.source.matchAll(/^type (\w+) ([^\s{]+)$/gm)) {
      named.set(`${one.name}.${name}`, qualify(target, one));
    }
  }
  return named;
}

function qualify(type: string, { name, aliases }: GoPackage): string {
  const prefix = /^(\*|\[\]|map\[[^\]]+\])/.exec(type)?.[0];
  if (prefix) {
    return (prefix.startsWith("map") ? "{}" : prefix) +
      qualify(type.slice(prefix.length), { name, aliases, source: "" });
  }
  if (scalars[type]) return type;
  const [alias = "", member] = type.split(".");
  return member === undefined ? `${name}.${type}` : `${aliases.get(alias) ?? alias}.${member}`;
}

function readMessages(packages: readonly GoPackage[]): Map<string, Message> {
  const named = readNamedTypes(packages);
  const messages = new Map<string, Message>();
  for (const one of packages) {
    for (
      const [, name, body = ""] of one.source.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)
    ) {
      const message: Message = {};
      const fields = body.matchAll(
        /^\t(?:\w+\s+)?([\w.*[\]]+)\s+`json:"([^",]*)[^"]*"[^`]* protobuf:"\w+,(\d+)/gm,
      );
      for (const [, type = "", json = "", number = ""] of fields) {
        message[number] = [json, encodeType(qualify(type, one), named)];
      }
      messages.set(`${one.name}.${name}`, message);
    }
  }
  return messages;
}

/** A qualified Go type in the table's notation: `*` pointer, `[]` list, `{}` map, `#` message. */
function encodeType(type: string, named: ReadonlyMap<string, string>): string {
  const prefix = /^(\*|\[\]|\{\})/.exec(type)?.[0];
  if (prefix) {
    const rest = encodeType(type.slice(prefix.length), named);
    return prefix === "[]" && rest === "byte" ? "bytes" : prefix + rest;
  }
  const own = special[type] ?? scalars[type];
  if (own) return own;
  const target = named.get(type);
  return target === undefined ? `#${type}` : encodeType(target, named);
}

function prune(messages: ReadonlyMap<string, Message>): Map<string, Message> {
  const roots = builtInResources.map(({ group, version, kind }) =>
    `${group === "" ? "core" : group.split(".")[0]}/${version}.${kind}`
  );
  const kept = new Map<string, Message>();
  for (const queue = [...roots, ...alsoKept]; queue.length > 0;) {
    const name = queue.pop() ?? "";
    const message = messages.get(name);
    if (!message || kept.has(name)) continue;
    kept.set(name, message);
    for (const [, type] of Object.values(message)) {
      if (type.includes("#")) queue.push(type.slice(type.indexOf("#") + 1));
    }
  }
  return kept;
}

if (import.meta.main) {
  const [api = ".", machinery = "."] = Deno.args;
  const packages = [
    readPackage("meta/v1", `${machinery}/pkg/apis/meta/v1/types.go`),
    ...apiPackages.map((name) => readPackage(`${name}/v1`, `${api}/${name}/v1/types.go`)),
  ];
  const kept = [...prune(readMessages(packages))].sort(([left], [right]) => left < right ? -1 : 1);
  const lines = kept.map(([name, message]) =>
    `${JSON.stringify(name)}: ${JSON.stringify(message)}`
  );
  const target = new URL("./built_in_wire.json", import.meta.url);
  Deno.writeTextFileSync(target, `{\n${lines.join(",\n")}\n}\n`);
}
