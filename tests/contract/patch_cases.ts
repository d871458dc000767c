/**
 * Patches: merge, JSON, strategic.
 *
 * @module
 */

import assert from "node:assert/strict";
import { asArray, asObject, getIn, type Json } from "../../sim/api_server/json.ts";
import type { ContractCase, ContractCluster } from "./cluster.ts";
import { assertRefused, makeConfigMap, makeNamespace, podBody, send, textAt } from "./steps.ts";

const strategic = "application/strategic-merge-patch+json";

async function makeDeployment(cluster: ContractCluster): Promise<string> {
  const namespace = await makeNamespace(cluster);
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const container = (name: string, env: Json = []) => ({
    name,
    image: `registry.test/${name}:1`,
    env,
    ports: [{ containerPort: 80 }],
  });
  await send(cluster, "POST", path, {
    body: {
      metadata: { name: "d" },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: "d" } },
        template: {
          metadata: { labels: { app: "d" } },
          spec: {
            containers: [
              container("one", [{ name: "A", value: "1" }, { name: "B", value: "2" }]),
              container("two"),
            ],
            tolerations: [{ key: "a", operator: "Exists" }],
          },
        },
      },
    },
  });
  return `${path}/d`;
}

function templateOf(deployment: Json) {
  return asObject(getIn(deployment, "spec", "template", "spec"));
}

function patchTemplate(cluster: ContractCluster, path: string, spec: Json): Promise<Json> {
  const body = { spec: { template: { spec } } };
  return send(cluster, "PATCH", path, { body, contentType: strategic });
}

