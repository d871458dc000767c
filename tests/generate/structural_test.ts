import assert from "node:assert/strict";
import { z } from "zod";
import { toStructural } from "../../generate/structural.ts";
import { NotStructuralError, type StructuralSchema } from "../../generate/structural_schema.ts";
import { boundedDuration, durationSchema } from "../../schemas/duration.ts";
import { listOf, mapOf, recordOf, setOf } from "../../schemas/lists.ts";
import { quantitySchema } from "../../schemas/quantity.ts";
import { text } from "../../schemas/text.ts";

const rule = { rule: "self.size() > 0", message: "must not be empty" };

const conversions: readonly {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly expected: StructuralSchema;
}[] = [
  {
    name: "an object with required and optional fields",
    schema: z.object({
      name: z.string().min(1).max(63).describe("A name"),
      count: z.int32().min(1).optional(),
    }).describe("A thing"),
    expected: {
      description: "A thing",
      type: "object",
      required: ["name"],
      properties: {
        name: { description: "A name", type: "string", minLength: 1, maxLength: 63 },
        count: { type: "integer", format: "int32", minimum: 1 },
      },
    },
  },
  {
    name: "a default as an optional field: policy is applied in code, not stored",
    schema: z.object({ enabled: z.boolean().optional() }),
    expected: { type: "object", properties: { enabled: { type: "boolean" } } },
  },
  {
    name: "the bounds of a full int32 and int64 as formats",
    schema: z.object({ small: z.int32(), large: z.int(), percent: z.int().min(0).max(100) }),
    expected: {
      type: "object",
      required: ["small", "large", "percent"],
      properties: {
        small: { type: "integer", format: "int32" },
        large: {
          type: "integer",
          format: "int64",
          minimum: -9007199254740991,
          maximum: 9007199254740991,
        },
        percent: { type: "integer", format: "int32", minimum: 0, maximum: 100 },
      },
    },
  },
  {
    name: "a regex without a message as a pattern",
    schema: z.string().regex(/^a+$/),
    expected: { type: "string", pattern: "^a+$" },
  },
  {
    name: "a regex with a message as a rule, quoted for CEL",
    schema: z.string().max(9).regex(/^\d'?$/, "must be a digit"),
    expected: {
      type: "string",
      maxLength: 9,
      "x-kubernetes-validations": [
        { rule: "self.matches('^\\\\d\\'?$')", message: "must be a digit" },
      ],
    },
  },
  {
    name: "the wire side of a codec",
    schema: z.object({ wait: durationSchema.optional().describe("How long") }),
    expected: {
      type: "object",
      properties: {
        wait: {
          description: "How long",
          type: "string",
          maxLength: 32,
          "x-kubernetes-validations": [{
            rule: "self.matches('^([0-9]{1,6}(ms|s|m|h))+$')",
            message: 'must be a duration such as "15m" or "1h30m"',
          }],
        },
      },
    },
  },
  {
    name: "a format as its pattern: where a format is stated, lists pass for texts",
    schema: z.uuid({ version: "v4" }),
    expected: { type: "string", pattern: z.regexes.uuid4.source },
  },
  {
    name: "list types, map bounds and rules from meta",
    schema: z.object({
      taints: z.array(z.object({ key: z.string() })).max(4).meta({
        listType: "map",
        listMapKeys: ["key"],
      }),
      labels: z.record(z.string(), z.string()).meta({ maxProperties: 8, mapType: "atomic" }),
    }).meta({ cel: [rule] }),
    expected: {
      type: "object",
      "x-kubernetes-validations": [rule],
      required: ["taints", "labels"],
      properties: {
        taints: {
          type: "array",
          maxItems: 4,
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["key"],
          items: {
            type: "object",
            required: ["key"],
            properties: { key: { type: "string" } },
          },
        },
        labels: {
          type: "object",
          maxProperties: 8,
          "x-kubernetes-map-type": "atomic",
          additionalProperties: { type: "string" },
        },
      },
    },
  },
  {
    name: "texts by characters, records by entries, lists by identity: what refinements bound",
    schema: z.object({
      note: text({ min: 1, max: 9 }),
      map: recordOf(text({ max: 5 }), 2),
      names: setOf(text({ max: 5 }), 3),
      things: mapOf(z.object({ id: text({ max: 5 }) }), ["id"], 4),
      rest: listOf(text({ max: 5 }), 6),
    }),
    expected: {
      type: "object",
      required: ["note", "map", "names", "things", "rest"],
      properties: {
        note: { type: "string", minLength: 1, maxLength: 9 },
        map: {
          type: "object",
          maxProperties: 2,
          additionalProperties: { type: "string", maxLength: 5 },
        },
        names: {
          type: "array",
          maxItems: 3,
          "x-kubernetes-list-type": "set",
          items: { type: "string", maxLength: 5 },
        },
        things: {
          type: "array",
          maxItems: 4,
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["id"],
          items: {
            type: "object",
            required: ["id"],
            properties: { id: { type: "string", maxLength: 5 } },
          },
        },
        rest: {
          type: "array",
          maxItems: 6,
          "x-kubernetes-list-type": "atomic",
          items: { type: "string", maxLength: 5 },
        },
      },
    },
  },
  {
    name: "the text of a list and not that of its items, which kubectl explain would show as one",
    schema: z.array(z.string().max(5).describe("One")).max(2).describe("All"),
    expected: {
      description: "All",
      type: "array",
      maxItems: 2,
      items: { type: "string", maxLength: 5 },
    },
  },
  {
    name: "a refinement that has the same rule in CEL",
    schema: z.array(z.string()).max(3).refine((list) => list.length > 0).meta({ cel: [rule] }),
    expected: {
      type: "array",
      maxItems: 3,
      "x-kubernetes-validations": [rule],
      items: { type: "string" },
    },
  },
];

for (const { name, schema, expected } of conversions) {
  Deno.test(`toStructural() converts ${name}`, () => {
    assert.deepEqual(toStructural(schema), expected);
  });
}

Deno.test("toStructural() leaves rules out where it is told to, but not those that zod has, too", () => {
  const schema = z.object({ wait: boundedDuration({ max: "1h", zero: true }) }).meta({
    cel: [rule],
  });
  const rulesOf = (structural: StructuralSchema) =>
    [structural, structural.properties?.["wait"]].map((node) =>
      (node?.["x-kubernetes-validations"] ?? []).map(({ message }) => message)
    );
  const pattern = 'must be a duration such as "15m" or "1h30m"';
  assert.deepEqual(rulesOf(toStructural(schema)), [
    ["must not be empty"],
    [pattern, "must be at most 1h"],
  ]);
  assert.deepEqual(rulesOf(toStructural(schema, { rules: false })), [[], [pattern]]);
});

Deno.test("toStructural() converts a quantity to an integer or a string with one rule for both", () => {
  const { "x-kubernetes-validations": rules, ...rest } = toStructural(quantitySchema);
  assert.deepEqual(rest, {
    maxLength: 64,
    anyOf: [{ type: "integer" }, { type: "string" }],
    "x-kubernetes-int-or-string": true,
  });
  assert.equal(rules?.length, 1);
  assert.match(
    rules?.[0]?.rule ?? "",
    /^type\(self\) == int \? self >= 0 && self <= 9007199254740991 : self\.matches\('/,
  );
});

Deno.test("toStructural() puts what a reader asks first before the nested parts", () => {
  const schema = toStructural(z.object({ a: z.string() }).meta({ cel: [rule] }).describe("Text"));
  assert.deepEqual(Object.keys(schema), [
    ...["description", "type", "x-kubernetes-validations", "required", "properties"],
  ]);
});

const refusals: readonly {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly path: string;
  readonly says: RegExp;
}[] = [
  {
    name: "a union",
    schema: z.object({ a: z.union([z.string(), z.boolean()]) }),
    path: ".a",
    says: /unions cannot be told apart/,
  },
  {
    name: "a discriminated union",
    schema: z.object({
      a: z.discriminatedUnion("kind", [z.object({ kind: z.literal("x") })]),
    }),
    path: ".a",
    says: /"oneOf" has no equal/,
  },
  {
    name: "a tuple",
    schema: z.object({ a: z.array(z.tuple([z.string(), z.string()])) }),
    path: ".a[][]",
    says: /unions cannot be told apart/,
  },
  {
    name: "a refinement without a rule",
    schema: z.object({ a: z.string().refine((text) => text !== "b") }),
    path: ".a",
    says: /refine\(\) needs the same rule/,
  },
  {
    name: "regex flags",
    schema: z.object({ a: z.string().regex(/x/i) }),
    path: ".a",
    says: /the regex flags "i" would be lost/,
  },
  {
    name: "lookahead in a pattern",
    schema: z.object({ a: z.string().regex(/^(?!x)/) }),
    path: ".a",
    says: /RE2 has no lookaround/,
  },
  {
    name: "a back reference in a rule",
    schema: z.object({ a: z.string().max(9).regex(/^(x)\1$/, "must be twice the same") }),
    path: ".a",
    says: /RE2 has no lookaround or back references/,
  },
  {
    name: "two regexes on one string",
    schema: z.object({ a: z.string().regex(/^x/).regex(/y$/) }),
    path: ".a",
    says: /"allOf" has no equal/,
  },
  {
    name: "a regex with a message but no maximum length",
    schema: z.object({ a: z.string().regex(/^x/, "must be x") }),
    path: ".a",
    says: /needs max\(\)/,
  },
  {
    name: "a shared definition",
    schema: z.object({ a: z.string().meta({ id: "shared" }) }),
    path: "",
    says: /"definitions" has no equal/,
  },
  {
    name: "any value at all",
    schema: z.object({ a: z.record(z.string(), z.unknown()) }),
    path: ".a[*]",
    says: /every value needs a type/,
  },
  {
    name: "floating point",
    schema: z.object({ a: z.number() }),
    path: ".a",
    says: /floating point/,
  },
  {
    name: "intOrString on a plain string",
    schema: z.object({ a: z.string().meta({ intOrString: true }) }),
    path: ".a",
    says: /union of an integer and a string/,
  },
  {
    name: "a malformed rule",
    schema: z.object({ a: z.string().meta({ cel: [{ rule: "self != ''" }] }) }),
    path: ".a",
    says: /meta\.cel is malformed[\s\S]*message/,
  },
  {
    name: "a stored default: policy is applied in code",
    schema: z.object({ a: z.string().default("x") }),
    path: ".a",
    says: /"default" has no equal/,
  },
  {
    name: "a format that is no pattern",
    schema: z.object({ a: z.url() }),
    path: ".a",
    says: /the format "uri" has no pattern/,
  },
  {
    name: "an unknown key of meta",
    schema: z.object({ a: z.array(z.string()).meta({ listTyp: "set" }) }),
    path: ".a",
    says: /"listTyp" has no equal/,
  },
];

for (const { name, schema, path, says } of refusals) {
  Deno.test(`toStructural() refuses ${name}, and says where`, () => {
    assert.throws(() => toStructural(schema), (error) => {
      assert.ok(error instanceof NotStructuralError, String(error));
      assert.equal(error.path, path);
      assert.match(error.message, says);
      return true;
    });
  });
}
