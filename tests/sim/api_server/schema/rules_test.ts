import assert from "node:assert/strict";
import type { Json } from "../../../../sim/api_server/json.ts";
import { RuleChecker } from "../../../../sim/api_server/schema/rules.ts";
import type { Schema, ValidationRule } from "../../../../sim/api_server/schema/schema.ts";

function check(schema: Schema, value: Json, previous?: Json): readonly string[] {
  return new RuleChecker().check(value, previous, schema).map(({ field, message }) =>
    `${field}: ${message}`
  );
}

function withRule(rule: ValidationRule, rest: Schema = {}): Schema {
  return { type: "object", properties: { x: { ...rest, "x-kubernetes-validations": [rule] } } };
}

Deno.test("numbers are ints or doubles as their schema says", () => {
  const ints = withRule({ rule: "self / 2 == 1" }, { type: "integer" });
  assert.deepEqual(check(ints, { x: 3 }), []);
  const doubles = withRule({ rule: "self / 2.0 == 1.5" }, { type: "number" });
  assert.deepEqual(check(doubles, { x: 3 }), []);
  const either = withRule({ rule: "type(self) == int ? self > 1 : self == 'x'" }, {
    "x-kubernetes-int-or-string": true,
  });
  assert.deepEqual(check(either, { x: 2 }), []);
  assert.deepEqual(check(either, { x: "x" }), []);
  assert.equal(check(either, { x: "y" }).length, 1);
});

Deno.test("messages quote scalars and leave structures out", () => {
  const scalar = withRule({ rule: "self != 'a'", message: "not a" }, { type: "string" });
  assert.deepEqual(check(scalar, { x: "a" }), [`x: Invalid value: "a": not a`]);
  const structure = withRule({ rule: "false", message: "never" }, { type: "object" });
  assert.deepEqual(check(structure, { x: {} }), ["x: Invalid value: never"]);
  const nameless = withRule({ rule: "self > 1" }, { type: "integer" });
  assert.deepEqual(check(nameless, { x: 0 }), ["x: Invalid value: 0: failed rule: self > 1"]);
});

Deno.test("a rule that fails to evaluate refuses", () => {
  const schema = withRule({ rule: "self.missing.deeper == 1", message: "m" }, {
    type: "object",
    "x-kubernetes-preserve-unknown-fields": true,
  });
  assert.deepEqual(check(schema, { x: {} }), [
    "x: Invalid value: No such key: missing evaluating rule: m",
  ]);
});

Deno.test("a message expression that fails gives way to the message", () => {
  const rule = { rule: "false", message: "plain", messageExpression: "self.nope + 'x'" };
  const schema = withRule(rule, { type: "object", "x-kubernetes-preserve-unknown-fields": true });
  assert.deepEqual(check(schema, { x: {} }), ["x: Invalid value: plain"]);
});

Deno.test("rules about change hold between versions only, items told apart by key", () => {
  const schema: Schema = {
    type: "object",
    properties: {
      list: {
        type: "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
        items: {
          type: "object",
          properties: {
            name: { type: "string" },
            size: {
              type: "integer",
              "x-kubernetes-validations": [{ rule: "self >= oldSelf", message: "shrinks" }],
            },
          },
        },
      },
    },
  };
  const before = { list: [{ name: "a", size: 5 }, { name: "b", size: 1 }] };
  assert.deepEqual(check(schema, before), []);
  const moved = { list: [{ name: "b", size: 2 }, { name: "a", size: 5 }] };
  assert.deepEqual(check(schema, moved, before), []);
  const shrunk = { list: [{ name: "b", size: 0 }, { name: "new", size: 0 }] };
  assert.deepEqual(check(schema, shrunk, before), ["list[0].size: Invalid value: 0: shrinks"]);
});

Deno.test("what was wrong before may stay wrong while nobody touches it", () => {
  const schema = withRule({ rule: "self == 'good'", message: "bad" }, { type: "string" });
  assert.deepEqual(check(schema, { x: "old", y: 1 }, { x: "old" }), []);
  assert.equal(check(schema, { x: "new" }, { x: "old" }).length, 1);
});

Deno.test("names that are no identifiers are escaped", () => {
  const schema: Schema = {
    type: "object",
    properties: { "a-b": { type: "string" }, in: { type: "string" } },
    "x-kubernetes-validations": [{ rule: "self.a__dash__b == self.__in__" }],
  };
  assert.deepEqual(check(schema, { "a-b": "x", in: "x" }), []);
  assert.equal(check(schema, { "a-b": "x", in: "y" }).length, 1);
});

Deno.test("findFault() tells a rule that cannot be parsed", () => {
  const checker = new RuleChecker();
  assert.equal(checker.findFault("self.a == 1"), undefined);
  assert.match(checker.findFault("self.a ==") ?? "", /./);
});
