/**
 * Tables, discovery, OpenAPI.
 *
 * @module
 */

import assert from "node:assert/strict";
import { asArray, asObject, getIn, type Json } from "../../sim/api_server/json.ts";
import type { ContractCase } from "./cluster.ts";
import {
  assertRefused,
  eventually,
  makeConfigMap,
  makeNamespace,
  nextEvent,
  podBody,
  send,
  textAt,
} from "./steps.ts";
import { defineWidgets, makeWidget } from "./widget.ts";

const asTable = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
const asAggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

function columnsOf(table: Json): readonly string[] {
  return asArray(getIn(table, "columnDefinitions")).map((column) => {
    const wide = getIn(column, "priority") === 0 ? "" : " (wide)";
    return `${textAt(column, "name")}: ${textAt(column, "type")}${wide}`;
  });
}

function cellsOf(table: Json): readonly Json[] {
  return asArray(getIn(asArray(getIn(table, "rows"))[0], "cells"));
}

/** Columns that people know by heart. */
const builtInColumns = {
  "/api/v1/pods": [
    "Name: string",
    "Ready: string",
    "Status: string",
    "Restarts: string",
    "Age: string",
    "IP: string (wide)",
    "Node: string (wide)",
    "Nominated Node: string (wide)",
    "Readiness Gates: string (wide)",
  ],
  "/api/v1/nodes": [
    "Name: string",
    "Status: string",
    "Roles: string",
    "Age: string",
    "Version: string",
    "Internal-IP: string (wide)",
    "External-IP: string (wide)",
    "OS-Image: string (wide)",
    "Kernel-Version: string (wide)",
    "Container-Runtime: string (wide)",
  ],
  "/api/v1/events": [
    "Last Seen: string",
    "Type: string",
    "Reason: string",
    "Object: string",
    "Subobject: string (wide)",
    "Source: string (wide)",
    "Message: string",
    "First Seen: string (wide)",
    "Count: string (wide)",
    "Name: string (wide)",
  ],
  "/api/v1/secrets": ["Name: string", "Type: string", "Data: string", "Age: string"],
  "/apis/policy/v1/poddisruptionbudgets": [
    "Name: string",
    "Min Available: string",
    "Max Unavailable: string",
    "Allowed Disruptions: integer",
    "Age: string",
  ],
  "/apis/certificates.k8s.io/v1/certificatesigningrequests": [
    "Name: string",
    "Age: string",
    "SignerName: string",
    "Requestor: string",
    "RequestedDuration: string",
    "Condition: string",
  ],
};

