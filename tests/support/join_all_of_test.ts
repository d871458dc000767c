import assert from "node:assert/strict";
import { joinAllOf } from "./join_all_of.ts";
import type { ApiDocument } from "./vendor_documents.ts";

Deno.test("joinAllOf() makes one schema of parts, references and what stands beside them", () => {
  const base = { type: "object", required: ["id"], properties: { id: { type: "string" } } };
  const document = {
    paths: {},
    components: {
      schemas: {
        Base: base,
        Middle: {
          allOf: [{ $ref: "#/components/schemas/Base" }],
          properties: { size: { type: "integer" } },
        },
        Whole: {
          allOf: [
            { $ref: "#/components/schemas/Middle" },
            { required: ["name"], properties: { name: { type: "string" } } },
          ],
          description: "all of it",
        },
      },
    },
  } as unknown as ApiDocument;
  const joined = joinAllOf(document).components["schemas"] as Record<string, unknown>;
  assert.deepEqual(joined["Whole"], {
    type: "object",
    required: ["id", "name"],
    properties: {
      id: { type: "string" },
      size: { type: "integer" },
      name: { type: "string" },
    },
    description: "all of it",
  });
  assert.deepEqual(joined["Base"], base);
});
