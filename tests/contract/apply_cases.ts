/**
 * Server-side apply.
 *
 * @module
 */

import assert from "node:assert/strict";
import { asArray, asObject, getIn, type Json } from "../../sim/api_server/json.ts";
import type { ContractCase, ContractClient, ContractResponse } from "./cluster.ts";
import { assertRefused, makeConfigMap, makeNamespace, send, textAt } from "./steps.ts";
import { defineWidgets, makeWidget } from "./widget.ts";

function apply(
  client: ContractClient,
  path: string,
  fieldManager: string,
  body: Json,
  query: Readonly<Record<string, string>> = {},
): Promise<ContractResponse> {
  return client.request("PATCH", path, {
    body,
    query: { fieldManager, ...query },
    contentType: "application/apply-patch+yaml",
  });
}

async function applied(...given: Parameters<typeof apply>): Promise<Json> {
  const response = await apply(...given);
  assert.ok(response.status < 300, JSON.stringify(response.body));
  return response.body;
}

function configMap(name: string, data: Json, metadata: Readonly<Record<string, Json>> = {}): Json {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...metadata }, data };
}

/** The fields that a manager owns. */
function ownedBy(object: Json, manager: string): Json | undefined {
  const entry = asArray(getIn(object, "metadata", "managedFields")).map(asObject).find((one) =>
    one.manager === manager
  );
  return entry?.fieldsV1;
}

