/**
 * Every single change of a valid value that lies near a boundary of its schema: one too long, one too many,
 * missing, twice, null, of another type, nearly matching.
 *
 * @module
 */

import type { StructuralSchema } from "../../generate/structural_schema.ts";

/** A value with one change. */
export interface Mutation {
  /** Where and what, for messages: `spec.providers[0].name = ""`. */
  readonly name: string;
  readonly value: unknown;
}

type Members = Readonly<Record<string, unknown>>;

/** All mutations of a value, itself included in none of them. */
export function listMutations(schema: StructuralSchema, value: unknown): readonly Mutation[] {
  return mutate(schema, value, "");
}

function mutate(schema: StructuralSchema, value: unknown, path: string): readonly Mutation[] {
  const own = boundaryValues(schema, value).map((changed) => ({
    name: `${path || "."} = ${(JSON.stringify(changed) ?? "absent").slice(0, 80)}`,
    value: changed,
  }));
  if (Array.isArray(value)) return [...own, ...mutateItems(schema, value, path)];
  return isMembers(value) ? [...own, ...mutateMembers(schema, value, path)] : own;
}

function mutateItems(
  { items = {} }: StructuralSchema,
  list: readonly unknown[],
  path: string,
): readonly Mutation[] {
  return list.flatMap((item, index) =>
    mutate(items, item, `${path}[${index}]`).map(({ name, value }) => ({
      name,
      value: list.with(index, value),
    }))
  );
}

function mutateMembers(
  { properties, additionalProperties, required = [] }: StructuralSchema,
  members: Members,
  path: string,
): readonly Mutation[] {
  return Object.entries(members).flatMap(([key, member]) => {
    const { [key]: _gone, ...others } = members;
    const inside = mutate(properties?.[key] ?? additionalProperties ?? {}, member, `${path}.${key}`)
      .map(({ name, value }) => ({ name, value: { ...members, [key]: value } }));
    const word = required.includes(key) ? "required" : "optional";
    return [...inside, { name: `${path}.${key} absent (${word})`, value: others }];
  });
}

/** Other values for one place. */
function boundaryValues(schema: StructuralSchema, value: unknown): readonly unknown[] {
  const wrongTypes = [null, "text", 7, 1.5, true, [], {}].filter((other) =>
    other === null || typeof other !== typeof value || Array.isArray(other) !== Array.isArray(value)
  );
  return [...wrongTypes, ...nearbyValues(schema, value)];
}

function nearbyValues(schema: StructuralSchema, value: unknown): readonly unknown[] {
  if (schema["x-kubernetes-int-or-string"]) return [...integers(schema), ...texts(schema, "8")];
  if (schema.enum) return [...schema.enum, String(value).toLowerCase(), `${value} `, ""];
  if (typeof value === "string") return texts(schema, value);
  if (typeof value === "number") return integers(schema);
  if (typeof value === "boolean") return [!value];
  if (Array.isArray(value)) return lists(schema, value);
  return isMembers(value) ? objects(schema, value) : [];
}

function integers({ minimum = 0, maximum = 0 }: StructuralSchema): readonly number[] {
  const near = [minimum, maximum, 0, 2 ** 31, -(2 ** 31)]
    .flatMap((bound) => [bound - 1, bound, bound + 1]);
  return [...new Set([...near, 2 ** 53 - 1, 2 ** 53, 2 ** 62])];
}

const emoji = "\u{1F600}";

function texts(schema: StructuralSchema, value: string): readonly string[] {
  const { minLength = 0, maxLength } = schema;
  const lengths = [minLength - 1, minLength, minLength + 1];
  if (maxLength !== undefined) lengths.push(maxLength - 1, maxLength, maxLength + 1);
  const ofLength = lengths.filter((length) => length >= 0)
    .flatMap((length) => ["a", "0", emoji].map((character) => character.repeat(length)));
  const [first = "", ...rest] = value;
  return [
    ...new Set([
      ...ofLength,
      ...[`${value}\n`, `\n${value}`, `${value} `, ` ${value}`, `${value}\u0000`, value + value],
      ...[value.toUpperCase(), value.toLowerCase(), rest.join(""), value.slice(0, -1)],
      ...[`${first}${emoji}${rest.join("")}`, `-${value}`, `${value}-`, `${value}.`, `.${value}`],
      ...nearlyRight(schema),
    ]),
  ];
}

