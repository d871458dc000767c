/**
 * Lists: pages, selectors, versions.
 *
 * @module
 */

import assert from "node:assert/strict";
import { asArray, getIn } from "../../sim/api_server/json.ts";
import type { ContractCase } from "./cluster.ts";
import {
  assertRefused,
  makeConfigMap,
  makeNamespace,
  namesOf,
  podBody,
  send,
  textAt,
} from "./steps.ts";

/** See the module. */
export const listCases: readonly ContractCase[] = [
  {
    name: "pages show one moment, whatever happens between them",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/secrets`;
      const make = (name: string) => send(cluster, "POST", path, { body: { metadata: { name } } });
      for (const name of ["a", "c", "e"]) await make(name);
      const first = await send(cluster, "GET", path, { query: { limit: "2" } });
      assert.deepEqual(namesOf(first), ["a", "c"]);
      assert.equal(getIn(first, "metadata", "remainingItemCount"), 1);
      await make("d");
      await send(cluster, "DELETE", `${path}/e`);
      const next = { limit: "2", continue: textAt(first, "metadata", "continue") };
      const second = await send(cluster, "GET", path, { query: next });
      assert.deepEqual(namesOf(second), ["e"]);
      assert.equal(getIn(second, "metadata", "continue"), undefined);
      assert.equal(
        getIn(second, "metadata", "resourceVersion"),
        getIn(first, "metadata", "resourceVersion"),
      );
      assert.deepEqual(namesOf(await send(cluster, "GET", path)), ["a", "c", "d"]);
    },
  },
  {
    name: "labels select",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      const labels = {
        a: { tier: "x", env: "dev" },
        b: { tier: "y" },
        c: { env: "prod", mine: "1" },
      };
      for (const [name, own] of Object.entries(labels)) {
        await makeConfigMap(cluster, namespace, name, {
          metadata: { labels: { ...own, mine: "1" } },
        });
      }
      const select = async (labelSelector: string) =>
        namesOf(
          await send(cluster, "GET", path, { query: { labelSelector: `mine,${labelSelector}` } }),
        ).join("");
      assert.equal(await select("tier=x"), "a");
      assert.equal(await select("tier!=x"), "bc");
      assert.equal(await select("tier in (x, y)"), "ab");
      assert.equal(await select("tier notin (x)"), "bc");
      assert.equal(await select("env"), "ac");
      assert.equal(await select("!env"), "b");
      assert.equal(await select("env==prod,!tier"), "c");
      const wrong = await cluster.request("GET", path, { query: { labelSelector: "a=(" } });
      assertRefused(wrong, 400, "BadRequest");
    },
  },
  {
    name: "fields select",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      await send(cluster, "POST", pods, { body: podBody("bound", { nodeName: "some-node" }) });
      await send(cluster, "POST", pods, { body: podBody("free", { schedulerName: "nobody" }) });
      const select = async (path: string, fieldSelector: string) =>
        namesOf(await send(cluster, "GET", path, { query: { fieldSelector } })).join();
      assert.equal(await select(pods, "spec.nodeName=some-node"), "bound");
      assert.equal(await select(pods, "spec.nodeName="), "free");
      assert.equal(await select(pods, "metadata.name=free,status.phase=Pending"), "free");
      assert.equal(await select(pods, "status.phase!=Pending"), "");
      const wrong = await cluster.request("GET", pods, { query: { fieldSelector: "spec.x=y" } });
      assertRefused(wrong, 400, "BadRequest", /field label not supported/);
      const events = `/api/v1/namespaces/${namespace}/events`;
      const event = (name: string, type: string, involved: string) => ({
        metadata: { name },
        involvedObject: { kind: "Pod", namespace, name: involved },
        reason: "Tested",
        message: "for the test",
        type,
      });
      await send(cluster, "POST", events, { body: event("e1", "Normal", "bound") });
      await send(cluster, "POST", events, { body: event("e2", "Warning", "free") });
      const tested = "reason=Tested";
      assert.equal(await select(events, `${tested},involvedObject.name=bound`), "e1");
      assert.equal(await select(events, `${tested},type=Warning`), "e2");
      const secrets = `/api/v1/namespaces/${namespace}/secrets`;
      await send(cluster, "POST", secrets, { body: { metadata: { name: "s" }, type: "x.test/y" } });
      assert.equal(await select(secrets, "type=x.test/y"), "s");
    },
  },
  {
    name: "items of built-in lists do not repeat their kind",
    async run(cluster) {
      const list = await send(cluster, "GET", "/api/v1/namespaces");
      assert.equal(getIn(list, "kind"), "NamespaceList");
      const [first] = asArray(getIn(list, "items"));
      assert.equal(getIn(first, "kind"), undefined);
      assert.equal(getIn(first, "apiVersion"), undefined);
    },
  },
  {
    name: "a list of a future version waits for it in vain",
    async run(cluster) {
      const now = await send(cluster, "GET", "/api/v1/namespaces");
      const future = String(Number(textAt(now, "metadata", "resourceVersion")) + 1_000_000);
      const answer = await cluster.request("GET", "/api/v1/namespaces", {
        query: { resourceVersion: future, resourceVersionMatch: "NotOlderThan" },
      });
      assertRefused(answer, 504, "Timeout", /Too large resource version/);
    },
  },
  {
    name: "all namespaces are listed at once",
    async run(cluster) {
      const one = await makeNamespace(cluster);
      const two = await makeNamespace(cluster);
      const labels = { mark: cluster.unique("mark") };
      for (const namespace of [one, two]) {
        await makeConfigMap(cluster, namespace, "a", { metadata: { labels } });
      }
      const list = await send(cluster, "GET", "/api/v1/configmaps", {
        query: { labelSelector: `mark=${labels.mark}` },
      });
      const places = asArray(getIn(list, "items")).map((item) =>
        textAt(item, "metadata", "namespace")
      );
      assert.deepEqual(places.toSorted(), [one, two].toSorted());
    },
  },
];
