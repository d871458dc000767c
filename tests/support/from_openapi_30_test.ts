import assert from "node:assert/strict";
import { fromOpenApi30 } from "./from_openapi_30.ts";
import { type ApiDocument, createAnswerChecker } from "./vendor_documents.ts";

const document: ApiDocument = {
  components: {},
  paths: {
    "/things": {
      get: {
        responses: {
          200: {
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  required: ["kind", "size"],
                  properties: {
                    kind: { type: "string", enum: ["small", "large"], nullable: true },
                    size: {
                      anyOf: [{ type: "number", minimum: 0, exclusiveMinimum: true }],
                      nullable: true,
                    },
                    count: {
                      type: "integer",
                      minimum: 1,
                      exclusiveMinimum: false,
                      nullable: false,
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

Deno.test("fromOpenApi30() keeps what null and exclusive limits mean", () => {
  const checker = createAnswerChecker(fromOpenApi30(document), "");
  const isValid = (body: object) => checker.check("GET", "/things", 200, body) === undefined;
  assert.equal(isValid({ kind: "small", size: 0.5, count: 1 }), true);
  assert.equal(isValid({ kind: null, size: null }), true);
  assert.equal(isValid({ kind: "small", size: 0 }), false);
  assert.equal(isValid({ kind: "medium", size: 1 }), false);
  assert.equal(isValid({ kind: "small", size: 1, count: 0 }), false);
  assert.equal(isValid({ kind: "small", size: 1, count: null }), false);
});