/** What the forms in use accept, or just do not. */
function nearlyRight({ pattern }: StructuralSchema): readonly string[] {
  return pattern === undefined ? forms : [...forms, ...times, ...uuids];
}

const times = [
  ...["2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.123456789Z", "2026-01-01T00:00:00.Z"],
  ...["2026-01-01T00:00:00+05:30", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+99:99"],
  ...["2026-01-01t00:00:00z", "2026-01-01 00:00:00Z", "2026-01-01T00:00Z", "2026-01-01"],
  ...["2026-02-29T00:00:00Z", "2024-02-29T00:00:00Z", "2026-13-01T00:00:00Z"],
  ...[
    "2026-01-01T24:00:00Z",
    "2026-01-01T23:59:60Z",
    "2026-01-01T00:00:00x5Z",
    "0000-01-01T00:00:00Z",
  ],
];

const uuids = [
  ...["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
  ...["5C2A6AD4-8B7F-4A5E-9D3C-0F1E2D3C4B5A", "5c2a6ad48b7f4a5e9d3c0f1e2d3c4b5a"],
  ...["5c2a6ad4-8b7f-9a5e-9d3c-0f1e2d3c4b5a", "5c2a6ad4-8b7f-4a5e-cd3c-0f1e2d3c4b5a"],
];

const forms = [
  ...[
    "",
    "a",
    "A",
    "0",
    "00",
    "-",
    "a-b",
    "a.b",
    "a..b/c",
    "a-.b/c",
    "a/b/c",
    "/a",
    "a/",
    "two words",
  ],
  ...["tgp.io/x", "kubernetes.io/arch", "x.k8s.io/y", "node-restriction.kubernetes.io/z"],
  ...[
    "5m",
    "0s",
    "1h30m",
    "24h",
    "24h1ms",
    "720h",
    "721h",
    "1.5h",
    "90",
    "ms",
    "1d",
    "999999h999999h",
  ],
  ...["2.39", "0.00", "0.000001", "0.0000001", "-1", "+1", "1e3", "08", "1.", ".5", "1000000000"],
  ...["500m", "225Gi", "0Gi", "1e-3", "1E2", "1E", "5n", "1e99", "1e999", "1234567890"],
  ...[
    "host:6443",
    "[::1]:6443",
    "host:0",
    "host:65535",
    "host:65536",
    "host:099999",
    "https://h:1",
  ],
  ...["1.36.1", "v1.36.1", "1.36", "Zm9v", "Zm9", "Zm8=", "Zg==", "é"],
];

function lists(schema: StructuralSchema, list: readonly unknown[]): readonly unknown[] {
  const { maxItems } = schema;
  const [first] = list;
  if (first === undefined) return [];
  const many = maxItems === undefined
    ? []
    : [maxItems, maxItems + 1].map((length) => Array.from({ length }, (_, at) => vary(first, at)));
  return [[], [...list, first], [...list].reverse(), [...list, null], ...many];
}

/** The same value under another identity. */
function vary(value: unknown, at: number): unknown {
  if (typeof value === "string") return `a${at}`;
  if (!isMembers(value)) return value;
  const named = ["name", "type", "key", "operation"].filter((key) => key in value);
  return { ...value, ...Object.fromEntries(named.map((key) => [key, `a${at}`])) };
}

function objects(schema: StructuralSchema, members: Members): readonly unknown[] {
  if (!schema.additionalProperties) return [{ ...members, unknownField: 1 }];
  const [value] = Object.values(members);
  const { maxProperties = 0 } = schema;
  const many = [maxProperties, maxProperties + 1].map((length) =>
    Object.fromEntries(Array.from({ length }, (_, at) => [`a${at}`, value]))
  );
  const keys = ["", "two words", "tgp.io/x", "a..b/c", "kubernetes.io/arch", "a".repeat(64), "gpu"];
  return [...many, ...keys.map((key) => ({ ...members, [key]: value }))];
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
