/**
 * Watches.
 *
 * @module
 */

import assert from "node:assert/strict";
import { getIn } from "../../sim/api_server/json.ts";
import type { ContractCase } from "./cluster.ts";
import { defineWidgets } from "./widget.ts";
import { eventually, makeConfigMap, makeNamespace, nextEvent, send, textAt } from "./steps.ts";

/** See the module. */
export const watchCases: readonly ContractCase[] = [
  {
    name: "a watch goes on where a list ended",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/secrets`;
      const list = await send(cluster, "GET", path);
      await send(cluster, "POST", path, { body: { metadata: { name: "a" } } });
      const resourceVersion = textAt(list, "metadata", "resourceVersion");
      await using watch = await cluster.watch(path, { resourceVersion });
      const added = await nextEvent(cluster, watch);
      assert.equal(added.type, "ADDED");
      assert.equal(textAt(added.object, "metadata", "name"), "a");
      assert.equal(getIn(added.object, "kind"), "Secret");
      const body = { metadata: { labels: { x: "y" } } };
      const patched = await send(cluster, "PATCH", `${path}/a`, { body });
      const modified = await nextEvent(cluster, watch);
      assert.equal(modified.type, "MODIFIED");
      assert.equal(
        getIn(modified.object, "metadata", "resourceVersion"),
        getIn(patched, "metadata", "resourceVersion"),
      );
      await send(cluster, "DELETE", `${path}/a`);
      const deleted = await nextEvent(cluster, watch);
      assert.equal(deleted.type, "DELETED");
      const versionOf = (object: typeof patched) =>
        Number(textAt(object, "metadata", "resourceVersion"));
      assert.ok(versionOf(deleted.object) > versionOf(patched), "a deletion has its own version");
    },
  },
  {
    name: "a watch without a version begins with what is there",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/secrets`;
      await send(cluster, "POST", path, { body: { metadata: { name: "a" } } });
      await using watch = await cluster.watch(path);
      const event = await nextEvent(cluster, watch);
      assert.equal(event.type, "ADDED");
      assert.equal(textAt(event.object, "metadata", "name"), "a");
    },
  },
  {
    name: "initial events end with a bookmark",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/secrets`;
      await send(cluster, "POST", path, { body: { metadata: { name: "a" } } });
      await using watch = await cluster.watch(path, {
        sendInitialEvents: "true",
        resourceVersionMatch: "NotOlderThan",
        allowWatchBookmarks: "true",
      });
      const first = await nextEvent(cluster, watch, { bookmarks: true });
      assert.equal(textAt(first.object, "metadata", "name"), "a");
      const bookmark = await nextEvent(cluster, watch, { bookmarks: true });
      assert.equal(bookmark.type, "BOOKMARK");
      assert.equal(getIn(bookmark.object, "kind"), "Secret");
      assert.equal(
        textAt(bookmark.object, "metadata", "annotations", "k8s.io/initial-events-end"),
        "true",
      );
      assert.match(textAt(bookmark.object, "metadata", "resourceVersion"), /^\d+$/);
    },
  },
  {
    name: "objects enter and leave a selection",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      await makeConfigMap(cluster, namespace, "a", { data: { k: "v" } });
      const list = await send(cluster, "GET", path, { query: { labelSelector: "in=yes" } });
      const resourceVersion = textAt(list, "metadata", "resourceVersion");
      await using watch = await cluster.watch(path, { resourceVersion, labelSelector: "in=yes" });
      const label = (value: string | null) =>
        send(cluster, "PATCH", `${path}/a`, { body: { metadata: { labels: { in: value } } } });
      await label("yes");
      assert.equal((await nextEvent(cluster, watch)).type, "ADDED");
      const left = await label(null);
      const gone = await nextEvent(cluster, watch);
      assert.equal(gone.type, "DELETED");
      assert.equal(textAt(gone.object, "metadata", "labels", "in"), "yes");
      assert.equal(
        getIn(gone.object, "metadata", "resourceVersion"),
        getIn(left, "metadata", "resourceVersion"),
      );
    },
  },
  {
    name: "a version from long ago is gone",
    async run(cluster) {
      // What is served only now knows nothing of the beginning.
      const kind = await defineWidgets(cluster);
      cluster.compact();
      await using watch = await cluster.watch(kind.path, { resourceVersion: "1" });
      const event = await nextEvent(cluster, watch);
      assert.equal(event.type, "ERROR");
      assert.equal(getIn(event.object, "code"), 410);
      assert.equal(getIn(event.object, "reason"), "Expired");
      assert.match(textAt(event.object, "message"), /^too old resource version: 1 \(\d+\)$/);
    },
  },
  {
    name: "a watch ends when its time is up",
    async run(cluster) {
      await using watch = await cluster.watch("/api/v1/namespaces", {
        timeoutSeconds: "1",
        resourceVersion: textAt(
          await send(cluster, "GET", "/api/v1/namespaces"),
          "metadata",
          "resourceVersion",
        ),
      });
      await eventually(cluster, "the end of the watch", () => {
        for (;;) {
          const event = watch.poll();
          if (event === undefined || event === "ended") return event;
        }
      });
    },
  },
  {
    name: "one object is watched by name",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/api/v1/namespaces/${namespace}/secrets`;
      await send(cluster, "POST", path, { body: { metadata: { name: "a" } } });
      await send(cluster, "POST", path, { body: { metadata: { name: "b" } } });
      await using watch = await cluster.watch(path, { fieldSelector: "metadata.name=b" });
      const event = await nextEvent(cluster, watch);
      assert.equal(textAt(event.object, "metadata", "name"), "b");
    },
  },
];
