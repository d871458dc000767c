import assert from "node:assert/strict";
import { describeBounds, describeType, splitDefault } from "../../generate/describe_field.ts";
import { timePattern } from "../../schemas/time.ts";

Deno.test("splitDefault() takes the default out of a description", () => {
  assert.deepEqual(splitDefault("How long to wait. Default 5m"), {
    meaning: "How long to wait",
    byDefault: "`5m`",
  });
  assert.deepEqual(splitDefault("Namespace of the Secret. Default the controller's own"), {
    meaning: "Namespace of the Secret",
    byDefault: "the controller's own",
  });
  assert.deepEqual(splitDefault("How long to wait; defaults depend on the cloud"), {
    meaning: "How long to wait; defaults depend on the cloud",
    byDefault: "",
  });
});

Deno.test("describeType() says what lists and maps hold", () => {
  assert.equal(describeType({ type: "array", items: { type: "object" } }), "list of object");
  const quantity = { "x-kubernetes-int-or-string": true } as const;
  assert.equal(
    describeType({ type: "object", additionalProperties: quantity }),
    "map of integer or string",
  );
  assert.equal(describeType({ type: "string", pattern: timePattern.source }), "time");
});

Deno.test("describeBounds() says everything that a value must keep to", () => {
  assert.equal(describeBounds({ type: "integer", minimum: 1, maximum: 100 }), "1 to 100");
  assert.equal(describeBounds({ type: "integer", minimum: 1 }), "at least 1");
  assert.equal(describeBounds({ type: "string", enum: ["A", "B"] }), "`A`, `B`");
  assert.equal(
    describeBounds({
      type: "array",
      minItems: 1,
      maxItems: 16,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["key", "effect"],
      items: {
        type: "string",
        minLength: 1,
        maxLength: 63,
        "x-kubernetes-validations": [
          { rule: "true", message: "must be short" },
          { rule: "true", message: "told with its field", fieldPath: ".name" },
        ],
      },
    }),
    "1 to 16 items; unique by `key` and `effect`; each at most 63 characters; must be short",
  );
});
