import assert from "node:assert/strict";
import { configMaps, nodes } from "../../kube/resource.ts";
import {
  configMap,
  createScriptedKube,
  list,
  status,
  toPathAndQuery,
} from "../support/kube_scripted.ts";

Deno.test("listPages() reads all pages and keeps the selection on each", async () => {
  const pages = [
    list([configMap("a", "1"), configMap("b", "2")], "9", "next/1"),
    list([configMap("c", "3")], "9"),
  ];
  const { kube, requests } = createScriptedKube(() => pages.shift() ?? status(500, "Over"));
  const found = await kube.list(configMaps, {
    namespace: "ns",
    labelSelector: "a=b",
    fieldSelector: "metadata.name!=x",
  });
  assert.deepEqual(found.items.map((item) => item.metadata.name), ["a", "b", "c"]);
  assert.deepEqual(found.metadata, { resourceVersion: "9" });
  const base = "/api/v1/namespaces/ns/configmaps?labelSelector=a=b&fieldSelector=metadata.name!=x";
  assert.deepEqual(requests.map(toPathAndQuery), [
    `${base}&limit=500`,
    `${base}&limit=500&continue=next/1`,
  ]);
});

Deno.test("listPages() reads everything in one piece when a page has expired", async () => {
  const answers = [
    list([configMap("a", "1")], "9", "c1"),
    status(410, "Expired"),
    list([configMap("b", "11")], "12"),
  ];
  const { kube, requests } = createScriptedKube(() => answers.shift() ?? status(500, "Over"));
  const found = await kube.list(configMaps);
  assert.deepEqual(found.items.map((item) => item.metadata.name), ["b"]);
  assert.equal(found.metadata.resourceVersion, "12");
  assert.equal(toPathAndQuery(requests[2] ?? new Request("http://x")), "/api/v1/configmaps");
});

Deno.test("listPages() is an error when a later page fails, never a partial list", async () => {
  const answers = [list([configMap("a", "1")], "9", "c1"), status(500, "InternalError")];
  const { kube } = createScriptedKube(() => answers.shift() ?? status(500, "InternalError"));
  await assert.rejects(kube.list(nodes), { code: 500 });
});

Deno.test("listPages() stops between pages when told", async () => {
  const stop = new AbortController();
  const { kube, requests } = createScriptedKube(() => {
    stop.abort(new Error("enough"));
    return list([configMap("a", "1")], "9", "c1");
  });
  await assert.rejects(kube.list(configMaps, { signal: stop.signal }), { message: "enough" });
  assert.equal(requests.length, 1);
});
