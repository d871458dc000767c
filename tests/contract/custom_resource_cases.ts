/**
 * Custom resources: schemas, defaults, rules, status.
 *
 * @module
 */

import assert from "node:assert/strict";
import { asArray, asObject, getIn, type Json } from "../../sim/api_server/json.ts";
import type { ContractCase } from "./cluster.ts";
import { assertRefused, eventually, send, textAt } from "./steps.ts";
import { defineWidgets, generationOf, makeWidget, widgetBody, widgetDefinition } from "./widget.ts";

/** The causes of a refusal, as `field: message`. */
function causesOf(body: Json): readonly string[] {
  return asArray(getIn(body, "details", "causes")).map((cause) =>
    `${textAt(cause, "field")}: ${textAt(cause, "message")}`
  ).toSorted();
}

const unchecked =
  "<nil>: Invalid value: null: some validation rules were not checked because the object" +
  " was invalid; correct the existing errors to complete validation";

/** See the module. */
export const customResourceCases: readonly ContractCase[] = [
  {
    name: "a custom object is pruned and defaulted",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const made = await cluster.request("POST", kind.path, {
        body: widgetBody(kind, "a", {
          unknown: 1,
          parts: [{ name: "p", zip: 1 }],
          free: { any: { thing: [1] } },
          note: null,
          count: null,
          settings: { a: null, b: "c" },
        }),
      });
      assert.equal(made.status, 201);
      assert.deepEqual(getIn(made.body, "spec"), {
        size: "small",
        count: 3,
        parts: [{ name: "p", weight: 1 }],
        free: { any: { thing: [1] } },
        note: null,
        settings: { b: "c" },
      });
      assert.equal(made.warnings.length, 2, String(made.warnings));
      assert.match(made.warnings.toSorted().at(-1) ?? "", /unknown field \\"spec\.unknown\\"/);
      const strict = await cluster.request("POST", kind.path, {
        body: widgetBody(kind, "b", { unknown: 1 }),
        query: { fieldValidation: "Strict" },
      });
      assertRefused(
        strict,
        400,
        "BadRequest",
        /strict decoding error: unknown field "spec\.unknown"/,
      );
    },
  },
  {
    name: "a custom object is held to its schema, all faults at once",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const answer = await cluster.request("POST", kind.path, {
        body: widgetBody(kind, "a", {
          size: "medium",
          min: 0,
          max: 11,
          code: "ABC",
          amount: true,
          parts: [{ name: "p" }, { name: "p" }, {}],
          tags: ["t", "t"],
        }),
      });
      assertRefused(answer, 422, "Invalid", /^Widget\.g[-a-z0-9.]+ "a" is invalid: \[/);
      assert.deepEqual(causesOf(answer.body), [
        unchecked,
        `spec.amount: Invalid value: "boolean": spec.amount in body must be of type integer,string: "boolean"`,
        `spec.code: Invalid value: "ABC": spec.code in body should match '^[a-z]+$'`,
        "spec.max: Invalid value: 11: spec.max in body should be less than or equal to 10",
        "spec.min: Invalid value: 0: spec.min in body should be greater than or equal to 1",
        `spec.parts[1]: Duplicate value: {"name":"p"}`,
        "spec.parts[2].name: Required value",
        `spec.size: Unsupported value: "medium": supported values: "small", "large"`,
        `spec.tags[1]: Duplicate value: "t"`,
      ]);
    },
  },
  {
    name: "a missing and a mistyped field are refused",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const without = { ...asObject(widgetBody(kind, "a")), spec: { count: "x" } };
      const answer = await cluster.request("POST", kind.path, { body: without });
      assertRefused(answer, 422, "Invalid");
      assert.deepEqual(causesOf(answer.body), [
        unchecked,
        `spec.count: Invalid value: "string": spec.count in body must be of type integer: "string"`,
        "spec.size: Required value",
      ]);
    },
  },
  {
    name: "rules refuse in their own words",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const post = (spec: Readonly<Record<string, Json>>) =>
        cluster.request("POST", kind.path, { body: widgetBody(kind, "a", spec) });
      const crossed = await post({ min: 5, max: 2 });
      assertRefused(crossed, 422, "Invalid", /spec: Invalid value: .*min must not exceed max$/);
      const part = await post({ parts: [{ name: "bad" }] });
      assertRefused(part, 422, "Invalid", /spec\.parts\[0\]: .*part bad is not allowed$/);
      await makeWidget(cluster, kind, "a", { frozen: "ice" });
      const thawed = await cluster.request("PATCH", `${kind.path}/a`, {
        body: { spec: { frozen: "water" } },
      });
      assertRefused(thawed, 422, "Invalid", /spec\.frozen: Forbidden: frozen is immutable$/);
    },
  },
  {
    name: "a rule that cannot be compiled is refused with its definition",
    async run(cluster) {
      const group = `${cluster.unique("g")}.example.com`;
      const text = JSON.stringify(widgetDefinition(group)).replace("self == oldSelf", "self ==");
      const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
      const answer = await cluster.request("POST", path, { body: JSON.parse(text) });
      assertRefused(answer, 422, "Invalid", /compilation failed/);
    },
  },
  {
    name: "status is written through its subresource alone",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const made = await send(cluster, "POST", kind.path, {
        body: { ...asObject(widgetBody(kind, "a")), status: { phase: "Made" } },
      });
      assert.equal(getIn(made, "status"), undefined);
      assert.equal(generationOf(made), 1);
      const path = `${kind.path}/a`;
      const main = await send(cluster, "PATCH", path, { body: { status: { phase: "Main" } } });
      assert.equal(getIn(main, "status"), undefined);
      const status = await send(cluster, "PATCH", `${path}/status`, {
        body: {
          status: { phase: "Up" },
          spec: { count: 9 },
          metadata: { labels: { a: "b" }, finalizers: ["x.test/y"] },
        },
      });
      assert.equal(textAt(status, "status", "phase"), "Up");
      assert.equal(getIn(status, "spec", "count"), 3);
      assert.equal(getIn(status, "metadata", "labels"), undefined);
      assert.equal(getIn(status, "metadata", "finalizers"), undefined);
      assert.equal(generationOf(status), 1);
      assert.equal(textAt(await send(cluster, "GET", `${path}/status`), "status", "phase"), "Up");
    },
  },
  {
    name: "the generation counts changes of the spec",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await makeWidget(cluster, kind, "a");
      const patch = async (body: Json) =>
        generationOf(await send(cluster, "PATCH", `${kind.path}/a`, { body }));
      assert.equal(await patch({ metadata: { labels: { a: "b" } } }), 1);
      assert.equal(await patch({ spec: { count: 4 } }), 2);
      assert.equal(await patch({ spec: { count: 4 } }), 2);
      assert.equal(await patch({ metadata: { finalizers: ["x.test/y"] } }), 2);
      const deleted = await send(cluster, "DELETE", `${kind.path}/a`);
      assert.equal(generationOf(deleted), 3);
      await patch({ metadata: { finalizers: null } });
    },
  },
  {
    name: "a custom object is replaced with its version only",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await makeWidget(cluster, kind, "a");
      const body = widgetBody(kind, "a", { count: 5 });
      const answer = await cluster.request("PUT", `${kind.path}/a`, { body });
      assertRefused(
        answer,
        422,
        "Invalid",
        /metadata\.resourceVersion: Invalid value: .*must be specified/,
      );
      assertRefused(
        await cluster.request("PUT", `${kind.path}/b`, { body: widgetBody(kind, "b") }),
        404,
        "NotFound",
      );
    },
  },
  {
    name: "a custom object takes no strategic merge patch",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await makeWidget(cluster, kind, "a");
      const answer = await cluster.request("PATCH", `${kind.path}/a`, {
        body: { spec: { count: 4 } },
        contentType: "application/strategic-merge-patch+json",
      });
      assertRefused(
        answer,
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include:" +
          " application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
      );
    },
  },
  {
    name: "items of custom lists say their kind",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await makeWidget(cluster, kind, "a");
      const list = await send(cluster, "GET", kind.path);
      assert.equal(getIn(list, "kind"), "WidgetList");
      const [item] = asArray(getIn(list, "items"));
      assert.equal(getIn(item, "kind"), "Widget");
      assert.equal(getIn(item, "apiVersion"), `${kind.group}/v1`);
    },
  },
  {
    name: "a definition goes with its objects, and then nothing is served",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await makeWidget(cluster, kind, "a");
      await send(cluster, "DELETE", kind.crdPath);
      await eventually(
        cluster,
        "the definition is gone",
        async () => (await cluster.request("GET", kind.crdPath)).status === 404 ? true : undefined,
      );
      await eventually(cluster, "widgets are gone", async () => {
        const answer = await cluster.request("GET", kind.path);
        return answer.status === 404 && answer.body === "404 page not found\n" ? true : undefined;
      });
    },
  },
];