/** See the module. */
export const tableCases: readonly ContractCase[] = [
  {
    name: "built-in kinds have the columns that people know",
    async run(cluster) {
      for (const [path, expected] of Object.entries(builtInColumns)) {
        const table = await send(cluster, "GET", path, { accept: asTable });
        assert.equal(getIn(table, "kind"), "Table");
        assert.deepEqual(columnsOf(table), expected, path);
      }
    },
  },
  {
    name: "a pod's row says how it is",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      await send(cluster, "POST", pods, { body: podBody("p", { nodeName: "some-node" }) });
      const cells = async () =>
        cellsOf(await send(cluster, "GET", `${pods}/p`, { accept: asTable })).toSpliced(4, 1);
      const rest = ["some-node", "<none>", "<none>"];
      assert.deepEqual(await cells(), ["p", "0/1", "Pending", "0", "<none>", ...rest]);
      await send(cluster, "PATCH", `${pods}/p/status`, {
        body: {
          status: {
            phase: "Running",
            podIP: "10.0.0.9",
            podIPs: [{ ip: "10.0.0.9" }],
            containerStatuses: [{
              name: "main",
              ready: true,
              restartCount: 2,
              image: "registry.test/app:1",
              imageID: "",
              state: { running: {} },
            }],
          },
        },
      });
      assert.deepEqual(await cells(), ["p", "1/1", "Running", "2", "10.0.0.9", ...rest]);
      await send(cluster, "DELETE", `${pods}/p`);
      assert.equal((await cells())[2], "Terminating");
      await send(cluster, "DELETE", `${pods}/p`, { body: { gracePeriodSeconds: 0 } });
    },
  },
  {
    name: "custom columns read their paths",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await makeWidget(cluster, kind, "a", { count: 7, tags: ["t", "u"] });
      const status = {
        conditions: [{ type: "Other", status: "X" }, { type: "Ready", status: "True" }],
      };
      await send(cluster, "PATCH", `${kind.path}/a/status`, { body: { status } });
      const table = await send(cluster, "GET", kind.path, { accept: asTable });
      assert.deepEqual(columnsOf(table), [
        "Name: string",
        "Size: string",
        "Ready: string",
        "Count: integer (wide)",
        "Tags: string (wide)",
        "Age: date",
      ]);
      // Of several values, the first is shown.
      assert.deepEqual(cellsOf(table).slice(0, 5), ["a", "small", "True", 7, "t"]);
      assert.match(String(cellsOf(table)[5]), /^\d+[smh]/);
      const [row] = asArray(getIn(table, "rows"));
      assert.equal(textAt(row, "object", "kind"), "PartialObjectMetadata");
      await makeWidget(cluster, kind, "b");
      const second = asArray(
        getIn(await send(cluster, "GET", kind.path, { accept: asTable }), "rows"),
      )[1];
      assert.equal(asArray(getIn(second, "cells"))[2], null);
    },
  },
  {
    name: "a watch can show tables, with the columns once",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/secrets`;
      for (const name of ["a", "b"]) {
        await send(cluster, "POST", path, { body: { metadata: { name } } });
      }
      await using watch = await cluster.watch(path, {}, asTable);
      const first = await nextEvent(cluster, watch);
      assert.equal(getIn(first.object, "kind"), "Table");
      assert.equal(columnsOf(first.object).length, 4);
      const second = await nextEvent(cluster, watch);
      assert.deepEqual(columnsOf(second.object), []);
      assert.equal(cellsOf(second.object)[0], "b");
    },
  },
  {
    name: "metadata alone can be asked for",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      await makeConfigMap(cluster, namespace, "a", { data: { k: "v" } });
      const accept = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      const list = await send(cluster, "GET", path, { accept });
      assert.equal(getIn(list, "kind"), "PartialObjectMetadataList");
      const items = asArray(getIn(list, "items"));
      assert.ok(items.every((item) => getIn(item, "data") === undefined));
      const wrong = await cluster.request("GET", path, { accept: "text/html" });
      assertRefused(wrong, 406, "NotAcceptable");
    },
  },
  {
    name: "discovery lists what is served, in both forms",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const aggregated = await eventually(cluster, "discovery knows widgets", async () => {
        const all = await send(cluster, "GET", "/apis", { accept: asAggregated });
        return asArray(getIn(all, "items")).find((item) =>
          textAt(item, "metadata", "name") === kind.group
        );
      });
      const [version] = asArray(getIn(aggregated, "versions"));
      const [resource] = asArray(getIn(version, "resources")).map(asObject);
      assert.equal(resource?.resource, "widgets");
      assert.equal(resource?.scope, "Cluster");
      assert.equal(resource?.singularResource, "widget");
      assert.deepEqual(resource?.shortNames, ["wd"]);
      assert.deepEqual(resource?.categories, ["toys"]);
      const [status] = asArray(resource?.subresources).map(asObject);
      assert.equal(status?.subresource, "status");
      const legacy = await eventually(cluster, "the group is listed", async () => {
        const answer = await cluster.request("GET", `/apis/${kind.group}/v1`);
        return answer.status === 200 ? answer.body : undefined;
      });
      const names = asArray(getIn(legacy, "resources")).map((one) => textAt(one, "name"));
      assert.deepEqual(names, ["widgets", "widgets/status"]);
      const core = await send(cluster, "GET", "/api/v1");
      const pods = asArray(getIn(core, "resources")).map(asObject).filter((one) =>
        String(one.name).startsWith("pods")
      ).map((one) => String(one.name));
      for (const name of ["pods", "pods/binding", "pods/eviction", "pods/status"]) {
        assert.ok(pods.includes(name), name);
      }
    },
  },
  {
    name: "OpenAPI describes custom kinds",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const path = await eventually(cluster, "the document is listed", async () => {
        const index = await send(cluster, "GET", "/openapi/v3");
        return textAt(index, "paths", `apis/${kind.group}/v1`, "serverRelativeURL") || undefined;
      });
      const document = await eventually(cluster, "the document is there", async () => {
        const answer = await cluster.request("GET", path);
        return answer.status === 200 ? answer.body : undefined;
      });
      const schemas = Object.values(asObject(getIn(document, "components", "schemas")));
      const widget = schemas.find((schema) =>
        asArray(getIn(schema, "x-kubernetes-group-version-kind")).some((one) =>
          textAt(one, "kind") === "Widget"
        )
      );
      const size = getIn(widget, "properties", "spec", "properties", "size");
      assert.equal(textAt(size, "description"), "How big it is");
    },
  },
  {
    name: "paths that are not there are not found",
    async run(cluster) {
      for (const path of ["/apis/no.such.group/v1/things", "/nowhere"]) {
        const answer = await cluster.request("GET", path);
        assert.equal(answer.status, 404, path);
        assert.equal(answer.body, "404 page not found\n", path);
      }
      for (const path of ["/api/v1/nothings", "/apis/apps/v9/things"]) {
        const message = "the server could not find the requested resource";
        assertRefused(await cluster.request("GET", path), 404, "NotFound", message);
      }
    },
  },
];