/** See the module. */
export const applyCases: readonly ContractCase[] = [
  {
    name: "an apply creates, and owns what it states",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      const config = configMap("a", { k: "v" }, { labels: { l: "m" } });
      const response = await apply(cluster, path, "one", config);
      assert.equal(response.status, 201);
      const [entry] = asArray(getIn(response.body, "metadata", "managedFields"));
      assert.equal(textAt(entry, "operation"), "Apply");
      assert.equal(textAt(entry, "manager"), "one");
      assert.equal(textAt(entry, "apiVersion"), "v1");
      assert.deepEqual(getIn(entry, "fieldsV1"), {
        "f:data": { "f:k": {} },
        "f:metadata": { "f:labels": { "f:l": {} } },
      });
      assert.equal((await apply(cluster, path, "one", config)).status, 200);
    },
  },
  {
    name: "another manager's field is a conflict that names it, unless forced",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      await applied(cluster, path, "one", configMap("a", { k: "1", m: "1" }));
      const refused = await apply(cluster, path, "two", configMap("a", { k: "2" }));
      assertRefused(
        refused,
        409,
        "Conflict",
        `Apply failed with 1 conflict: conflict with "one": .data.k`,
      );
      assert.deepEqual(getIn(refused.body, "details", "causes"), [{
        reason: "FieldManagerConflict",
        message: `conflict with "one"`,
        field: ".data.k",
      }]);
      const both = await apply(cluster, path, "two", configMap("a", { k: "2", m: "2" }));
      assertRefused(
        both,
        409,
        "Conflict",
        `Apply failed with 2 conflicts: conflicts with "one":\n- .data.k\n- .data.m`,
      );
      const forced = await applied(cluster, path, "two", configMap("a", { k: "2" }), {
        force: "true",
      });
      assert.deepEqual(getIn(forced, "data"), { k: "2", m: "1" });
      assert.deepEqual(ownedBy(forced, "one"), { "f:data": { "f:m": {} } });
      assert.deepEqual(ownedBy(forced, "two"), { "f:data": { "f:k": {} } });
    },
  },
  {
    name: "an equal value is shared, and goes when nobody states it any more",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      await applied(cluster, path, "one", configMap("a", { k: "1", m: "1" }));
      await applied(cluster, path, "two", configMap("a", { k: "1" }));
      const kept = await applied(cluster, path, "one", configMap("a", { m: "1" }));
      assert.deepEqual(getIn(kept, "data"), { k: "1", m: "1" });
      const gone = await applied(cluster, path, "two", configMap("a", { n: "1" }));
      assert.deepEqual(getIn(gone, "data"), { m: "1", n: "1" });
    },
  },
  {
    name: "an update takes fields without asking, and an apply then conflicts with it",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      await applied(cluster, path, "one", configMap("a", { k: "1" }));
      const query = { fieldManager: "hand" };
      await send(cluster, "PATCH", path, { body: { data: { k: "2" } }, query });
      const refused = await apply(cluster, path, "one", configMap("a", { k: "1" }));
      assertRefused(
        refused,
        409,
        "Conflict",
        `Apply failed with 1 conflict: conflict with "hand" using v1: .data.k`,
      );
    },
  },
  {
    name: "fields that an update set stay when an applier never stated them",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      await makeConfigMap(cluster, namespace, "a", { data: { by: "hand" } });
      await applied(cluster, path, "one", configMap("a", { k: "1" }));
      const left = await applied(cluster, path, "one", configMap("a", {}));
      assert.deepEqual(getIn(left, "data"), { by: "hand" });
    },
  },
  {
    name: "items of keyed lists and sets have owners of their own",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const path = `${kind.path}/a`;
      const config = (spec: Json) => ({
        apiVersion: `${kind.group}/v1`,
        kind: "Widget",
        metadata: { name: "a" },
        spec,
      });
      await applied(
        cluster,
        path,
        "one",
        config({ size: "small", parts: [{ name: "p", weight: 1 }], tags: ["x"] }),
      );
      const both = await applied(
        cluster,
        path,
        "two",
        config({ parts: [{ name: "q", weight: 2 }], tags: ["y"] }),
      );
      assert.deepEqual(getIn(both, "spec", "parts"), [
        { name: "p", weight: 1 },
        { name: "q", weight: 2 },
      ]);
      assert.deepEqual(getIn(both, "spec", "tags"), ["x", "y"]);
      assert.deepEqual(ownedBy(both, "two"), {
        "f:spec": {
          "f:parts": { 'k:{"name":"q"}': { ".": {}, "f:name": {}, "f:weight": {} } },
          "f:tags": { 'v:"y"': {} },
        },
      });
      const refused = await apply(
        cluster,
        path,
        "two",
        config({ parts: [{ name: "p", weight: 3 }] }),
      );
      assertRefused(
        refused,
        409,
        "Conflict",
        `Apply failed with 1 conflict: conflict with "one": .spec.parts[name="p"].weight`,
      );
      const less = await applied(cluster, path, "two", config({ tags: ["y"] }));
      assert.deepEqual(getIn(less, "spec", "parts"), [{ name: "p", weight: 1 }]);
    },
  },
  {
    name: "status is applied through its subresource, owned apart",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await makeWidget(cluster, kind, "a");
      const status = (phase: string) => ({
        apiVersion: `${kind.group}/v1`,
        kind: "Widget",
        metadata: { name: "a" },
        status: { phase, conditions: [{ type: "Ready", status: "True" }] },
      });
      const path = `${kind.path}/a/status`;
      const done = await applied(cluster, path, "one", status("Up"));
      assert.equal(textAt(done, "status", "phase"), "Up");
      const entry = asArray(getIn(done, "metadata", "managedFields")).map(asObject).find((one) =>
        one.manager === "one"
      );
      assert.equal(entry?.subresource, "status");
      const refused = await apply(cluster, path, "two", status("Down"));
      assertRefused(
        refused,
        409,
        "Conflict",
        `Apply failed with 1 conflict: conflict with "one" with subresource "status": .status.phase`,
      );
    },
  },
  {
    name: "an apply names its manager and leaves ownership to the server",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      const contentType = "application/apply-patch+yaml";
      const unnamed = await cluster.request("PATCH", path, {
        body: configMap("a", {}),
        contentType,
      });
      assertRefused(unnamed, 422, "Invalid", /fieldManager: Required value/);
      const forged = configMap("a", {}, { managedFields: [] });
      assertRefused(await apply(cluster, path, "one", forged), 400, "BadRequest");
    },
  },
  {
    name: "ports of a container are told apart by number and protocol",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/d`;
      const config = (ports: Json, more: Json = {}) => ({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "d" },
        spec: {
          ...asObject(more),
          template: {
            metadata: { labels: { app: "d" } },
            spec: { containers: [{ name: "c", image: "registry.test/c:1", ports }] },
          },
        },
      });
      const base = { replicas: 0, selector: { matchLabels: { app: "d" } } };
      const udp = { containerPort: 53, protocol: "UDP" };
      await applied(cluster, path, "one", config([{ containerPort: 53 }], base));
      const both = await applied(cluster, path, "two", config([udp]));
      const [container] = asArray(getIn(both, "spec", "template", "spec", "containers"));
      assert.deepEqual(getIn(container, "ports"), [{ containerPort: 53, protocol: "TCP" }, udp]);
      const one = JSON.stringify(ownedBy(both, "two"));
      assert.ok(one.includes(String.raw`k:{\"containerPort\":53,\"protocol\":\"UDP\"}`), one);
    },
  },
];
