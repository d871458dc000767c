/**
 * Objects: creation, replacement, optimistic locks, deletion.
 *
 * @module
 */

import assert from "node:assert/strict";
import { asObject, getIn } from "../../sim/api_server/json.ts";
import type { ContractCase } from "./cluster.ts";
import { assertRefused, makeConfigMap, makeNamespace, namesOf, send, textAt } from "./steps.ts";

/** See the module. */
export const objectCases: readonly ContractCase[] = [
  {
    name: "a new object gets uid, time and version, and no generation without a spec",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const made = await makeConfigMap(cluster, namespace, "a", { data: { k: "v" } });
      assert.match(textAt(made, "metadata", "uid"), /^[0-9a-f-]{36}$/);
      assert.match(textAt(made, "metadata", "creationTimestamp"), /^\d{4}-.*T.*:\d\dZ$/);
      assert.match(textAt(made, "metadata", "resourceVersion"), /^\d+$/);
      assert.equal(getIn(made, "metadata", "generation"), undefined);
      assert.equal(getIn(made, "metadata", "namespace"), namespace);
      assert.equal(getIn(made, "kind"), "ConfigMap");
      assert.equal(getIn(made, "apiVersion"), "v1");
    },
  },
  {
    name: "a name is taken once",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      await makeConfigMap(cluster, namespace, "a");
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      const again = await cluster.request("POST", path, { body: { metadata: { name: "a" } } });
      assertRefused(again, 409, "AlreadyExists", `configmaps "a" already exists`);
      assert.deepEqual(getIn(again.body, "details"), { name: "a", kind: "configmaps" });
    },
  },
  {
    name: "generateName makes names that differ",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      const body = { metadata: { generateName: "pre-" } };
      const one = textAt(await send(cluster, "POST", path, { body }), "metadata", "name");
      const two = textAt(await send(cluster, "POST", path, { body }), "metadata", "name");
      assert.match(one, /^pre-[a-z0-9]{5}$/);
      assert.notEqual(one, two);
    },
  },
  {
    name: "what is not there is not found",
    async run(cluster) {
      const path = "/api/v1/namespaces/default/configmaps/no-such-thing";
      const missing = await cluster.request("GET", path);
      assertRefused(missing, 404, "NotFound", `configmaps "no-such-thing" not found`);
      const details = { name: "no-such-thing", kind: "configmaps" };
      assert.deepEqual(getIn(missing.body, "details"), details);
      const deleted = await cluster.request("DELETE", path);
      assertRefused(deleted, 404, "NotFound");
    },
  },
  {
    name: "nothing is created in a namespace that is not there",
    async run(cluster) {
      const path = "/api/v1/namespaces/no-such-namespace/configmaps";
      const answer = await cluster.request("POST", path, { body: { metadata: { name: "a" } } });
      assertRefused(answer, 404, "NotFound", `namespaces "no-such-namespace" not found`);
    },
  },
  {
    name: "a wrong name is refused with the field",
    async run(cluster) {
      const path = "/api/v1/namespaces/default/configmaps";
      const answer = await cluster.request("POST", path, { body: { metadata: { name: "A_b" } } });
      assertRefused(answer, 422, "Invalid", /^ConfigMap "A_b" is invalid: metadata\.name: /);
      const [cause] = [getIn(answer.body, "details", "causes")].flat();
      assert.equal(getIn(cause ?? null, "field"), "metadata.name");
      assert.equal(getIn(cause ?? null, "reason"), "FieldValueInvalid");
    },
  },
  {
    name: "a wrong label is refused",
    async run(cluster) {
      const path = "/api/v1/namespaces/default/configmaps";
      const metadata = { name: "a", labels: { "a/b/c": "x", d: "not ok!" } };
      const answer = await cluster.request("POST", path, { body: { metadata } });
      assertRefused(answer, 422, "Invalid", /metadata\.labels: Invalid value: "not ok!"/);
    },
  },
  {
    name: "a stale version loses",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const first = asObject(await makeConfigMap(cluster, namespace, "a", { data: { k: "1" } }));
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      await send(cluster, "PUT", path, { body: { ...first, data: { k: "2" } } });
      const stale = await cluster.request("PUT", path, { body: { ...first, data: { k: "3" } } });
      assertRefused(
        stale,
        409,
        "Conflict",
        `Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply` +
          " your changes to the latest version and try again",
      );
      const { resourceVersion } = asObject(first.metadata);
      const patch = { metadata: { resourceVersion: resourceVersion ?? null }, data: { k: "4" } };
      assertRefused(await cluster.request("PATCH", path, { body: patch }), 409, "Conflict");
      assert.equal(textAt(await send(cluster, "GET", path), "data", "k"), "2");
    },
  },
  {
    name: "without a version the last write wins, where the kind allows it",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      await makeConfigMap(cluster, namespace, "a");
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      const body = { metadata: { name: "a" }, data: { k: "2" } };
      assert.equal(textAt(await send(cluster, "PUT", path, { body }), "data", "k"), "2");
      const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
      const lease = { metadata: { name: "a" }, spec: { holderIdentity: "x" } };
      await send(cluster, "POST", leases, { body: lease });
      const refused = await cluster.request("PUT", `${leases}/a`, { body: lease });
      assertRefused(refused, 422, "Invalid", /metadata\.resourceVersion: .*must be specified/);
    },
  },
  {
    name: "another object of the same name is not overwritten",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      await makeConfigMap(cluster, namespace, "a");
      const uid = "00000000-0000-4000-8000-000000000000";
      const answer = await cluster.request("PUT", `/api/v1/namespaces/${namespace}/configmaps/a`, {
        body: { metadata: { name: "a", uid } },
      });
      assertRefused(answer, 409, "Conflict", /Precondition failed: UID in precondition/);
    },
  },
  {
    name: "a write that changes nothing makes no version",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const made = asObject(await makeConfigMap(cluster, namespace, "a", { data: { k: "v" } }));
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      const put = await send(cluster, "PUT", path, { body: made });
      const patched = await send(cluster, "PATCH", path, { body: { data: { k: "v" } } });
      const version = getIn(made, "metadata", "resourceVersion");
      assert.equal(getIn(put, "metadata", "resourceVersion"), version);
      assert.equal(getIn(patched, "metadata", "resourceVersion"), version);
    },
  },
  {
    name: "a dry run answers and stores nothing",
    async run(cluster) {
      const path = "/api/v1/namespaces/default/configmaps";
      const name = cluster.unique("dry");
      const query = { dryRun: "All" };
      const made = await send(cluster, "POST", path, { query, body: { metadata: { name } } });
      assert.match(textAt(made, "metadata", "uid"), /^[0-9a-f-]{36}$/);
      assert.equal((await cluster.request("GET", `${path}/${name}`)).status, 404);
    },
  },
  {
    name: "body and path must agree",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      await makeConfigMap(cluster, namespace, "a");
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      const named = { body: { metadata: { name: "b" } } };
      assertRefused(await cluster.request("PUT", `${path}/a`, named), 400, "BadRequest");
      const placed = { body: { metadata: { name: "b", namespace: "default" } } };
      assertRefused(await cluster.request("POST", path, placed), 400, "BadRequest");
      const other = { body: { apiVersion: "v1", kind: "Secret", metadata: { name: "b" } } };
      assertRefused(await cluster.request("POST", path, other), 400, "BadRequest");
    },
  },
  {
    name: "a collection is deleted by selector",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      for (const [name, color] of [["a", "red"], ["b", "red"], ["c", "blue"]] as const) {
        await makeConfigMap(cluster, namespace, name, { metadata: { labels: { color } } });
      }
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      await send(cluster, "DELETE", path, { query: { labelSelector: "color=red" } });
      const left = namesOf(await send(cluster, "GET", path, { query: { labelSelector: "color" } }));
      assert.deepEqual(left, ["c"]);
    },
  },
];
