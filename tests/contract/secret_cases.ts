/**
 * Secrets and ConfigMaps.
 *
 * @module
 */

import assert from "node:assert/strict";
import { getIn } from "../../sim/api_server/json.ts";
import type { ContractCase } from "./cluster.ts";
import { assertRefused, makeNamespace, send } from "./steps.ts";

/** See the module. */
export const secretCases: readonly ContractCase[] = [
  {
    name: "plain strings become data, and are not read back",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/secrets`;
      const made = await send(cluster, "POST", path, {
        body: { metadata: { name: "s" }, stringData: { a: "ä" }, data: { a: "eA==", b: "eQ==" } },
      });
      assert.deepEqual(getIn(made, "data"), { a: "w6Q=", b: "eQ==" });
      assert.equal(getIn(made, "stringData"), undefined);
      assert.equal(getIn(made, "type"), "Opaque");
      const patched = await send(cluster, "PATCH", `${path}/s`, {
        body: { stringData: { b: "z" } },
      });
      assert.deepEqual(getIn(patched, "data"), { a: "w6Q=", b: "eg==" });
    },
  },
  {
    name: "a Secret keeps its type",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/secrets`;
      await send(cluster, "POST", path, { body: { metadata: { name: "s" }, type: "x.test/y" } });
      const answer = await cluster.request("PATCH", `${path}/s`, { body: { type: "x.test/z" } });
      assertRefused(
        answer,
        422,
        "Invalid",
        /type: Invalid value: "x\.test\/z": field is immutable/,
      );
    },
  },
  {
    name: "what is marked immutable stays as it is",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      for (const plural of ["secrets", "configmaps"]) {
        const path = `/api/v1/namespaces/${namespace}/${plural}`;
        const body = { metadata: { name: "s" }, data: { a: "eA==" }, immutable: true };
        await send(cluster, "POST", path, { body });
        const changed = await cluster.request("PATCH", `${path}/s`, {
          body: { data: { a: "eQ==" } },
        });
        assertRefused(changed, 422, "Invalid", /data: Forbidden: field is immutable/);
        const opened = await cluster.request("PATCH", `${path}/s`, { body: { immutable: false } });
        assertRefused(opened, 422, "Invalid", /immutable: Forbidden/);
        await send(cluster, "PATCH", `${path}/s`, { body: { metadata: { labels: { a: "b" } } } });
      }
    },
  },
  {
    name: "keys are checked",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const answer = await cluster.request("POST", `/api/v1/namespaces/${namespace}/secrets`, {
        body: { metadata: { name: "s" }, data: { "a b": "eA==" } },
      });
      assertRefused(answer, 422, "Invalid", /data\[a b\]: Invalid value: "a b"/);
    },
  },
  {
    name: "a value of the wrong type is no object at all",
    async run(cluster) {
      const path = "/api/v1/namespaces/default/configmaps";
      const answer = await cluster.request("POST", path, {
        body: { metadata: { name: "s" }, data: { a: 5 } },
      });
      assertRefused(answer, 400, "BadRequest", /ConfigMap in version "v1" cannot be handled/);
    },
  },
];