/** See the module. */
export const patchCases: readonly ContractCase[] = [
  {
    name: "a merge patch merges objects, replaces lists and removes by null",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const data = { a: "1", b: "2" };
      await makeConfigMap(cluster, namespace, "a", {
        data,
        metadata: { finalizers: ["x.test/a"] },
      });
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      const patched = await send(cluster, "PATCH", path, {
        body: { data: { a: null, c: "3" }, metadata: { finalizers: ["x.test/b"] } },
      });
      assert.deepEqual(getIn(patched, "data"), { b: "2", c: "3" });
      assert.deepEqual(getIn(patched, "metadata", "finalizers"), ["x.test/b"]);
      await send(cluster, "PATCH", path, { body: { metadata: { finalizers: null } } });
    },
  },
  {
    name: "a JSON patch does all or nothing",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      await makeConfigMap(cluster, namespace, "a", {
        data: { a: "1", x: "2" },
        metadata: { annotations: { "x.test/y": "2" } },
      });
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      const contentType = "application/json-patch+json";
      const patch = (...body: Json[]) => cluster.request("PATCH", path, { body, contentType });
      const done = await patch(
        { op: "test", path: "/data/a", value: "1" },
        { op: "move", from: "/data/a", path: "/data/b" },
        { op: "copy", from: "/data/b", path: "/data/c" },
        { op: "replace", path: "/metadata/annotations/x.test~1y", value: "3" },
        { op: "add", path: "/metadata/labels", value: { l: "m" } },
      );
      assert.equal(done.status, 200);
      assert.deepEqual(getIn(done.body, "data"), { b: "1", c: "1", x: "2" });
      assert.deepEqual(getIn(done.body, "metadata", "annotations"), { "x.test/y": "3" });
      const failed = await patch(
        { op: "add", path: "/data/d", value: "4" },
        { op: "test", path: "/data/b", value: "other" },
      );
      assertRefused(failed, 422, "Invalid");
      assertRefused(await patch({ op: "remove", path: "/data/none" }), 422, "Invalid");
      const left = await send(cluster, "GET", path);
      assert.deepEqual(getIn(left, "data"), { b: "1", c: "1", x: "2" });
    },
  },
  {
    name: "a strategic merge patch merges containers, ports and variables by key",
    async run(cluster) {
      const path = await makeDeployment(cluster);
      const patched = await patchTemplate(cluster, path, {
        containers: [{
          name: "one",
          image: "registry.test/one:2",
          env: [{ name: "B", value: "3" }, { name: "C", value: "4" }],
          ports: [{ containerPort: 81 }],
        }],
        tolerations: [{ key: "b", operator: "Exists" }],
      });
      const { containers, tolerations } = templateOf(patched);
      const [one, two] = asArray(containers);
      assert.equal(textAt(one, "image"), "registry.test/one:2");
      assert.equal(textAt(two, "image"), "registry.test/two:1");
      const variables = asArray(getIn(one, "env")).map((each) =>
        `${textAt(each, "name")}${textAt(each, "value")}`
      );
      assert.deepEqual(variables.toSorted(), ["A1", "B3", "C4"]);
      const ports = asArray(getIn(one, "ports")).map((each) => getIn(each, "containerPort"));
      assert.deepEqual(ports.toSorted(), [80, 81]);
      assert.deepEqual(tolerations, [{ key: "b", operator: "Exists" }]);
    },
  },
  {
    name: "a strategic merge patch deletes, replaces and orders on demand",
    async run(cluster) {
      const path = await makeDeployment(cluster);
      const ordered = await patchTemplate(cluster, path, {
        "$setElementOrder/containers": [{ name: "three" }, { name: "two" }],
        containers: [
          { name: "three", image: "registry.test/three:1" },
          { name: "one", $patch: "delete" },
        ],
      });
      const names = (list: Json | undefined) => asArray(list).map((each) => textAt(each, "name"));
      assert.deepEqual(names(templateOf(ordered).containers), ["three", "two"]);
      const replaced = await patchTemplate(cluster, path, {
        containers: [{ $patch: "replace" }, { name: "four", image: "registry.test/four:1" }],
      });
      assert.deepEqual(names(templateOf(replaced).containers), ["four"]);
    },
  },
  {
    name: "a strategic merge patch merges conditions by type",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/pods`;
      await send(cluster, "POST", path, { body: podBody("p", { schedulerName: "nobody" }) });
      const set = (type: string, status: string) =>
        send(cluster, "PATCH", `${path}/p/status`, {
          contentType: strategic,
          body: { status: { conditions: [{ type, status }] } },
        });
      await set("A", "True");
      await set("B", "True");
      const patched = await set("A", "False");
      const conditions = asArray(getIn(patched, "status", "conditions")).map((one) =>
        `${textAt(one, "type")}=${textAt(one, "status")}`
      );
      assert.deepEqual(conditions.toSorted(), ["A=False", "B=True"]);
    },
  },
  {
    name: "finalizers are merged as a set",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      await makeConfigMap(cluster, namespace, "a", { metadata: { finalizers: ["x.test/a"] } });
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      const patch = (metadata: Json) =>
        send(cluster, "PATCH", path, { body: { metadata }, contentType: strategic });
      const added = await patch({ finalizers: ["x.test/b"] });
      const finalizers = (object: Json) =>
        asArray(getIn(object, "metadata", "finalizers")).toSorted();
      assert.deepEqual(finalizers(added), ["x.test/a", "x.test/b"]);
      const taken = await patch({ "$deleteFromPrimitiveList/finalizers": ["x.test/a"] });
      assert.deepEqual(finalizers(taken), ["x.test/b"]);
      await patch({ finalizers: null });
    },
  },
  {
    name: "taints of a node are replaced as a whole",
    async run(cluster) {
      const name = cluster.unique("node");
      await send(cluster, "POST", "/api/v1/nodes", {
        body: { metadata: { name }, spec: { taints: [{ key: "a", effect: "NoSchedule" }] } },
      });
      const patched = await send(cluster, "PATCH", `/api/v1/nodes/${name}`, {
        contentType: strategic,
        body: { spec: { taints: [{ key: "b", effect: "NoSchedule" }] } },
      });
      assert.deepEqual(getIn(patched, "spec", "taints"), [{ key: "b", effect: "NoSchedule" }]);
      await send(cluster, "DELETE", `/api/v1/nodes/${name}`);
    },
  },
  {
    name: "an unknown kind of patch is refused",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      await makeConfigMap(cluster, namespace, "a");
      const answer = await cluster.request(
        "PATCH",
        `/api/v1/namespaces/${namespace}/configmaps/a`,
        {
          body: {},
          contentType: "application/unknown-patch",
        },
      );
      assertRefused(answer, 415, "UnsupportedMediaType");
    },
  },
];
