/**
 * Deletion: preconditions, finalizers, owners, namespaces.
 *
 * @module
 */

import assert from "node:assert/strict";
import { asObject, getIn, type Json } from "../../sim/api_server/json.ts";
import type { ContractCase, ContractCluster } from "./cluster.ts";
import { assertRefused, eventually, makeConfigMap, makeNamespace, send, textAt } from "./steps.ts";

function until404(cluster: ContractCluster, path: string): Promise<boolean> {
  return eventually(
    cluster,
    `${path} is gone`,
    async () => (await cluster.request("GET", path)).status === 404 ? true : undefined,
  );
}

/** An owner reference to a ConfigMap. */
function ownedBy(owner: Json, more: Readonly<Record<string, Json>> = {}) {
  const { name, uid } = asObject(getIn(owner, "metadata"));
  return { apiVersion: "v1", kind: "ConfigMap", name: name ?? "", uid: uid ?? "", ...more };
}

/** See the module. */
export const deletionCases: readonly ContractCase[] = [
  {
    name: "a deletion says what it deleted",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const made = await makeConfigMap(cluster, namespace, "a");
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      const deleted = await send(cluster, "DELETE", path);
      assert.equal(getIn(deleted, "kind"), "Status");
      assert.equal(getIn(deleted, "status"), "Success");
      assert.deepEqual(getIn(deleted, "details"), {
        name: "a",
        kind: "configmaps",
        uid: getIn(made, "metadata", "uid"),
      });
      assert.equal((await cluster.request("GET", path)).status, 404);
    },
  },
  {
    name: "a deletion may insist on uid and version",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const made = await makeConfigMap(cluster, namespace, "a");
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      const uid = "00000000-0000-4000-8000-000000000000";
      const wrongUid = { body: { preconditions: { uid } } };
      assertRefused(await cluster.request("DELETE", path, wrongUid), 409, "Conflict", /UID/);
      const wrongVersion = { body: { preconditions: { resourceVersion: "1" } } };
      assertRefused(
        await cluster.request("DELETE", path, wrongVersion),
        409,
        "Conflict",
        /ResourceVersion/,
      );
      const right = {
        uid: textAt(made, "metadata", "uid"),
        resourceVersion: textAt(made, "metadata", "resourceVersion"),
      };
      await send(cluster, "DELETE", path, { body: { preconditions: right } });
    },
  },
  {
    name: "a deletion may be only for show, asked for in the body or in the query",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      await makeConfigMap(cluster, namespace, "a");
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      const options = { apiVersion: "v1", kind: "DeleteOptions", dryRun: ["All"] };
      await send(cluster, "DELETE", path, { body: options });
      await send(cluster, "DELETE", `${path}?dryRun=All`);
      assert.equal((await cluster.request("GET", path)).status, 200);
    },
  },
  {
    name: "a finalizer holds a deleted object, and nobody adds another",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const metadata = { finalizers: ["example.com/hold"] };
      await makeConfigMap(cluster, namespace, "a", { metadata });
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      const deleted = await send(cluster, "DELETE", path);
      assert.equal(getIn(deleted, "kind"), "ConfigMap");
      assert.match(textAt(deleted, "metadata", "deletionTimestamp"), /Z$/);
      assert.equal(getIn(deleted, "metadata", "deletionGracePeriodSeconds"), 0);
      const more = { metadata: { finalizers: ["example.com/hold", "example.com/more"] } };
      assertRefused(
        await cluster.request("PATCH", path, { body: more }),
        422,
        "Invalid",
        /metadata\.finalizers: Forbidden: no new finalizers can be added/,
      );
      await send(cluster, "PATCH", path, { body: { data: { still: "writable" } } });
      const last = await send(cluster, "PATCH", path, { body: { metadata: { finalizers: null } } });
      assert.equal(textAt(last, "data", "still"), "writable");
      assert.equal((await cluster.request("GET", path)).status, 404);
    },
  },
  {
    name: "what an object owns goes after it",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const owner = await makeConfigMap(cluster, namespace, "owner");
      const metadata = { ownerReferences: [ownedBy(owner)] };
      await makeConfigMap(cluster, namespace, "owned", { metadata });
      const base = `/api/v1/namespaces/${namespace}/configmaps`;
      await send(cluster, "DELETE", `${base}/owner`, {
        body: { propagationPolicy: "Background" },
      });
      await until404(cluster, `${base}/owned`);
    },
  },
  {
    name: "in the foreground an object waits for what it owns",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const owner = await makeConfigMap(cluster, namespace, "owner");
      const ownerReferences = [ownedBy(owner, { blockOwnerDeletion: true })];
      const finalizers = ["example.com/hold"];
      await makeConfigMap(cluster, namespace, "owned", {
        metadata: { ownerReferences, finalizers },
      });
      const base = `/api/v1/namespaces/${namespace}/configmaps`;
      const deleted = await send(cluster, "DELETE", `${base}/owner`, {
        body: { propagationPolicy: "Foreground" },
      });
      assert.deepEqual(getIn(deleted, "metadata", "finalizers"), ["foregroundDeletion"]);
      await eventually(
        cluster,
        "the owned object is marked",
        async () =>
          textAt(await send(cluster, "GET", `${base}/owned`), "metadata", "deletionTimestamp") ||
          undefined,
      );
      assert.equal((await cluster.request("GET", `${base}/owner`)).status, 200);
      await send(cluster, "PATCH", `${base}/owned`, { body: { metadata: { finalizers: null } } });
      await until404(cluster, `${base}/owner`);
    },
  },
  {
    name: "orphans stay",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const owner = await makeConfigMap(cluster, namespace, "owner");
      const metadata = { ownerReferences: [ownedBy(owner)] };
      await makeConfigMap(cluster, namespace, "owned", { metadata });
      const base = `/api/v1/namespaces/${namespace}/configmaps`;
      await send(cluster, "DELETE", `${base}/owner`, { body: { propagationPolicy: "Orphan" } });
      await until404(cluster, `${base}/owner`);
      const left = await send(cluster, "GET", `${base}/owned`);
      assert.deepEqual(getIn(left, "metadata", "ownerReferences") ?? [], []);
    },
  },
  {
    name: "a namespace goes with all that is in it, and takes nothing new",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}`;
      const metadata = { finalizers: ["example.com/hold"] };
      await makeConfigMap(cluster, namespace, "held", { metadata });
      await makeConfigMap(cluster, namespace, "free");
      const deleted = await send(cluster, "DELETE", path);
      assert.equal(textAt(deleted, "status", "phase"), "Terminating");
      const late = await cluster.request("POST", `${path}/configmaps`, {
        body: { metadata: { name: "late" } },
      });
      assertRefused(late, 403, "Forbidden", /because it is being terminated/);
      await until404(cluster, `${path}/configmaps/free`);
      assert.equal((await cluster.request("GET", path)).status, 200);
      await send(cluster, "PATCH", `${path}/configmaps/held`, {
        body: { metadata: { finalizers: null } },
      });
      await until404(cluster, path);
    },
  },
];
